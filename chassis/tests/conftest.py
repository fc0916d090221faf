"""A database with nothing but the tables of the chassis, on the real server."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from chassis import schema
from chassis.tenancy import Database
from deploy.local.system import System

NAME = "chassis_scratch"


@dataclass(frozen=True)
class Scratch:
    """As the worker of progress, whose roles it borrows; ``owner_url`` sees everything."""

    database: Database
    owner_url: str


@pytest.fixture(scope="session")
async def scratch(system: System) -> AsyncIterator[Scratch]:
    server = await asyncpg.connect(system.database("progress"))
    await server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    await server.execute(f"CREATE DATABASE {NAME}")
    await server.close()
    owner_url = system.database("progress").rpartition("/")[0] + f"/{NAME}"
    owner = await asyncpg.connect(owner_url)
    await owner.execute("GRANT USAGE ON SCHEMA public TO progress_api, progress_worker")
    for statement in (*schema.ddl("progress"), *schema.dead_letters("progress")):
        await owner.execute(statement)
    await owner.close()
    database = Database(system.instance.database(NAME, "progress_worker", "progress_worker"))
    yield Scratch(database, owner_url)
    await database.close()
