"""An older version lives with what a newer one has made of the databases."""

import asyncio
import os

import asyncpg

from deploy.local import services
from deploy.local.system import System


async def test_the_migration_of_an_older_version_leaves_a_newer_database_as_it_is(system: System) -> None:
    command = services.migration(system.instance, "portal")
    connection = await asyncpg.connect(system.database("portal"))
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    try:
        process = await asyncio.create_subprocess_exec(
            *command.argv, cwd=command.cwd, env={**os.environ, **command.env}, stdout=asyncio.subprocess.PIPE
        )
        told, _ = await process.communicate()
        assert (process.returncode, b"at 9999" in told) == (0, True), told
        assert await connection.fetchval("SELECT version_num FROM alembic_version") == "9999"
    finally:
        await connection.execute("UPDATE alembic_version SET version_num = $1", services.head("portal"))
        await connection.close()
