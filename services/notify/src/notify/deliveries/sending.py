"""Tasks of the worker that send what is due, one for each channel; and one that tells them when something is."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from prometheus_client import Counter

from chassis import clock, telemetry
from chassis.tenancy import Database, RowMapping
from notify.channels import Channel, Message, Outcome, Result
from notify.deliveries import queue, rules

TRIES = Counter("zoneportal_delivery_tries_total", "Tries to send a message", ["channel", "outcome"])
REST_SECONDS = 0.5
GRACE_SECONDS = 3


class Sending:
    """One channel. Nothing but the pool of connections is shared with others, so a slow channel delays no other."""

    def __init__(
        self,
        database: Database,
        name: str,
        channel: Channel,
        *,
        worker: str,
        gateway_url: str,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._database, self._name, self._channel = database, name, channel
        self._worker, self._gateway_url, self._now = worker, gateway_url.rstrip("/"), now
        self._transaction = asyncio.Lock()
        self._failures, self._away_until = 0, 0.0
        self.running: set[asyncio.Task[None]] = set()
        self.due = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Sends what is due until ``stop`` is set; then lets tries end for a moment."""
        released, stopping = False, asyncio.create_task(stop.wait())
        while not stop.is_set():
            self.due.clear()
            try:
                if not released:
                    await self.release()
                released = True
                await self.begin()
            except Exception as error:
                telemetry.log.warning("%s interrupted: %s: %s", self._name, type(error).__name__, error)
            waking = asyncio.create_task(self.due.wait())
            await asyncio.wait({stopping, waking, *self.running}, return_when=asyncio.FIRST_COMPLETED)
            waking.cancel()
        await self._end()

    async def release(self) -> None:
        """Lets go of what this worker held when it was ended."""
        async with self._transaction, self._database.session() as db:
            await queue.release(db, self._name, self._worker)

    async def begin(self) -> None:
        """Begins as many tries as may run side by side; one alone while the other end seems to be away."""
        free = (1 if self._failures else self._channel.at_once) - len(self.running)
        if free <= 0 or time.monotonic() < self._away_until:
            return
        async with self._transaction, self._database.session() as db:
            taken = await queue.take(db, self._name, free, self._channel.limits, self._worker, self._now())
        for tried in taken:
            task = asyncio.create_task(self._try(tried))
            self.running.add(task)
            task.add_done_callback(self.running.discard)

    async def _try(self, tried: RowMapping) -> None:
        begun = time.monotonic()
        result = await self._sent(tried)
        took = int((time.monotonic() - begun) * 1000)
        self._note(result)
        try:
            await self._settle(tried, result, took)
        except Exception as error:
            telemetry.log.warning("delivery %s not noted: %s: %s", tried["id"], type(error).__name__, error)

    async def _sent(self, tried: RowMapping) -> Result:
        message = Message(
            id=tried["id"],
            address=tried["address"],
            title=tried["title"],
            body=tried["body"],
            url=self._gateway_url + tried["href"],
            at=tried["at"],
        )
        try:
            with telemetry.telling(self._name, None, **{"messaging.message.id": str(message.id)}):
                return await self._channel.send(message)
        except Exception as error:
            return Result(Outcome.UNKNOWN, type(error).__name__, "发送时出现意外错误，消息可能已经送出。")

    def _note(self, result: Result) -> None:
        TRIES.labels(self._name, result.outcome).inc()
        if not result.away:
            self._failures = 0
        elif time.monotonic() >= self._away_until:
            self._failures += 1
            self._away_until = time.monotonic() + rules.rest(self._failures).total_seconds()

    async def _settle(self, tried: RowMapping, result: Result, took: int) -> None:
        now, chance = self._now(), random.random()  # noqa: S311 - no secret
        verdict = rules.judge(result, tries=tried["tries"], since=tried["since"], now=now, chance=chance)
        if result.outcome is not Outcome.SENT:
            telemetry.log.warning("%s %s not sent: %s", self._name, tried["id"], result.reason)
        async with self._transaction, self._database.session() as db:
            await queue.end(db, tried, result, took, verdict, now)
            if result.pause:
                until = max(now + result.pause, verdict.next_try or now)
                await queue.hold_back(db, self._name, tried["address"], until)

    async def _end(self) -> None:
        if self.running:
            _, late = await asyncio.wait(self.running, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def look(database: Database, channels: Mapping[str, Sending], stop: asyncio.Event) -> None:
    """Twice a second, wakes the channels that have something to send."""
    while not stop.is_set():
        try:
            async with database.session() as db:
                found = await queue.due(db, clock.now())
            for name in channels.keys() & found:
                channels[name].due.set()
        except Exception as error:
            telemetry.log.warning("deliveries are not looked for: %s: %s", type(error).__name__, error)
        await clock.rest(REST_SECONDS, stop)
