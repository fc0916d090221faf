"""A task of the worker: posts what waits to the receivers, each webhook on a lane of its own."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy import RowMapping

from chassis import clock, telemetry
from chassis.tenancy import Database, Session
from notify.inbox import store as inbox
from notify.mail import store as mail
from notify.webhooks import notices, queue, rules, signing
from notify.webhooks.rules import Standing
from notify.webhooks.sending import Exchange, Sender

ATTEMPTS = Counter("zoneportal_webhook_attempts_total", "Tries to post an event to a webhook", ["outcome"])
AT_ONCE = 8
"""Tries of one webhook that run side by side."""
TRANSACTIONS = 4
REST_SECONDS = 0.3
GRACE_SECONDS = 3


class Delivering:
    """Nothing but short transactions is shared by the lanes, so a slow receiver delays no other."""

    def __init__(
        self, database: Database, sender: Sender, worker: str, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._database, self._sender, self._worker, self._now = database, sender, worker, now
        self._lanes: dict[UUID, asyncio.Task[None]] = {}
        self._transactions = asyncio.Semaphore(TRANSACTIONS)

    async def run(self, stop: asyncio.Event) -> None:
        """Looks for work three times a second until ``stop`` is set; then lets tries end for a moment."""
        released = False
        while not stop.is_set():
            try:
                async with self._database.session() as db:
                    if not released:
                        await queue.release(db, self._worker)
                    busy = await queue.busy(db, self._now())
                released = True
                for webhook_id in busy:
                    if webhook_id not in self._lanes:
                        self._open(webhook_id)
            except Exception as error:
                telemetry.log.warning("webhooks interrupted: %s: %s", type(error).__name__, error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), REST_SECONDS)
        await self._end()

    def _open(self, webhook_id: UUID) -> None:
        lane = self._lanes[webhook_id] = asyncio.create_task(self.lane(webhook_id))

        def close(done: asyncio.Task[None]) -> None:
            del self._lanes[webhook_id]
            if not done.cancelled() and (error := done.exception()):
                telemetry.log.warning("webhook %s interrupted: %s: %s", webhook_id, type(error).__name__, error)

        lane.add_done_callback(close)

    async def _end(self) -> None:
        lanes = list(self._lanes.values())
        if lanes:
            _, late = await asyncio.wait(lanes, timeout=GRACE_SECONDS)
            for lane in late:
                lane.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def lane(self, webhook_id: UUID) -> None:
        """Delivers what a webhook has due, until there is nothing more."""
        running: set[asyncio.Task[None]] = set()
        try:
            while True:
                for delivery in await self._take(webhook_id, AT_ONCE - len(running)):
                    running.add(asyncio.create_task(self._try(delivery)))
                if not running:
                    return
                done, running = await asyncio.wait(running, timeout=REST_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                for ended in done:
                    ended.result()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _take(self, webhook_id: UUID, most: int) -> list[RowMapping]:
        """What is due now; what came meanwhile is put down when there is room for it."""
        if not most:
            return []
        async with self._transactions, self._database.session() as db:
            taken = list(await queue.take(db, webhook_id, most, self._worker, self._now()))
            if len(taken) < most:
                await queue.plan(db, webhook_id, self._now())
                taken += await queue.take(db, webhook_id, most - len(taken), self._worker, self._now())
            return taken

    async def _try(self, delivery: RowMapping) -> None:
        now, body = self._now(), _body(delivery)
        if body is None:
            gone = rules.Verdict(rules.State.DROPPED)
            async with self._transactions, self._database.session() as db:
                await queue.settle(db, delivery["id"], gone, now)
            return
        async with self._transactions, self._database.session() as db:
            keys = await queue.secrets(db, delivery["webhook_id"], now)
            headers = signing.headers(delivery["message_id"], body, keys, now)
            attempt = await queue.begin(db, delivery, headers, now)
        if attempt is None:
            return
        exchange = await self._sender.post(delivery["url"], body, headers)
        ATTEMPTS.labels(exchange.reason or "delivered").inc()
        async with self._transactions, self._database.session() as db:
            await queue.end(db, attempt, exchange)
            await _settle(db, delivery, exchange, self._now())


def _body(delivery: RowMapping) -> str | None:
    """What is posted; None when its event is no longer kept."""
    if delivery["tenant"] is not None:
        found: str | None = delivery["body"]
        return found
    return signing.test_event(delivery["message_id"], str(delivery["webhook_id"]), delivery["created_at"])


async def _settle(db: Session, delivery: RowMapping, exchange: Exchange, now: datetime) -> None:
    """Notes what becomes of the delivery, and how its webhook stands after it; tells the owner when it is time."""
    webhook = await queue.standing(db, delivery["webhook_id"])
    if webhook is None:
        return
    before = Standing(webhook["failing_since"], webhook["paused"], webhook["told_at"])
    after = rules.stands(before, exchange.reason, now)
    verdict = rules.judge(
        exchange.reason,
        tries=delivery["tries"],
        since=delivery["since"],
        now=now,
        chance=random.random(),  # noqa: S311
    )
    await queue.settle(db, delivery["id"], verdict, now)
    if after == before:
        return
    await queue.stand(db, webhook["id"], after)
    if after.told_at != before.told_at:
        told = notices.notice(dict(webhook), after, now)
        entries = await inbox.put(db, [told], await inbox.next_position(db))
        await mail.deliver(db, entries, webhook["contact"])
