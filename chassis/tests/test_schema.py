from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

from chassis import schema, tables
from chassis.parking import LONGEST_PAUSE, pause
from deploy.local.ports import SERVICES
from deploy.local.system import System


def test_a_script_is_cut_into_statements_and_bodies_stay_whole() -> None:
    script = "CREATE TABLE a (x int);\nCREATE FUNCTION f() AS $$ BEGIN; END; $$;\nDROP TABLE a;"
    assert schema.statements(script) == [
        "CREATE TABLE a (x int)",
        "CREATE FUNCTION f() AS $$ BEGIN; END; $$",
        "DROP TABLE a",
    ]


def test_every_table_of_the_chassis_is_closed_by_row_level_security() -> None:
    statements = schema.ddl("catalog")
    for table in schema.TABLES:
        assert f"ALTER TABLE {table.__tablename__} FORCE ROW LEVEL SECURITY" in statements


@pytest.mark.parametrize("service", SERVICES)
async def test_the_migrations_of_a_service_leave_the_tables_as_the_chassis_knows_them(
    system: System, service: str
) -> None:
    of_consumers = set() if service == "catalog" else {str(tables.DeadLetter.__tablename__)}
    names = {str(table.__tablename__) for table in schema.TABLES} | of_consumers
    engine = create_async_engine(system.database(service).replace("postgresql:", "postgresql+asyncpg:", 1))
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences, names) == []
    await engine.dispose()


def _differences(connection: Connection, names: set[str]) -> list[Any]:
    """In the form of the tables of these names."""

    def included(thing: Any, name: str | None, kind: str, _: bool, __: Any) -> bool:
        return kind != "table" or name in names

    options = {"include_object": included, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata))


def test_pauses_grow_and_end_at_the_longest() -> None:
    pauses = [pause(attempts) for attempts in range(1, 12)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (1, LONGEST_PAUSE)
