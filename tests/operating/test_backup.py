"""A backup, taken while people write: nobody is refused, and its parts are told from damaged ones."""

import json
import shutil
from pathlib import Path

import pytest

from deploy.backup import archive
from deploy.local.backup import prepare
from deploy.local.instance import Instance
from deploy.local.system import System
from tests.operating.conftest import GROUP, Backup


def test_nobody_is_refused_because_of_a_backup(backup: Backup) -> None:
    assert backup.writing
    assert {*backup.writing} == {201}


def test_the_manifest_says_what_the_backup_holds(backup: Backup) -> None:
    told = archive.check(backup.home)
    assert told["taken_at"].endswith("+08:00")
    assert {*told["heads"]} == {"catalog", "progress", "notify", "portal"}
    assert {*told["tables"]} == {*told["heads"], "keycloak"}
    assert told["tables"]["catalog"]["task"]["rows"] >= 112
    assert told["tables"]["progress"]["outbox"]["rows"] >= 1
    assert told["topics"]["catalog"]["configs"]["cleanup.policy"] == "compact"
    assert {"progress.catalog", "notify.progress", "notify.feed", GROUP} <= {*told["groups"]}
    assert (told["attachments"]["missing"], told["attachments"]["damaged"]) == ([], [])
    assert backup.home.stat().st_mode & 0o077 == 0


@pytest.fixture
def copy(backup: Backup, tmp_path: Path) -> Path:
    return Path(shutil.copytree(backup.home, tmp_path / "copy"))


def test_a_damaged_or_unfinished_backup_is_refused(copy: Path, tmp_path: Path) -> None:
    empty = Instance(tmp_path / "run", tmp_path / "cache")
    dump = copy / "databases" / "progress.dump"
    dump.write_bytes(dump.read_bytes()[:-1] + b"?")
    with pytest.raises(archive.Unusable, match=r"databases/progress\.dump is not what was written"):
        prepare(empty, copy)
    dump.unlink()
    with pytest.raises(archive.Unusable, match=r"databases/progress\.dump is missing"):
        prepare(empty, copy)
    (copy / archive.MANIFEST).unlink()
    with pytest.raises(archive.Unusable, match="broke off"):
        prepare(empty, copy)
    assert not empty.run_dir.exists()


def test_a_backup_of_a_newer_version_is_refused(copy: Path, tmp_path: Path) -> None:
    told = json.loads((copy / archive.MANIFEST).read_text())
    told["heads"]["notify"] = "9999"
    (copy / archive.MANIFEST).write_text(json.dumps(told))
    with pytest.raises(archive.Unusable, match=r"newer version.*notify 9999"):
        prepare(Instance(tmp_path / "run", tmp_path / "cache"), copy)


def test_a_system_with_data_is_left_alone(system: System, backup: Backup) -> None:
    with pytest.raises(archive.Unusable, match="make reset"):
        prepare(system.instance, backup.home)
