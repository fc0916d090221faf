"""The database session that carries the caller, for row-level security to judge by."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Annotated, Any, ClassVar

import asyncpg
from fastapi import Depends, Request
from prometheus_client import Gauge
from sqlalchemy import Connection, event, text
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session as SyncSession
from sqlalchemy.orm import SessionTransaction
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.auth import PUBLIC, Caller, CallerDep

CONNECTIONS = Gauge("zoneportal_database_connections", "Connections to the database that are in use")
MOST_CONNECTIONS = Gauge(
    "zoneportal_database_connections_most", "Connections to the database that may be in use at once"
)
OVERFLOW = 8

_SET_CALLER = """
    SELECT set_config('app.scope', $1, true), set_config('app.tenant', $2, true),
           set_config('app.unit', $3, true), set_config('app.tenants', $4, true),
           set_config('app.sub', $5, true), set_config('app.roles', $6, true),
           set_config('app.client', $7, true)
"""
_DIALECT = dialect()  # type: ignore[no-untyped-call]
_DRIVER = "driver"

RowMapping = Mapping[str, Any]
"""A row by the names of its columns."""


class _Row(asyncpg.Record):  # type: ignore[misc]
    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __eq__(self, other: object) -> bool:
        return Mapping.__eq__(self, other)

    __hash__ = None  # type: ignore[assignment]


Mapping.register(_Row)


@lru_cache(maxsize=2000)
def _compiled(sql: str) -> tuple[str, tuple[str, ...]]:
    """A statement as PostgreSQL takes it, and the names of its binds in their order."""
    compiled = text(sql).compile(dialect=_DIALECT)
    return str(compiled), tuple(compiled.positiontup or ())


class Session(AsyncSession):
    """One transaction. Statements are SQL with ``:name`` binds; casts are written ``CAST(:x AS text)``.

    Begins with the first statement, which first tells PostgreSQL who is calling (``SET LOCAL``).
    """

    @property
    def caller(self) -> Caller | None:
        return self.info.get("caller")

    @caller.setter
    def caller(self, caller: Caller | None) -> None:
        self.info["caller"] = caller

    def before_commit(self, work: Callable[["Session", list[Any]], Awaitable[None]], item: object) -> None:
        """Does ``work`` once at the end of the transaction, with all items that were given for it."""
        self.info.setdefault("before_commit", {}).setdefault(work, []).append(item)

    def forget_work(self) -> None:
        """Drops what was to be done before the commit, for a savepoint that was rolled back."""
        self.info.pop("before_commit", None)

    async def rows(self, sql: str, **params: Any) -> Sequence[RowMapping]:
        async with self._driver() as driver:
            found: Sequence[RowMapping] = await driver.fetch(*_bound(sql, params), record_class=_Row)
        return found

    async def row(self, sql: str, **params: Any) -> RowMapping | None:
        found = await self.rows(sql, **params)
        return found[0] if found else None

    async def value(self, sql: str, **params: Any) -> Any:
        async with self._driver() as driver:
            found = await driver.fetch(*_bound(sql, params))
        return found[0][0] if found else None

    async def run(self, sql: str, **params: Any) -> int:
        """Executes a changing statement; the number of rows that it touched."""
        async with self._driver() as driver:
            status = await driver.execute(*_bound(sql, params))
        touched = status.rpartition(" ")[2]
        return int(touched) if touched.isdigit() else 0

    async def run_all(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Executes a changing statement for each of the rows, all in one round trip."""
        if rows:
            statement, names = _compiled(sql)
            async with self._driver() as driver:
                await driver.executemany(statement, [tuple(row[name] for name in names) for row in rows])

    async def json(self, sql: str, **params: Any) -> bytes:
        """The rows as a JSON array, built in PostgreSQL; ``[]`` when there are none."""
        built = f"SELECT CAST(coalesce(json_agg(row_to_json(t)), '[]') AS text) FROM ({sql}) t"  # noqa: S608
        return str(await self.value(built, **params)).encode()

    async def json_one(self, sql: str, **params: Any) -> bytes | None:
        """The first row as a JSON object, built in PostgreSQL."""
        built = await self.value(f"SELECT CAST(row_to_json(t) AS text) FROM ({sql}) t LIMIT 1", **params)  # noqa: S608
        return None if built is None else str(built).encode()

    @asynccontextmanager
    async def _driver(self) -> AsyncIterator[asyncpg.Connection]:
        """asyncpg's own connection, in the transaction: SQLAlchemy's way to it costs three times the statement."""
        if _DRIVER not in self.info:
            connection = await self.connection()
            self.info[_DRIVER] = (await connection.get_raw_connection()).driver_connection
        driver: asyncpg.Connection = self.info[_DRIVER]
        try:
            yield driver
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            if driver.is_closed():
                await self.invalidate()
            raise


