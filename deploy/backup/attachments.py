"""Attachments: objects that are never changed, so that those of a moment can be copied after it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import obstore
from obstore.store import ObjectStore

FOLDER = "attachments"
_KEPT = """
    SELECT a.id::text AS id, a.sha256,
           a.removed_at IS NULL OR EXISTS (SELECT FROM attachment_set s WHERE s.attachment_id = a.id) AS needed
    FROM attachment a
"""
"""What was removed and nothing approved refers to goes by itself some time: it may be gone already."""


async def copy(store: ObjectStore, home: Path, progress: Any) -> dict[str, Any]:
    """Copies what the moment's database of progress knows; how many, and which are ``missing`` or ``damaged``."""
    rows = {row["id"]: row for row in await progress.fetch(_KEPT)}
    found, damaged = set[str](), []
    for path in _paths(store):
        name = path.rpartition("/")[2]
        if name in rows:
            found.add(name)
            if _bring(store, path, home / FOLDER / path) != rows[name]["sha256"]:
                damaged.append(name)
    missing = sorted(name for name, row in rows.items() if row["needed"] and name not in found)
    return {"objects": len(found), "missing": missing, "damaged": sorted(damaged)}


def restore(home: Path, store: ObjectStore) -> int:
    """How many it brought; one that is there already is written again."""
    paths = [path for path in (home / FOLDER).rglob("*") if path.is_file()]
    for path in paths:
        obstore.put(store, str(path.relative_to(home / FOLDER)), path)
    return len(paths)


def _paths(store: ObjectStore) -> Iterator[str]:
    for batch in obstore.list(store):
        yield from (str(found["path"]) for found in batch)


def _bring(store: ObjectStore, path: str, target: Path) -> str:
    """Its SHA-256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("wb") as file:
        for piece in obstore.get(store, path).stream():
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()
