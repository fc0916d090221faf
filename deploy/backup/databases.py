"""Databases: dumped and restored by PostgreSQL's own programs, and compared table by table."""

import asyncio
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from deploy.backup.moment import Snapshot, connected
from deploy.provision.settings import BackupSettings

FOLDER = "databases"
Tables = dict[str, dict[str, Any]]
"""By table: how many ``rows`` it has, and their ``hash``, whatever their order."""

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_ROWS = """
    SELECT count(*) AS rows,
           coalesce(sum(('x' || left(h, 16))::bit(64)::bigint::numeric), 0) || '/' ||
           coalesce(sum(('x' || right(h, 16))::bit(64)::bigint::numeric), 0) AS hash
    FROM (SELECT md5(whole_row::text) AS h FROM public."{table}" AS whole_row) AS hashes
"""
_HEAD = "SELECT version_num FROM public.alembic_version"


async def tables(connection: Any) -> Tables:
    """What the connection sees of each table."""
    names = [row["tablename"] for row in await connection.fetch(_TABLES)]
    found = {name: await connection.fetchrow(_ROWS.format(table=name)) for name in names}
    return {name: {"rows": row["rows"], "hash": row["hash"]} for name, row in found.items()}


async def head(connection: Any) -> str | None:
    """The last migration of a database of ours; Keycloak looks after its own."""
    ours = await connection.fetchval("SELECT to_regclass('public.alembic_version') IS NOT NULL")
    return str(await connection.fetchval(_HEAD)) if ours else None


async def dump(settings: BackupSettings, home: Path, name: str, snapshot: Snapshot) -> None:
    (home / FOLDER).mkdir(exist_ok=True)
    what = ["--format=custom", f"--snapshot={snapshot.id}", f"--file={home / FOLDER / name}.dump"]
    await _run(settings, "pg_dump", name, *what)


async def restore(settings: BackupSettings, home: Path, name: str, told: Tables) -> list[str]:
    """Fills an empty database, all or nothing; one that was filled stays. The tables that differ from what is told."""
    connection = await connected(settings.superuser_url, name)
    try:
        if not await connection.fetch(_TABLES):
            what = ["--single-transaction", "--exit-on-error", str(home / FOLDER / f"{name}.dump")]
            await _run(settings, "pg_restore", name, *what)
            await connection.execute("ANALYZE")
        found = await tables(connection)
    finally:
        connection.terminate()
    return [f"{name}.{table}" for table in sorted({*told, *found}) if told.get(table) != found.get(table)]


async def _run(settings: BackupSettings, program: str, database: str, *options: str) -> None:
    """SystemExit when the program fails; it is told the password by its environment, which others cannot read."""
    server = urlsplit(settings.superuser_url)
    told = {
        "PGHOST": server.hostname or "",
        "PGPORT": str(server.port or 5432),
        "PGUSER": unquote(server.username or ""),
        "PGPASSWORD": unquote(server.password or ""),
    }
    process = await asyncio.create_subprocess_exec(
        settings.program(program), f"--dbname={database}", *options, env={**os.environ, **told}
    )
    if await process.wait():
        raise SystemExit(f"{program} of {database} ended with exit code {process.returncode}")
