"""A task of each process of the portal: makes long lists that were asked for, with the rights of their sessions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from urllib.parse import parse_qsl

import httpx

from chassis import clock, telemetry
from chassis.auth import Caller
from chassis.spreadsheets import Growing
from chassis.tenancy import Database, RowMapping, Session
from portal.exports import store
from portal.exports.columns import Listed
from portal.exports.lists import LISTS
from portal.exports.rules import MOST, TRIES, Failure
from portal.session import store as sessions
from portal.session.keeper import Sessions
from portal.web import language
from portal.web.api import Api, Forbidden, LoginNeeded, Missing
from portal.web.lists import page_of

REST_SECONDS = 5.0


class _TooMany(Exception):
    """More rows than a file may have."""


class _Lost(Exception):
    """Its session has ended meanwhile, or another process has it."""


_FOR_GOOD: dict[type[Exception], Failure] = {
    LoginNeeded: Failure.SESSION,
    _TooMany: Failure.TOO_MANY,
    Forbidden: Failure.REFUSED,
    Missing: Failure.REFUSED,
}


class Making:
    """One at a time, held by name while it is made, so that no other process makes it too; a process that ends leaves
    it to the next. ``asked`` is set by whoever has asked for one, for it to begin at once.
    """

    def __init__(self, database: Database, sessions: Sessions, http: httpx.AsyncClient, worker: str) -> None:
        self._database, self._sessions, self._http, self._worker = database, sessions, http, worker
        self._begins = True
        self.asked = asyncio.Event()

    async def keep_making(self) -> None:
        """Makes what there is, and forgets what was kept long enough, again and again."""
        while True:
            self.asked.clear()
            try:
                await self._forget()
                while await self._make_next():
                    pass
            except Exception as error:
                telemetry.log.warning("exports wait: %s: %s", type(error).__name__, error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.asked.wait(), REST_SECONDS)

    async def _forget(self) -> None:
        async with self._database.session() as db:
            await store.forget(db, clock.now())

    async def _make_next(self) -> bool:
        """Whether there was one to make."""
        async with self._database.session() as db:
            task = await store.take(db, self._worker, clock.now(), left=self._begins)
        self._begins = False
        if task is None:
            return False
        try:
            await self._make(task)
        except _Lost:
            telemetry.log.info("export %s is not ours any more", task["id"])
        except asyncio.CancelledError:
            async with self._database.session() as db:
                await store.give_back(db, task)
            raise
        except Exception as error:
            await self._fail(task, error)
        return True

    async def _make(self, task: RowMapping) -> None:
        async with self._as_owner(task) as db:
            export = await store.get(db, task["id"])
        listed = LISTS.get(export["list"]) if export else None
        asked = listed.asked(dict(parse_qsl(export["query"]))) if export and listed else None
        if export is None or listed is None or asked is None:
            raise Missing
        language.use(export["language"])
        with closing(await asyncio.to_thread(Growing, *listed.heading())) as book:
            await self._fill(task, listed, asked, book)
            content = await asyncio.to_thread(book.content)
        await self._end(task, content=content)

    async def _fill(self, task: RowMapping, listed: Listed, asked: tuple[str, dict[str, str]], book: Growing) -> None:
        """Page by page, noting how far it is."""
        path, narrowed = asked
        done = 0
        cursor: str | None = ""
        while cursor is not None:
            rows, cursor = await page_of(await self._api(task), path, cursor, **narrowed)
            await asyncio.to_thread(book.add, listed.cells(rows))
            done += len(rows)
            if done > MOST:
                raise _TooMany
            async with self._as_owner(task) as db:
                if not await store.go_on(db, task, done, clock.now()):
                    raise _Lost

    async def _api(self, task: RowMapping) -> Api:
        """With a token that is good for some time, as long as the session lives: it is not kept alive by this."""
        session = await self._sessions.of(task["session_key"], active=False)
        if session is None:
            raise LoginNeeded
        return Api(self._http, session.tokens.access)

    async def _fail(self, task: RowMapping, error: Exception) -> None:
        """For good where a further try would be no use."""
        failure = _FOR_GOOD.get(type(error))
        telemetry.log.warning("export %s, try %d: %s: %s", task["id"], task["tries"], type(error).__name__, error)
        if failure is None and task["tries"] < TRIES:
            async with self._database.session() as db:
                await store.postpone(db, task, clock.now())
        else:
            await self._end(task, failure=failure or Failure.AWAY)

    async def _end(self, task: RowMapping, *, content: bytes | None = None, failure: str | None = None) -> None:
        """Ends it, and has the pages of its session look."""
        async with self._as_owner(task) as db:
            await store.end(db, task, clock.now(), content=content, failure=failure)
            await sessions.tell(db, task["session_key"])

    @asynccontextmanager
    async def _as_owner(self, task: RowMapping) -> AsyncIterator[Session]:
        """The database as the owner of the export sees it, who needs no role for that."""
        owner = Caller(task["owner"], "", "", frozenset(), None, None, frozenset(), "", 0)
        async with self._database.session(owner) as db:
            yield db
