"""Names the installed distributions that none of the given ones needs: ``unneeded.py zoneportal-catalog uvloop``."""

import sys
from collections.abc import Iterator
from importlib.metadata import distribution, distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def main(roots: list[str]) -> None:
    needed: set[tuple[str, str]] = set()
    waiting = [each for root in roots for each in _named(Requirement(root))]
    while waiting:
        if (each := waiting.pop()) not in needed:
            needed.add(each)
            waiting += _needs(*each)
    kept = {name for name, _ in needed}
    sys.stdout.writelines(f"{each.name}\n" for each in distributions() if canonicalize_name(each.name) not in kept)


def _named(requirement: Requirement) -> Iterator[tuple[str, str]]:
    """A distribution as it is, and with each extra."""
    yield from ((canonicalize_name(requirement.name), extra) for extra in ("", *requirement.extras))


def _needs(name: str, extra: str) -> Iterator[tuple[str, str]]:
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield from _named(requirement)


if __name__ == "__main__":
    main(sys.argv[1:])
