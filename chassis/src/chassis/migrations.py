"""Alembic for a service: its ``migrations/env.py`` only calls ``run``."""

import asyncio
import random
import time
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, pool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from chassis import failures, telemetry
from chassis.settings import Settings

LOCK_TIMEOUT = "500ms"
"""Below PostgreSQL's ``deadlock_timeout`` of 1 s, so that it is the upgrade that gives way to those who work."""
PATIENCE_SECONDS = 300.0


def upgrade(migrations: Path) -> None:
    """Brings the database of ``ZP_DATABASE_URL`` to the newest revision in the folder ``migrations``.

    Others may work meanwhile: a revision that does not get its locks at once is undone and tried again, for five
    minutes at most. A database that a newer version has made stays: newer revisions only add, so that the versions
    before them go on.
    """
    config = Config()
    config.set_main_option("script_location", str(migrations))
    begun = time.monotonic()
    while True:
        try:
            command.upgrade(config, "head")
        except DBAPIError as wrapped:
            error = wrapped.orig and wrapped.orig.__cause__
            if error is None or not failures.passing(error) or time.monotonic() - begun > PATIENCE_SECONDS:
                raise
            telemetry.log.warning("a revision waits until others have done: %s", failures.sqlstate(error))
            time.sleep(random.uniform(0.1, 0.5))  # noqa: S311 - no secret
        else:
            return


def run() -> None:
    """What a migration environment does: SQL on standard output when offline (``--sql``), else the upgrade itself."""
    if context.is_offline_mode():
        context.configure(dialect_name="postgresql", literal_binds=True, transactional_ddl=False)
        context.run_migrations()
    else:
        asyncio.run(_online())


async def _online() -> None:
    settings = {"server_settings": {"lock_timeout": LOCK_TIMEOUT}}
    url = Settings().database_url.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(url, poolclass=pool.NullPool, connect_args=settings)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, transaction_per_migration=True)
    if newer := _unknown():
        telemetry.log.warning("the database is at %s, which a newer version has made: it stays", newer)
        return
    with context.begin_transaction():
        context.run_migrations()


def _unknown() -> str | None:
    """The database's revision, if it is none of this version's."""
    at = context.get_context().get_current_revision()
    return None if at in {None, *(each.revision for each in context.script.walk_revisions())} else at
