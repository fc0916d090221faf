"""``python -m deploy.backup <step> <folder>``; addresses and passwords come from the environment, as
``BackupSettings`` has them.

``take`` makes a backup, ``add`` one more of those in a folder. ``data`` and ``topics`` bring it back: databases and
attachments before anything of the system but its servers runs, topics before the workers do. Each may be done again
after it broke off.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from chassis.clock import SHANGHAI
from deploy.backup import archive, keeping, work
from deploy.backup.moment import NoPause
from deploy.provision.settings import BackupSettings

app = typer.Typer(pretty_exceptions_enable=False, add_completion=False, help="Backup of a system, and the way back.")


@app.command("take")
def _take(folder: Path) -> None:
    """Makes a backup in a new folder; exit code 1 also when attachments are missing, which it names."""
    _do(work.take, folder)


@app.command("add")
def _add(folder: Path, keep: Annotated[int, typer.Option(min=1)] = 14) -> None:
    """Makes a backup below a folder, named by its time; of those there the last ``keep`` stay."""
    _do(work.take, keeping.place(folder, datetime.now(SHANGHAI)))
    for gone in keeping.tidy(folder, keep):
        print(f"{gone} removed")


@app.command("check")
def _check(folder: Path) -> None:
    """Whether the parts of a backup are what they were."""
    _do(work.check_parts, folder)


@app.command("data")
def _data(folder: Path) -> None:
    """Fills the empty databases and the attachments, and compares every table."""
    _do(work.data, folder)


@app.command("topics")
def _topics(folder: Path) -> None:
    """Fills the empty topics, sets how far their readers were, and compares every record."""
    _do(work.topics, folder)


def _do(step: Callable[[BackupSettings, Path], Coroutine[Any, Any, None]], folder: Path) -> None:
    try:
        asyncio.run(step(BackupSettings(), folder.resolve()))
    except (archive.Unusable, NoPause) as error:
        raise SystemExit(str(error)) from None


app()
