"""The lock of the database, read from its own catalog, so that it holds for tables that come later too."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from deploy.local.ports import SERVICES
from deploy.local.system import System

DATABASES = (*SERVICES, "portal")
VERSION = "alembic_version"
"""Says how far a database has come: nothing of anybody's, which processes may read."""
TABLES = """
    SELECT relname, relrowsecurity AND relforcerowsecurity AS guarded,
           has_any_column_privilege($1, oid, 'SELECT') AS readable,
           has_any_column_privilege($1, oid, 'INSERT, UPDATE') OR has_table_privilege($1, oid, 'DELETE, TRUNCATE')
               AS writable
    FROM pg_class WHERE relkind IN ('r', 'p', 'm', 'v') AND relnamespace = CAST('public' AS regnamespace)
"""
OWNED = """
    SELECT relname FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE r.rolname = $1
    UNION ALL SELECT proname FROM pg_proc JOIN pg_roles r ON r.oid = proowner WHERE r.rolname = $1
    UNION ALL SELECT nspname FROM pg_namespace JOIN pg_roles r ON r.oid = nspowner WHERE r.rolname = $1
    UNION ALL SELECT datname FROM pg_database JOIN pg_roles r ON r.oid = datdba WHERE r.rolname = $1
"""
POWERS = (
    "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles WHERE rolname = $1"
)
MEMBERSHIPS = "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1"
ROLES = "SELECT rolname FROM pg_roles WHERE rolname IN ($1 || '_api', $1 || '_worker') ORDER BY rolname"


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def _roles(server: Any, database: str) -> list[str]:
    return [row["rolname"] for row in await server.fetch(ROLES, database)]


@pytest.mark.parametrize("database", SERVICES)
async def test_every_table_that_a_process_reaches_is_guarded_by_policies(system: System, database: str) -> None:
    async with _connected(system.database(database)) as server:
        for role in await _roles(server, database):
            tables = await server.fetch(TABLES, role)
            assert [table["relname"] for table in tables if table["readable"] or table["writable"]]
            open_ones = [
                row["relname"]
                for row in tables
                if (row["writable"] or (row["readable"] and row["relname"] != VERSION)) and not row["guarded"]
            ]
            assert not open_ones, (role, open_ones)


@pytest.mark.parametrize("database", DATABASES)
async def test_processes_have_roles_without_power_or_possession(system: System, database: str) -> None:
    async with _connected(system.database(database)) as server:
        roles = await _roles(server, database)
        assert f"{database}_api" in roles
        for role in roles:
            assert not await server.fetchval(POWERS, role)
            assert not await server.fetch(OWNED, role)
            assert not await server.fetchval(MEMBERSHIPS, role)


@pytest.mark.parametrize("database", DATABASES)
async def test_a_role_reaches_no_other_database(system: System, database: str) -> None:
    async with _connected(system.database(database)) as server:
        for role in await _roles(server, database):
            others = [name for name in (*DATABASES, "keycloak") if name != database]
            reached = "SELECT has_database_privilege($1, $2, 'CONNECT, CREATE, TEMPORARY')"
            assert not [name for name in others if await server.fetchval(reached, role, name)]


@pytest.mark.parametrize("database", SERVICES)
async def test_a_session_that_names_no_caller_sees_nothing(system: System, database: str) -> None:
    role = f"{database}_api"
    async with (
        _connected(system.database(database)) as server,
        _connected(system.instance.database(database, role, role)) as session,
    ):
        tables = [row["relname"] for row in await server.fetch(TABLES, role) if row["readable"]]
        tables.remove(VERSION)
        seen = {table: await session.fetchval(f'SELECT count(*) FROM "{table}"') for table in tables}
        assert not any(seen.values()), seen