def _bound(sql: str, params: Mapping[str, Any]) -> tuple[Any, ...]:
    statement, names = _compiled(sql)
    return (statement, *(params[name] for name in names))


@event.listens_for(SyncSession, "after_begin")
def _tell_caller(session: SyncSession, transaction: SessionTransaction, connection: Connection) -> None:
    """As the first statement, which is SQLAlchemy's and so has it begin the transaction."""
    connection.exec_driver_sql(_SET_CALLER, _settings(session.info.get("caller")))


@event.listens_for(SyncSession, "after_transaction_create")
@event.listens_for(SyncSession, "after_transaction_end")
def _forget_driver(session: SyncSession, transaction: SessionTransaction) -> None:
    """The next statement asks SQLAlchemy again, which has the transaction or the savepoint begin."""
    session.info.pop(_DRIVER, None)


def _settings(caller: Caller | None) -> tuple[str, ...]:
    if caller is None:
        return ("",) * 7
    return (
        caller.scope,
        caller.tenant or "",
        caller.unit or "",
        ",".join(sorted(caller.tenants)),
        caller.sub,
        ",".join(sorted(caller.roles)),
        caller.client or "",
    )


def _refuse_closed(connection: Any, *_: object) -> None:
    """Has the pool make a new connection in place of one that the server ended; costs no round trip."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def driver_url(url: str) -> str:
    """A ``postgresql://`` address for SQLAlchemy's asyncpg driver."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


class Database:
    """A pool of connections to the service's own database.

    ``needs`` is the newest migration that the process knows; a database that is not as far is not ready for it.
    """

    needs: ClassVar[str] = ""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = url
        self._engine = create_async_engine(
            driver_url(url),
            pool_size=pool_size,
            max_overflow=OVERFLOW,
            pool_timeout=5,
            hide_parameters=True,  # else an error, and so a log, has the values of its statement
            json_serializer=lambda value: json.dumps(value, ensure_ascii=False, default=str),
            connect_args={
                "timeout": 5,
                "statement_cache_size": 500,
                "max_cached_statement_lifetime": 0,
                "server_settings": {"timezone": "UTC", "lock_timeout": "4s"},
            },
        )
        event.listen(self._engine.sync_engine, "checkout", _refuse_closed)
        event.listen(self._engine.sync_engine, "checkout", lambda *_: CONNECTIONS.inc())
        event.listen(self._engine.sync_engine, "checkin", lambda *_: CONNECTIONS.dec())
        MOST_CONNECTIONS.inc(pool_size + OVERFLOW)

    @asynccontextmanager
    async def session(self, caller: Caller | None = None) -> AsyncIterator[Session]:
        """A transaction that is committed at the end, and rolled back by an exception."""
        async with Session(self._engine, expire_on_commit=False) as session:
            session.caller = caller
            yield session
            await finish(session)

    async def ready(self) -> None:
        """Raises when the database does not answer, or waits for a migration."""
        async with self.session() as session:
            if not self.needs:
                await session.value("SELECT true")
            elif (found := await session.value("SELECT max(version_num) FROM alembic_version")) < self.needs:
                raise LookupError(f"the database is at migration {found}, not {self.needs}")

    async def close(self) -> None:
        await self._engine.dispose()


async def finish(session: Session) -> None:
    """Does what is due before the commit, then commits."""
    for work, items in session.info.pop("before_commit", {}).items():
        await work(session, items)
    await session.commit()


async def _session(request: Request, caller: CallerDep) -> Session:
    session: Session = request.state.db
    session.caller = caller
    return session


Db = Annotated[Session, Depends(_session)]


async def _public_session(request: Request) -> Session:
    session: Session = request.state.db
    session.caller = PUBLIC
    return session


PublicDb = Annotated[Session, Depends(_public_session)]
"""For routes that are open to everybody; a policy has to let the scope ``public`` read."""
