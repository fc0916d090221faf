"""The database session that carries the caller, for row-level security to judge by."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from typing import Annotated, Any, ClassVar

import asyncpg
from fastapi import Depends, Request
from prometheus_client import Gauge

from chassis import failures
from chassis.auth import PUBLIC, Caller

CONNECTIONS = Gauge("zoneportal_database_connections", "Connections to the database that are in use")
MOST_CONNECTIONS = Gauge(
    "zoneportal_database_connections_most", "Connections to the database that may be in use at once"
)
PATIENCE_SECONDS = 5.0
"""Of who waits for a connection."""

_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?![:\w])")

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
    names: dict[str, str] = {}
    statement = _BIND.sub(lambda bind: names.setdefault(bind[1], f"${len(names) + 1}"), sql)
    return statement, tuple(names)


def _bound(sql: str, params: Mapping[str, Any]) -> tuple[Any, ...]:
    statement, names = _compiled(sql)
    return (statement, *(params[name] for name in names))


@lru_cache(maxsize=2000)
def _beginning(begin: str, caller: tuple[str, ...]) -> str:
    """Begins a transaction and tells PostgreSQL who is calling, in one round trip: as literals, since statements that
    go together have no binds.
    """
    told = ", ".join(
        f"set_config('app.{name}', {_literal(value)}, true)" for name, value in zip(_TOLD, caller, strict=True)
    )
    return f"{begin}; SELECT {told}"


def _literal(value: str) -> str:
    """As PostgreSQL reads it under ``standard_conforming_strings``, which each connection has on."""
    if "\0" in value:
        raise asyncpg.CharacterNotInRepertoireError("a zero byte")
    return "'" + value.replace("'", "''") + "'"


_TOLD = ("scope", "tenant", "unit", "tenants", "sub", "roles", "client")
_NOBODY = ("",) * len(_TOLD)


def _about(caller: Caller | None) -> tuple[str, ...]:
    """What policies judge by, in the order of ``_TOLD``."""
    if caller is None:
        return _NOBODY
    return (
        caller.scope,
        caller.tenant or "",
        caller.unit or "",
        ",".join(sorted(caller.tenants)),
        caller.sub,
        ",".join(sorted(caller.roles)),
        caller.client or "",
    )


class Session:
    """One transaction. Statements are SQL with ``:name`` binds; casts are written ``CAST(:x AS text)``.

    Begins with the first statement, which first tells PostgreSQL who is calling (``SET LOCAL``).
    """

    def __init__(self, database: "Database", caller: Caller | None) -> None:
        self.caller = caller
        self._database = database
        self._begin = "BEGIN"
        self._connection: asyncpg.Connection | None = None
        self._due: dict[Callable[[Session, list[Any]], Awaitable[None]], list[Any]] = {}

    def as_of_one_moment(self) -> None:
        """Has all be read as of the first statement, which is yet to come."""
        self._begin = "BEGIN ISOLATION LEVEL REPEATABLE READ"

    def before_commit(self, work: Callable[["Session", list[Any]], Awaitable[None]], item: object) -> None:
        """Does ``work`` once at the end of the transaction, with all items that were given for it."""
        self._due.setdefault(work, []).append(item)

    async def rows(self, sql: str, **params: Any) -> Sequence[RowMapping]:
        connection = await self._begun()
        found: Sequence[RowMapping] = await connection.fetch(*_bound(sql, params), record_class=_Row)
        return found

    async def row(self, sql: str, **params: Any) -> RowMapping | None:
        found = await self.rows(sql, **params)
        return found[0] if found else None

    async def value(self, sql: str, **params: Any) -> Any:
        connection = await self._begun()
        found = await connection.fetch(*_bound(sql, params))
        return found[0][0] if found else None

    async def run(self, sql: str, **params: Any) -> int:
        """Executes a changing statement; the number of rows that it touched."""
        connection = await self._begun()
        touched = (await connection.execute(*_bound(sql, params))).rpartition(" ")[2]
        return int(touched) if touched.isdigit() else 0

    async def run_all(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Executes a changing statement for each of the rows, all in one round trip."""
        if rows:
            statement, names = _compiled(sql)
            connection = await self._begun()
            await connection.executemany(statement, [tuple(row[name] for name in names) for row in rows])

    async def json(self, sql: str, **params: Any) -> bytes:
        """The rows as a JSON array, built in PostgreSQL; ``[]`` when there are none."""
        built = f"SELECT CAST(coalesce(json_agg(row_to_json(t)), '[]') AS text) FROM ({sql}) t"  # noqa: S608
        return str(await self.value(built, **params)).encode()

    async def json_one(self, sql: str, **params: Any) -> bytes | None:
        """The first row as a JSON object, built in PostgreSQL."""
        built = await self.value(f"SELECT CAST(row_to_json(t) AS text) FROM ({sql}) t LIMIT 1", **params)  # noqa: S608
        return None if built is None else str(built).encode()

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """An exception undoes what was done within, and what was to be done for it before the commit; the transaction
        can go on.
        """
        connection, due = await self._begun(), {work: list(items) for work, items in self._due.items()}
        await connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._due = due
            with suppress(*failures.DATABASE):
                await connection.execute("ROLLBACK TO part")
            raise
        await connection.execute("RELEASE part")

    async def commit(self) -> None:
        """Does what is due before, then commits; raises when PostgreSQL does not, after a statement that failed."""
        while self._due:
            work = next(iter(self._due))
            await work(self, self._due.pop(work))
        if self._connection is not None:
            if await self._connection.execute("COMMIT") != "COMMIT":
                raise asyncpg.InFailedSQLTransactionError("a statement failed, and so nothing was committed")
            await self._leave()

    async def rollback(self) -> None:
        """Undoes what was not committed, as the server has done where the connection is lost."""
        self._due.clear()
        if self._connection is not None:
            with suppress(*failures.DATABASE):
                if not self._connection.is_closed() and self._connection.is_in_transaction():
                    await self._connection.execute("ROLLBACK")
            await self._leave()

    async def _begun(self) -> asyncpg.Connection:
        if self._connection is None:
            connection = await self._database._taken()
            try:
                await connection.execute(_beginning(self._begin, _about(self.caller)))
            except BaseException:
                await self._database._given_back(connection)
                raise
            self._connection = connection
        return self._connection

    async def _leave(self) -> None:
        connection, self._connection = self._connection, None
        await self._database._given_back(connection)


