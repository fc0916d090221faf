"""``zoneportal audit verify``."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from chassis import audit
from chassis.audit import Head
from chassis.tenancy import Database

app = typer.Typer(no_args_is_help=True, help="The audit trail (审计日志).")


@app.callback()
def group() -> None:
    """Keeps ``verify`` a subcommand."""


@app.command()
def verify(
    database_url: str,
    seal: Annotated[
        Path | None, typer.Option(help="File of the last verification, kept where nobody else writes")
    ] = None,
) -> None:
    """Walks the chains of one service's trail; exit code 1 when an entry was changed, removed, swapped or forged.

    A trail that was written anew or set back as a whole, by an older database, is found by the seal that an earlier
    verification left; what is found intact is sealed anew.
    """
    sealed = json.loads(seal.read_text()) if seal and seal.exists() else {}
    breaks, entries, heads = asyncio.run(_verified(database_url, sealed))
    for found in breaks:
        typer.echo(f"{found.chain or '(no tenant)'} #{found.number}: {found.what}")
    typer.echo(f"{'broken' if breaks else 'intact'}: {entries} entries")
    if breaks:
        raise typer.Exit(1)
    if seal:
        seal.write_text(json.dumps(heads, indent=2, ensure_ascii=False) + "\n")


async def _verified(database_url: str, sealed: Mapping[str, Head]) -> tuple[list[audit.Break], int, Mapping[str, Head]]:
    """Also how many entries this database user sees: as somebody without rights it would find nothing wrong."""
    database = Database(database_url)
    async with database.session() as session:
        found = [entry async for entry in audit.verify(session, sealed)]
        entries, heads = int(await session.value("SELECT count(*) FROM audit")), await audit.heads(session)
    await database.close()
    return found, entries, heads
