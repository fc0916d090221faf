"""Databases and roles: per service an owner that migrates, and two roles that own nothing and bypass nothing.

The part of a role's name before ``_`` is its database. One whose name ends with ``_b`` is another way to log in as the
role without: while a password changes, processes with the old one and with the new one work side by side.
"""

import asyncpg

from deploy.provision.settings import DatabaseSettings

_MEMBERS = ("api", "worker")
_SECOND = "_b"


async def provision() -> None:
    settings = DatabaseSettings()
    url, passwords = settings.superuser_url, settings.role_passwords
    databases = sorted({role.partition("_")[0] for role in passwords})
    server = await asyncpg.connect(url)
    try:
        for role, password in sorted(passwords.items()):
            await _role(server, role, password)
        for database in databases:
            await _database(server, database, _owner(database, passwords))
    finally:
        await server.close()
    for database in databases:
        await _schema(url, database, passwords)


def _owner(database: str, roles: dict[str, str]) -> str:
    return f"{database}_owner" if f"{database}_owner" in roles else database


async def _role(server: asyncpg.Connection, role: str, password: str) -> None:
    known = await server.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
    secret = await server.fetchval("SELECT quote_literal($1::text)", password)
    rights = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
    await server.execute(f'{"ALTER" if known else "CREATE"} ROLE "{role}" {rights} PASSWORD {secret}')
    if role.endswith(_SECOND):
        first = role.removesuffix(_SECOND)
        await server.execute(f'GRANT "{first}" TO "{role}"; ALTER ROLE "{role}" SET role = "{first}"')


async def _database(server: asyncpg.Connection, database: str, owner: str) -> None:
    if not await server.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
        await server.execute(f'CREATE DATABASE "{database}" OWNER "{owner}"')
    await server.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')


async def _schema(url: str, database: str, roles: dict[str, str]) -> None:
    owner = _owner(database, roles)
    connection = await asyncpg.connect(url, database=database)
    try:
        await connection.execute(f'ALTER SCHEMA public OWNER TO "{owner}"; REVOKE ALL ON SCHEMA public FROM PUBLIC')
        for role in (f"{database}_{member}" for member in _MEMBERS if f"{database}_{member}" in roles):
            await connection.execute(f'GRANT CONNECT ON DATABASE "{database}" TO "{role}"')
            await connection.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
    finally:
        await connection.close()
