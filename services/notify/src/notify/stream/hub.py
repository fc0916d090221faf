"""The stream within one process: listens to the database, reads what is new per audience, hands it to subscribers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from prometheus_client import Counter, Gauge

from chassis import telemetry
from chassis.auth import Caller
from chassis.listening import listen
from chassis.streaming import Write
from chassis.tenancy import Database
from notify.inbox import store as inbox
from notify.stream import store
from notify.stream.rules import KEEP_ALIVE, RETRY, News, frame, pause

STREAMS = Gauge("zoneportal_streams", "Open streams")
DROPPED = Counter("zoneportal_streams_dropped_total", "Streams ended because their reader was too slow")
BATCH = 200
QUEUED = 16
KEEP_ALIVE_SECONDS = 15.0
AT_ONCE = 4
"""Audiences that are read for at the same time."""


class Subscriber:
    """A stream of one person. ``position`` is how far it has been given the news."""

    __slots__ = ("audience", "caller", "dropped", "position", "queue")

    def __init__(self, caller: Caller, audience: str, position: int) -> None:
        self.caller, self.audience, self.position = caller, audience, position
        self.queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUED)
        self.dropped = asyncio.Event()

    def give(self, frames: bytes) -> None:
        """Queues frames; a subscriber whose queue is full is dropped, for its client to connect again."""
        if self.queue.full() and not self.dropped.is_set():
            DROPPED.inc()
            self.dropped.set()
        if not self.dropped.is_set():
            self.queue.put_nowait(frames)

    async def next(self) -> bytes:
        """The next frames, or a sign of life."""
        try:
            async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                return await self.queue.get()
        except TimeoutError:
            return KEEP_ALIVE


class Hub:
    """The subscribers by audience, and the audiences that have news.

    What a subscriber is given was read under row-level security as one of its audience.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._subscribers: dict[str, set[Subscriber]] = {}
        self._pending: set[str] = set()
        self._wake = asyncio.Event()
        self._readers = asyncio.Semaphore(AT_ONCE)

    @property
    def audiences(self) -> frozenset[str]:
        """Those that somebody subscribes to now."""
        return frozenset(self._subscribers)

    async def tell(self, subscriber: Subscriber, write: Write) -> None:
        """Writes all news after the subscriber's position, beginning with what it has missed. Never returns."""
        self._add(subscriber)
        try:
            await write(RETRY)
            while True:
                await write(await subscriber.next())
        finally:
            self._remove(subscriber)

    def _add(self, subscriber: Subscriber) -> None:
        self._subscribers.setdefault(subscriber.audience, set()).add(subscriber)
        STREAMS.inc()
        self._note(subscriber.audience)

    def _remove(self, subscriber: Subscriber) -> None:
        members = self._subscribers[subscriber.audience]
        members.discard(subscriber)
        STREAMS.dec()
        if not members:
            del self._subscribers[subscriber.audience]

    def end(self) -> None:
        """Ends all streams; their clients connect again, to whoever is there then."""
        for members in self._subscribers.values():
            for subscriber in members:
                subscriber.dropped.set()

    def _note(self, audience: str) -> None:
        if audience in self._subscribers:
            self._pending.add(audience)
            self._wake.set()

    async def listen(self) -> None:
        """Notes who has news, and after a break everybody."""
        await listen(self._database.url, store.CHANNEL, self._note, self._note_all)

    def _note_all(self) -> None:
        self._pending.update(self._subscribers)
        self._wake.set()

    async def pump(self) -> None:
        """Reads what is new for each audience that was named, and hands it out; tries again what fails."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            pending, self._pending = self._pending, set()
            served = await asyncio.gather(*map(self._served, pending))
            failed = [audience for audience, done in zip(pending, served, strict=True) if not done]
            if failed:
                await asyncio.sleep(0.5)
                self._pending.update(failed)
                self._wake.set()
            await asyncio.sleep(pause(sum(map(len, self._subscribers.values()))))

    async def _served(self, audience: str) -> bool:
        try:
            async with self._readers:
                await self._serve(audience)
        except Exception as error:
            telemetry.log.warning("news of %s delayed: %s: %s", audience, type(error).__name__, error)
            return False
        return True

    async def _serve(self, audience: str) -> None:
        while members := list(self._subscribers.get(audience, ())):
            by_person: dict[str, list[Subscriber]] = {}
            for member in members:
                by_person.setdefault(member.caller.sub, []).append(member)
            news, unread = await self._read(members[0].caller, min(member.position for member in members))
            for sub, mine in by_person.items():
                told = unread if sub == members[0].caller.sub else await self._unread(mine[0].caller, news)
                self._hand_out(mine, news, told)
            if len(news) < BATCH:
                break

    async def _read(self, caller: Caller, position: int) -> tuple[list[News], int]:
        """What is new, and how many entries the caller has not read."""
        async with self._database.session(caller) as db:
            rows = await store.since(db, caller.sub, position, BATCH)
            news = [News(row["position"], row["is_entry"], row["body"]) for row in rows]
            return news, await inbox.unread(db, caller.sub) if _has_entries(news) else 0

    async def _unread(self, caller: Caller, news: Sequence[News]) -> int:
        if not _has_entries(news):
            return 0
        async with self._database.session(caller) as db:
            return await inbox.unread(db, caller.sub)

    def _hand_out(self, mine: Sequence[Subscriber], news: Sequence[News], unread: int) -> None:
        for subscriber in mine:
            frames = b"".join(frame(item, unread) for item in news if item.position > subscriber.position)
            if frames:
                subscriber.position = news[-1].position
                subscriber.give(frames)


def _has_entries(news: Sequence[News]) -> bool:
    return any(item.is_entry for item in news)


@contextlib.asynccontextmanager
async def running(database: Database) -> AsyncIterator[Hub]:
    """A hub that listens and pumps until the end of the block."""
    hub = Hub(database)
    tasks = [asyncio.create_task(hub.listen()), asyncio.create_task(hub.pump())]
    try:
        yield hub
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
