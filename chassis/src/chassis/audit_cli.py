"""``zoneportal audit verify``."""

import asyncio

import typer

from chassis import audit
from chassis.tenancy import Database

app = typer.Typer(no_args_is_help=True, help="The audit trail (审计日志).")


@app.callback()
def group() -> None:
    """Keeps ``verify`` a subcommand."""


@app.command()
def verify(database_url: str) -> None:
    """Walks the chains of one service's trail; exit code 1 when an entry was changed, removed, swapped or forged."""
    breaks, entries = asyncio.run(_verified(database_url))
    for found in breaks:
        typer.echo(f"{found.chain or '(no tenant)'} #{found.number}: {found.what}")
    typer.echo(f"{'broken' if breaks else 'intact'}: {entries} entries")
    raise typer.Exit(1 if breaks else 0)


async def _verified(database_url: str) -> tuple[list[audit.Break], int]:
    """Also how many entries this database user sees: as somebody without rights it would find nothing wrong."""
    database = Database(database_url)
    async with database.session() as session:
        found = [entry async for entry in audit.verify(session)]
        entries = int(await session.value("SELECT count(*) FROM audit"))
    await database.close()
    return found, entries
