"""The database session that carries the caller, for row-level security to judge by."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Annotated, Any, ClassVar

from fastapi import Depends, Request
from prometheus_client import Gauge
from sqlalchemy import Connection, CursorResult, RowMapping, TextClause, event, text
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

_SET_CALLER = text("""
    SELECT set_config('app.scope', :scope, true), set_config('app.tenant', :tenant, true),
           set_config('app.unit', :unit, true), set_config('app.tenants', :tenants, true),
           set_config('app.sub', :sub, true), set_config('app.roles', :roles, true),
           set_config('app.client', :client, true)
""")


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
        return (await self._run(sql, params)).mappings().all()

    async def row(self, sql: str, **params: Any) -> RowMapping | None:
        return (await self._run(sql, params)).mappings().first()

    async def value(self, sql: str, **params: Any) -> Any:
        return (await self._run(sql, params)).scalar()

    async def run(self, sql: str, **params: Any) -> int:
        """Executes a changing statement; the number of rows that it touched."""
        return int((await self._run(sql, params)).rowcount)

    async def run_all(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Executes a changing statement for each of the rows, all in one round trip."""
        if rows:
            await (await self.connection()).execute(_statement(sql), [dict(row) for row in rows])

    async def json(self, sql: str, **params: Any) -> bytes:
        """The rows as a JSON array, built in PostgreSQL; ``[]`` when there are none."""
        built = f"SELECT CAST(coalesce(json_agg(row_to_json(t)), '[]') AS text) FROM ({sql}) t"  # noqa: S608
        return str(await self.value(built, **params)).encode()

    async def json_one(self, sql: str, **params: Any) -> bytes | None:
        """The first row as a JSON object, built in PostgreSQL."""
        built = await self.value(f"SELECT CAST(row_to_json(t) AS text) FROM ({sql}) t LIMIT 1", **params)  # noqa: S608
        return None if built is None else str(built).encode()

    async def _run(self, sql: str, params: dict[str, Any]) -> CursorResult[Any]:
        return await (await self.connection()).execute(_statement(sql), params)


@lru_cache(maxsize=2000)
def _statement(sql: str) -> TextClause:
    return text(sql)


@event.listens_for(SyncSession, "after_begin")
def _tell_caller(session: SyncSession, transaction: SessionTransaction, connection: Connection) -> None:
    caller: Caller | None = session.info.get("caller")
    if caller is not None:
        connection.execute(
            _SET_CALLER,
            {
                "scope": caller.scope,
                "tenant": caller.tenant or "",
                "unit": caller.unit or "",
                "tenants": ",".join(sorted(caller.tenants)),
                "sub": caller.sub,
                "roles": ",".join(sorted(caller.roles)),
                "client": caller.client or "",
            },
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
                "prepared_statement_cache_size": 500,
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
