"""The folder of one backup: its parts, and ``manifest.json``, which names them with their hashes.

A folder without a manifest is a backup that broke off.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
PASSWORDS = "passwords.json"
Manifest = dict[str, Any]


class Unusable(Exception):
    """The folder holds no whole backup."""


def create(home: Path) -> None:
    """Only its owner may look in: a backup says all that the system knows. Raises Unusable when it is there."""
    try:
        home.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise Unusable(f"{home} is there already") from None


def seal(home: Path, told: Manifest) -> Manifest:
    """Writes the manifest over all that the folder holds."""
    parts = {str(path.relative_to(home)): _part(path) for path in _files(home)}
    manifest = {"format": FORMAT, **told, "parts": parts}
    (home / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False))
    return manifest


def manifest(home: Path) -> Manifest:
    """Raises Unusable."""
    try:
        found: Manifest = json.loads((home / MANIFEST).read_text())
    except FileNotFoundError:
        raise Unusable(f"{home} holds no {MANIFEST}: no backup, or one that broke off") from None
    if found["format"] != FORMAT:
        raise Unusable(f"{home} is a backup of the format {found['format']}, this is {FORMAT}")
    return found


def check(home: Path) -> Manifest:
    """The manifest, when each part is what it was. Raises Unusable."""
    found = manifest(home)
    for name, part in found["parts"].items():
        path = home / name
        if not path.is_file():
            raise Unusable(f"{name} is missing")
        if _part(path) != part:
            raise Unusable(f"{name} is not what was written: its size or its SHA-256 differs")
    return found


def _files(home: Path) -> Iterator[Path]:
    return (path for path in sorted(home.rglob("*")) if path.is_file() and path.name != MANIFEST)


def _part(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
