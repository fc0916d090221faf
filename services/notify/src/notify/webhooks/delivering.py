"""A task of the worker: posts what waits to the receivers, each webhook on a lane of its own."""

import asyncio
import contextlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from prometheus_client import Counter

from chassis import clock, telemetry
from chassis.events import uuid7
from chassis.failures import passing
from chassis.tenancy import Database, RowMapping, Session
from notify.deliveries import store as deliveries
from notify.inbox import store as inbox
from notify.inbox.store import Told
from notify.webhooks import notices, queue, rules, signing
from notify.webhooks.queue import Try
from notify.webhooks.rules import Reason, Standing, Verdict
from notify.webhooks.sending import Exchange, Sender

ATTEMPTS = Counter("zoneportal_webhook_attempts_total", "Tries to post an event to a webhook", ["outcome"])
TRANSACTIONS = 4
REST_SECONDS = 0.3
GRACE_SECONDS = 3
Ended = tuple[Try, Exchange]


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
                for webhook in busy:
                    if webhook["id"] not in self._lanes:
                        self._open(webhook["id"], 1 if webhook["failing"] else rules.AT_ONCE)
            except Exception as error:
                telemetry.log.warning("webhooks interrupted: %s: %s", type(error).__name__, error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), REST_SECONDS)
        await self._end()

    def _open(self, webhook_id: UUID, room: int) -> None:
        lane = self._lanes[webhook_id] = asyncio.create_task(self.lane(webhook_id, room))

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

    async def lane(self, webhook_id: UUID, room: int = rules.AT_ONCE) -> None:
        """Delivers what a webhook has due, until there is nothing more; ``room`` many at once to begin with. What has
        ended meanwhile is noted together.
        """
        running: set[asyncio.Task[Ended]] = set()
        ended: list[Ended] = []
        try:
            while True:
                for tried in await self._turn(webhook_id, ended, room - len(running)):
                    running.add(asyncio.create_task(self._try(tried)))
                if not running:
                    return
                done, running = await asyncio.wait(running, timeout=REST_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                ended = [task.result() for task in done]
                for _, exchange in ended:
                    room = rules.room(room, exchange.reason)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _turn(self, webhook_id: UUID, ended: Sequence[Ended], free: int) -> list[Try]:
        """Notes what has ended and takes what is due, waiting for the database as long as it is away."""
        while True:
            try:
                async with self._transactions, self._database.session() as db:
                    if ended:
                        await _settle(db, webhook_id, ended, self._now())
                    return await self._take(db, webhook_id, free) if free > 0 else []
            except Exception as error:
                if not passing(error):
                    raise
                telemetry.log.warning("webhook %s waits for the database: %s", webhook_id, error)
                await asyncio.sleep(REST_SECONDS)

    async def _take(self, db: Session, webhook_id: UUID, most: int) -> list[Try]:
        """What is due now; what came meanwhile is put down when there is room for it."""
        now = self._now()
        taken = list(await queue.take(db, webhook_id, most, self._worker, now))
        if len(taken) < most:
            await queue.plan(db, webhook_id, now)
            taken += await queue.take(db, webhook_id, most - len(taken), self._worker, now)
        return await _begun(db, webhook_id, taken, now) if taken else []

    async def _try(self, tried: Try) -> Ended:
        came = json.loads(tried.body).get("traceparent")
        with telemetry.telling("webhook", came, **{"messaging.message.id": tried.delivery["message_id"]}):
            headers = tried.headers | {"traceparent": telemetry.traceparent() or ""}
            exchange = await self._sender.post(tried.delivery["url"], tried.body, headers)
        ATTEMPTS.labels(exchange.reason or "delivered").inc()
        return tried, exchange


async def _begun(db: Session, webhook_id: UUID, taken: Sequence[RowMapping], now: datetime) -> list[Try]:
    """The tries of what was taken; what has no body any more is dropped."""
    keys, tries = await queue.secrets(db, webhook_id, now), []
    for delivery in taken:
        body = _body(delivery)
        if body is None:
            await queue.drop(db, delivery["id"], now)
        else:
            headers = signing.headers(delivery["message_id"], body, keys, now)
            tries.append(Try(uuid7(), delivery, body, headers))
    await queue.begin(db, tries, now)
    return tries


def _body(delivery: RowMapping) -> str | None:
    """What is posted; None when its event is no longer kept."""
    if delivery["tenant"] is not None:
        found: str | None = delivery["body"]
        return found
    return signing.test_event(delivery["message_id"], str(delivery["webhook_id"]), delivery["created_at"])


async def _settle(db: Session, webhook_id: UUID, ended: Sequence[Ended], now: datetime) -> None:
    """Notes what becomes of deliveries, and how their webhook stands after them; tells the owner when it is time."""
    rests_until = now
    if any(exchange.reason or tried.delivery["failing_since"] for tried, exchange in ended):
        rests_until = await _note_standing(db, webhook_id, [exchange.reason for _, exchange in ended], now)
    await queue.end(db, [(*each, _judged(*each, now, rests_until)) for each in ended], now)


def _judged(tried: Try, exchange: Exchange, now: datetime, rests_until: datetime) -> Verdict:
    chance = random.random()  # noqa: S311 - no secret
    delivery = tried.delivery
    verdict = rules.judge(exchange.reason, tries=delivery["tries"], since=delivery["since"], now=now, chance=chance)
    return replace(verdict, next_try=verdict.next_try and max(verdict.next_try, rests_until))


async def _note_standing(db: Session, webhook_id: UUID, reasons: Sequence[Reason | None], now: datetime) -> datetime:
    """Until when the webhook rests."""
    webhook = await queue.standing(db, webhook_id)
    if webhook is None:
        return now
    before = after = Standing(webhook["failing_since"], webhook["paused"], webhook["told_at"])
    for reason in reasons:
        after = rules.stands(after, reason, now)
    rest = rules.rest(after.failing_since, now)
    if after != before or rest:
        await queue.stand(db, webhook_id, after, now + rest if rest else None)
    if rules.is_back(before, after, now):
        await queue.hasten(db, webhook_id, now)
    if after.told_at != before.told_at:
        told = notices.notice(dict(webhook), after, now)
        await inbox.put(db, [Told(told, await inbox.next_position(db))])
        await deliveries.deliver(db, [notices.letter(told, webhook["contact"], now)])
    return now + rest
