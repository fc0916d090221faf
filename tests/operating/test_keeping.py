"""A folder of backups: which stay, and which is the newest."""

from datetime import datetime
from pathlib import Path

import pytest

from chassis.clock import SHANGHAI
from deploy.backup import keeping
from deploy.backup.archive import MANIFEST


def backup(folder: Path, day: int, *, whole: bool = True) -> str:
    made = keeping.place(folder, datetime(2026, 11, day, 2, 30, tzinfo=SHANGHAI))
    made.mkdir()
    if whole:
        (made / MANIFEST).write_text("{}")
    return made.name


@pytest.mark.parametrize(("keep", "left"), [(1, [9]), (2, [8, 9]), (14, [1, 3, 8, 9])])
def test_the_last_ones_stay(tmp_path: Path, keep: int, left: list[int]) -> None:
    names = {day: backup(tmp_path, day) for day in (9, 1, 8, 3)}
    gone = keeping.tidy(tmp_path, keep)
    assert {path.name for path in gone} == {name for day, name in names.items() if day not in left}
    assert {path.name for path in tmp_path.iterdir()} == {keeping.NEWEST, *(names[day] for day in left)}
    assert (tmp_path / keeping.NEWEST).resolve().name == names[9]


def test_one_that_broke_off_counts_for_nothing(tmp_path: Path) -> None:
    whole = [backup(tmp_path, day) for day in (1, 3)]
    backup(tmp_path, 2, whole=False)
    last = backup(tmp_path, 4, whole=False)
    keeping.tidy(tmp_path, 2)
    assert {path.name for path in tmp_path.iterdir()} == {keeping.NEWEST, *whole, last}
    assert (tmp_path / keeping.NEWEST).resolve().name == whole[-1]


def test_what_is_no_backup_stays(tmp_path: Path) -> None:
    backup(tmp_path, 1)
    backup(tmp_path, 2)
    (tmp_path / "lost+found").mkdir()
    keeping.tidy(tmp_path, 1)
    assert (tmp_path / "lost+found").is_dir()
    assert keeping.tidy(tmp_path / "lost+found", 1) == []
