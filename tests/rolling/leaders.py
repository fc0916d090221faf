"""Who publishes the outbox of progress: as the database sees it."""

import asyncio
from dataclasses import dataclass

import asyncpg

from chassis.outbox import LEADER
from deploy.local.system import System

_HOLDER = """
    SELECT a.pid, a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.objid = $1
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_TWO = f"""
    SELECT count(*) > 1 AND EXISTS ({_HOLDER}) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'outbox %'
"""


@dataclass(frozen=True)
class Leader:
    """``session`` is the process of the database's server, ``copy`` what the worker is called after its service."""

    session: int
    copy: str


async def leader(system: System) -> Leader | None:
    """None while there is none."""
    connection = await asyncpg.connect(system.database("progress"))
    try:
        row = await connection.fetchrow(_HOLDER, LEADER)
    finally:
        await connection.close()
    return row and Leader(row["pid"], row["name"].removeprefix("outbox local"))


async def two_strive(system: System) -> None:
    """Until one leads and another one stands by."""
    connection = await asyncpg.connect(system.database("progress"))
    async with asyncio.timeout(120):
        while not await connection.fetchval(_TWO, LEADER):  # noqa: ASYNC110 - a table
            await asyncio.sleep(0.1)
    await connection.close()


async def cut(system: System, session: int) -> None:
    """Ends the session at the server, as a restart of the database does."""
    connection = await asyncpg.connect(system.database("progress"))
    await connection.execute("SELECT pg_terminate_backend($1)", session)
    await connection.close()
