"""``python -m contracts.release``: what stands under ``contracts/`` becomes released, under a new version."""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts.breaking import breaks
from contracts.generate import FOLDER

RELEASED = FOLDER / "released"
PARTS = ("openapi", "events")


class Refused(Exception):
    """The release needs another version, for the reasons in the message."""


def documents(folder: Path) -> dict[str, Any]:
    """The OpenAPI documents and the schemas of events under a folder, by their path in it."""
    files = (file for part in PARTS for file in sorted((folder / part).glob("*.json")))
    return {file.relative_to(folder).as_posix(): json.loads(file.read_text("utf-8")) for file in files}


def version(contract: Mapping[str, Any]) -> tuple[int, ...]:
    """The version that the contract's OpenAPI documents state, the highest if they differ; ``(0,)`` of no contract."""
    stated = (document["info"]["version"] for name, document in contract.items() if name.startswith("openapi/"))
    return max((tuple(int(number) for number in text.split(".")) for text in stated), default=(0,))


def unannounced(released: Mapping[str, Any], present: Mapping[str, Any]) -> list[str]:
    """The breaking differences, unless the first number of the version grew."""
    return breaks(released, present) if version(present)[0] <= version(released)[0] else []


def check(released: Mapping[str, Any], present: Mapping[str, Any]) -> None:
    """Raises ``Refused`` when this may not be released: under a version that was, or with breaks in the same major."""
    if released and version(present) <= version(released):
        raise Refused(f"{'.'.join(map(str, version(released)))} is released: set a higher VERSION in chassis/app.py")
    if found := unannounced(released, present):
        raise Refused("\n".join(["these differences need a new first number of the version:", *found]))


def main() -> int:
    """Exit status 1, and nothing written, when it is refused."""
    try:
        check(documents(RELEASED), documents(FOLDER))
    except Refused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    for part in PARTS:
        shutil.rmtree(RELEASED / part, ignore_errors=True)
        shutil.copytree(FOLDER / part, RELEASED / part)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
