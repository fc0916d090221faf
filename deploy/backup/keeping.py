"""A folder of backups: each is named by its time, ``newest`` is the last whole one, the oldest go."""

import shutil
from datetime import datetime
from pathlib import Path

from deploy.backup.archive import MANIFEST

NEWEST = "newest"
_PATTERN = "????-??-??T??-??-??"


def place(folder: Path, now: datetime) -> Path:
    """Where the backup of this time goes."""
    return folder / f"{now:%Y-%m-%dT%H-%M-%S}"


def tidy(folder: Path, keep: int) -> list[Path]:
    """Points to the newest whole backup; removes those before the last ``keep``, and what broke off before it."""
    whole = sorted(path.parent for path in folder.glob(f"{_PATTERN}/{MANIFEST}"))
    if not whole:
        return []
    draft = folder / f"{NEWEST}.new"
    draft.unlink(missing_ok=True)
    draft.symlink_to(whole[-1].name)
    draft.replace(folder / NEWEST)
    kept = {*whole[-keep:]}
    gone = [path for path in sorted(folder.glob(_PATTERN)) if path < whole[-1] and path not in kept]
    for path in gone:
        shutil.rmtree(path)
    return gone