class Database:
    """The service's own database, by at most so many connections of this process.

    ``needs`` is the newest migration that the process knows; a database that is not as far is not ready for it.
    """

    needs: ClassVar[str] = ""

    def __init__(self, url: str, *, most: int = 16) -> None:
        self.url, self._most = url, most
        self._pool: asyncpg.Pool | None = None
        MOST_CONNECTIONS.inc(most)

    @asynccontextmanager
    async def session(self, caller: Caller | None = None) -> AsyncIterator[Session]:
        """A transaction that is committed at the end, and rolled back by an exception."""
        session = Session(self, caller)
        try:
            yield session
            await session.commit()
        finally:
            await session.rollback()

    async def ready(self) -> None:
        """Raises when the database does not answer, or waits for a migration."""
        async with self.session() as session:
            if not self.needs:
                await session.value("SELECT true")
            elif (found := await session.value("SELECT max(version_num) FROM alembic_version")) < self.needs:
                raise LookupError(f"the database is at migration {found}, not {self.needs}")

    async def close(self) -> None:
        """Waits for those who have a connection, but not for long."""
        if self._pool is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._pool.close(), PATIENCE_SECONDS)
            self._pool = None

    async def _taken(self) -> asyncpg.Connection:
        async with asyncio.timeout(PATIENCE_SECONDS):
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self.url,
                    min_size=0,
                    max_size=self._most,
                    init=_read_json,
                    reset=_as_it_is,
                    timeout=PATIENCE_SECONDS,
                    statement_cache_size=500,
                    max_cached_statement_lifetime=0,
                    server_settings={"timezone": "UTC", "lock_timeout": "4s", "standard_conforming_strings": "on"},
                )
            connection = await self._pool.acquire()
        CONNECTIONS.inc()
        return connection

    async def _given_back(self, connection: asyncpg.Connection) -> None:
        CONNECTIONS.dec()
        if self._pool is not None:
            with suppress(*failures.DATABASE):  # by what the pool cannot reset, and so has closed
                await self._pool.release(connection)


async def _read_json(connection: asyncpg.Connection) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, schema="pg_catalog", encoder=str, decoder=json.loads)


async def _as_it_is(connection: asyncpg.Connection) -> None:
    """Spares the round trip that would reset a connection: what a transaction sets ends with it."""


async def _session(request: Request) -> Session:
    session: Session = request.state.db
    session.caller = await request.app.state.authenticator.caller(request)
    return session


Db = Annotated[Session, Depends(_session)]


async def _public_session(request: Request) -> Session:
    session: Session = request.state.db
    session.caller = PUBLIC
    return session


PublicDb = Annotated[Session, Depends(_public_session)]
"""For routes that are open to everybody; a policy has to let the scope ``public`` read."""
