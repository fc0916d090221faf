"""``zoneportal progress``."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from chassis.settings import Settings
from progress.rebuild import NothingThere
from progress.rebuild import rebuild as rebuild_all

app = typer.Typer(no_args_is_help=True, help="Progress (推进).")


@app.callback()
def group() -> None:
    """Keeps ``rebuild`` a subcommand."""


@app.command()
def rebuild(
    env_file: Annotated[
        Path, typer.Option(help="The worker's ZP_* settings; those of the environment come first.")
    ] = Path(".run/env/progress-worker"),
) -> None:
    """Builds the copy of the catalog again from its topic and brings the lines to it; history stays.

    The worker may go on meanwhile.
    """
    try:
        count = asyncio.run(rebuild_all(_settings(env_file)))
    except NothingThere as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(f"{count} events read")


def _settings(env_file: Path) -> Settings:
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        missing = ", ".join(f"ZP_{field['loc'][0]}".upper() for field in error.errors())
        typer.echo(f"neither in the environment nor in {env_file}: {missing}", err=True)
        raise typer.Exit(2) from error
