"""Alembic for a service: its ``migrations/env.py`` only calls ``run``."""

import asyncio
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from chassis import telemetry
from chassis.settings import Settings
from chassis.tenancy import driver_url


def upgrade(migrations: Path) -> None:
    """Brings the database of ``ZP_DATABASE_URL`` to the newest revision in the folder ``migrations``.

    One that a newer version has made stays: newer revisions only add, so that the versions before them go on.
    """
    config = Config()
    config.set_main_option("script_location", str(migrations))
    command.upgrade(config, "head")


def run() -> None:
    """What a migration environment does: SQL on standard output when offline (``--sql``), else the upgrade itself."""
    if context.is_offline_mode():
        context.configure(dialect_name="postgresql", literal_binds=True, transactional_ddl=False)
        context.run_migrations()
    else:
        asyncio.run(_online())


async def _online() -> None:
    engine = create_async_engine(driver_url(Settings().database_url), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection)
    if newer := _unknown():
        telemetry.log.warning("the database is at %s, which a newer version has made: it stays", newer)
        return
    with context.begin_transaction():
        context.run_migrations()


def _unknown() -> str | None:
    """The database's revision, if it is none of this version's."""
    at = context.get_context().get_current_revision()
    return None if at in {None, *(each.revision for each in context.script.walk_revisions())} else at
