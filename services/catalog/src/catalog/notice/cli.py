"""``zoneportal notice``."""

import json
from pathlib import Path
from typing import Annotated

import typer

from catalog.notice.files import LARGEST_FILE, read
from catalog.notice.model import Notice, NoticeError
from catalog.notice.parsing import parse as parse_text
from catalog.units.directory import listed

app = typer.Typer(no_args_is_help=True, help="Notices (通知).")


@app.callback()
def group() -> None:
    """Keeps ``parse`` a subcommand."""


@app.command()
def parse(
    file: Annotated[Path, typer.Argument(help="The notice, .txt or .docx.")],
    as_json: Annotated[bool, typer.Option("--json", help="Everything that was read, as JSON.")] = False,
) -> None:
    """Shows what a notice says: plans, tasks, zones and warnings. Exit code 2 for a file that is no such notice."""
    try:
        notice = _read(file)
    except (NoticeError, OSError) as error:
        typer.echo(f"{file}: {error}", err=True)
        raise typer.Exit(2) from error
    if as_json:
        typer.echo(json.dumps(notice.as_dict(), ensure_ascii=False, indent=2))
    else:
        _show(notice)


def _read(file: Path) -> Notice:
    with file.open("rb") as opened:
        content = opened.read(LARGEST_FILE + 1)
    known = [name for unit in listed() for name in (unit.name, *unit.aliases)]
    return parse_text(read(content, file.name), known)


def _show(notice: Notice) -> None:
    for plan in notice.plans:
        typer.echo(f"{plan.number}. {plan.name}")
        for task in notice.tasks:
            if task.plan == plan.number:
                units = "、".join(part.unit for part in task.responsibilities)
                typer.echo(f"   {task.number}. {task.title}（{units}）{task.due or ''}")
    for zone in notice.zones:
        typer.echo(f"{zone.code}: {zone.name}，{zone.area_km2 or '?'} km²")
    for warning in notice.warnings:
        typer.echo(f"{warning.start}-{warning.end} {warning.code}: {warning.message}", err=True)
