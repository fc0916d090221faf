"""A task of each process of the portal: makes long files that were asked for, with the rights of their sessions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from urllib.parse import parse_qsl

import httpx
import jwt

from chassis import clock, telemetry
from chassis.auth import Caller, caller_of
from chassis.spreadsheets import Growing
from chassis.tenancy import Database, RowMapping, Session
from portal.exports import store
from portal.exports.columns import Listed
from portal.exports.files import FILES
from portal.exports.rules import MOST, TRIES, Failure, TooMany
from portal.exports.wholes import MOST as MOST_OF_WHOLES
from portal.exports.wholes import Reading, Whole
from portal.session import store as sessions
from portal.session.keeper import Sessions
from portal.session.rules import WebSession
from portal.web import language
from portal.web.api import Api, Forbidden, LoginNeeded, Missing
from portal.web.lists import page_of
from portal.web.organizations import Organizations

REST_SECONDS, NOTED_SECONDS = 5.0, 2.0


class _Lost(Exception):
    """Its session has ended meanwhile, or another process has it."""


_FOR_GOOD: dict[type[Exception], Failure] = {
    LoginNeeded: Failure.SESSION,
    TooMany: Failure.TOO_MANY,
    Forbidden: Failure.REFUSED,
    Missing: Failure.REFUSED,
}


class Making:
    """One at a time, held by name while it is made, so that no other process makes it too; a process that ends leaves
    it to the next. ``asked`` is set by whoever has asked for one, for it to begin at once.
    """

    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        organizations: Organizations,
        http: httpx.AsyncClient,
        worker: str,
    ) -> None:
        self._database, self._sessions, self._organizations = database, sessions, organizations
        self._http, self._worker = http, worker
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
            await clock.rest(REST_SECONDS, self.asked)

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
        file = FILES.get(export["list"]) if export else None
        if export is None or file is None:
            raise Missing
        language.use(export["language"])
        given = dict(parse_qsl(export["query"]))
        make = self._whole(task, file, given) if isinstance(file, Whole) else self._list(task, file, given)
        await self._end(task, content=await make)

    async def _whole(self, task: RowMapping, whole: Whole, given: dict[str, str]) -> bytes:
        """Noting every other second how far it is."""
        session = await self._session(task)
        user = caller_of(jwt.decode(session.tokens.access, options={"verify_signature": False}), "")
        office = await self._organizations.of(user, await self._api(task))
        reading = Reading(lambda: self._api(task), user, office.name[0], MOST_OF_WHOLES)
        making = asyncio.ensure_future(whole.make(reading, given))
        try:
            while not (await asyncio.wait({making}, timeout=NOTED_SECONDS))[0]:
                await self._note(task, reading.done)
        finally:
            making.cancel()
        made = await making
        await self._note(task, reading.done)
        return made.content

    async def _list(self, task: RowMapping, listed: Listed, given: dict[str, str]) -> bytes:
        asked = listed.asked(given)
        if asked is None:
            raise Missing
        with closing(await asyncio.to_thread(Growing, *listed.heading())) as book:
            await self._fill(task, listed, asked, book)
            return await asyncio.to_thread(book.content)

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
                raise TooMany
            await self._note(task, done)

    async def _note(self, task: RowMapping, done: int) -> None:
        """How far it is; whoever notes that goes on holding it."""
        async with self._as_owner(task) as db:
            if not await store.go_on(db, task, done, clock.now()):
                raise _Lost

    async def _session(self, task: RowMapping) -> WebSession:
        """Of who asked, as long as it lives: it is not kept alive by this."""
        session = await self._sessions.of(task["session_key"], active=False)
        if session is None:
            raise LoginNeeded
        return session

    async def _api(self, task: RowMapping) -> Api:
        """With a token that is good for some time."""
        return Api(self._http, (await self._session(task)).tokens.access)

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
