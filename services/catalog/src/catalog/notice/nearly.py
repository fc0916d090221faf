"""Units that are nearly but not quite a known one: likely misreadings."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

SHORTEST, LONG, LONGEST = 3, 10, 40
LEVELS = "省市县区"
NUMERALS = "一二三四五六七八九十0123456789"
# the same name written in another way
VARIANTS = str.maketrans({"（": "〔", "(": "〔", "）": "〕", ")": "〕", "和": None, "与": None, "及": None})
# characters that so many cities share that one of them tells nothing
COMMON_IN_CITIES = frozenset("州阳山安江城南北淮庆宁黄铜东西海")


class Nearly:
    """Finds names by what is left of them without a character or two, so that no name is held against all."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = {_plain(name) for name in known}

    @cached_property
    def _by_rest(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for name in self._known:
            for rest in _rests(name):
                found[rest].add(name)
        return found

    def of(self, name: str) -> str | None:
        """The known unit that was probably meant; None when the name is itself known, or like none."""
        plain = _plain(name)
        if plain in self._known or not SHORTEST <= len(plain) <= LONGEST:
            return None
        near = {other for rest in _rests(plain) for other in self._by_rest.get(rest, ())}
        return min(
            (other for other in near if _misread(plain, other)),
            key=lambda other: (distance(plain, other), other),
            default=None,
        )


def _plain(name: str) -> str:
    return re.sub("^安徽省(?=..)", "省", name.translate(VARIANTS))


def _rests(name: str) -> Iterator[str]:
    yield name
    for at in range(len(name)):
        rest = name[:at] + name[at + 1 :]
        yield rest
        if len(name) >= LONG:
            yield from (rest[:second] + rest[second + 1 :] for second in range(at, len(rest)))


def _misread(name: str, known: str) -> bool:
    """Whether the difference is one of reading: not of level (市国资委), of number, of place or of what is added."""
    allowed = 2 if min(len(name), len(known)) >= LONG else 1
    if name.endswith(known) or name.startswith(known) or not 0 < distance(name, known) <= allowed:
        return False
    if len(name) != len(known):
        return True
    pairs = list(zip(name, known, strict=True))
    different = [pair for pair in pairs if pair[0] != pair[1]]
    if any(a in kind and b in kind for a, b in different for kind in (LEVELS, NUMERALS)):
        return False
    place = len(name) == SHORTEST and name[-1] == known[-1] == "市"
    return len(name) > SHORTEST or (place and any(a == b and a not in COMMON_IN_CITIES for a, b in pairs[:-1]))


def distance(one: str, other: str) -> int:
    """How many characters must be put in, taken out or replaced to make one of the other."""
    row = list(range(len(other) + 1))
    for at, a in enumerate(one, 1):
        diagonal, row[0] = row[0], at
        for column, b in enumerate(other, 1):
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, diagonal + (a != b))
    return row[-1]
