"""Backup and restore of the system on this machine: the steps of ``deploy.backup``, told its addresses."""

import os
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from chassis.clock import SHANGHAI
from deploy.backup import archive
from deploy.local import kafka, launcher, postgres, services
from deploy.local.commands import python
from deploy.local.components import Component
from deploy.local.instance import Instance

_NOTE = "restored.json"
_DATA = ("postgres/data", "kafka/data", "attachments")


def env(instance: Instance) -> dict[str, str]:
    """What the steps are told."""
    return kafka.provision_env(instance) | {
        "ZP_SUPERUSER_URL": instance.database("postgres", "postgres", "postgres"),
        "ZP_ATTACHMENTS_URL": instance.folder("attachments").as_uri(),
        "ZP_POSTGRES_PROGRAMS": str(postgres.BIN),
        "ZP_PASSWORDS_FILE": str(instance.run_dir / "secrets.json"),
    }


def take(instance: Instance, to: Path | None) -> int:
    """Makes a backup of the running system in ``to``, or in a folder of its time below ``backups``; the exit code."""
    home = to or instance.folder("backups") / f"{datetime.now(SHANGHAI):%Y-%m-%dT%H-%M-%S}"
    command = python("deploy.backup", "take", str(home.resolve()))
    return subprocess.run(command.argv, cwd=command.cwd, env={**os.environ, **env(instance)}, check=False).returncode


def restore(instance: Instance, home: Path) -> int:
    """Starts the system with what a backup holds; the exit code."""
    begun = time.monotonic()
    try:
        prepare(instance, home.resolve())
    except archive.Unusable as error:
        print(error)
        return 1
    code = launcher.background(instance, [])
    if code == 0:
        print(f"restored in {time.monotonic() - begun:.0f} s")
    return code


def prepare(instance: Instance, home: Path) -> None:
    """Has the next start bring in a backup. archive.Unusable when there are data, or no backup of this version."""
    if found := [name for name in _DATA if _filled(instance.run_dir / name)]:
        raise archive.Unusable(f"{instance.run_dir} holds a system ({', '.join(found)}): `make reset` removes it")
    told = archive.check(home)
    if unknown := [f"{name} {head}" for name, head in told["heads"].items() if not _known(name, head)]:
        raise archive.Unusable(f"the backup is of a newer version: its migrations are unknown ({', '.join(unknown)})")
    passwords = home / archive.PASSWORDS
    if passwords.exists():
        instance.write_text("secrets.json", passwords.read_text())
    instance.write(_NOTE, {"folder": str(home), "taken_at": told["taken_at"], "begun": time.time()})


def _filled(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _known(service: str, head: str) -> bool:
    return any((services.migrations(service) / "versions").glob(f"{head}_*.py"))


def added(components: Iterable[Component], instance: Instance) -> list[Component]:
    """The components, with the steps that bring in the backup which this system began with, if it did.

    They are done once; one that broke off is done again by the next start.
    """
    if not (note := instance.read(_NOTE)):
        return [*components]
    before = {"databases": "restored-data", "topics": "restored-topics"}
    later = [
        replace(component, after=tuple(before.get(name, name) for name in component.after)) for component in components
    ]
    return [*later, _step("data", ("databases",), note), _step("topics", ("topics",), note)]


def _step(what: str, after: tuple[str, ...], note: Mapping[str, object]) -> Component:
    return Component(
        f"restored-{what}",
        after=after,
        command=lambda i: python("deploy.backup", what, str(note["folder"]), env=env(i)),
        inputs=lambda i: [str(note)],
    )
