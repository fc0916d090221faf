"""Out: an event is stored in the transaction that caused it, and published from there, in order, at least once."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import takewhile
from typing import Any

import asyncpg
from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError
from kafka.future import Future
from kafka.net.compat import KafkaNetClient
from kafka.protocol.producer import ProduceRequest
from prometheus_client import Counter, Gauge

from chassis import clock, telemetry
from chassis.events import Event
from chassis.leading import BEAT_SECONDS, Lead
from chassis.settings import Settings
from chassis.tenancy import Session

PUBLISHED = Counter("zoneportal_events_published_total", "Events that the broker has taken", ["topic"])
WAITING = Gauge("zoneportal_outbox_waiting", "Events read from the outbox and not yet taken by the broker")

BATCH = 500
LEADER = 7_241_001
FALLBACK_SECONDS = 1.0
ANSWER_SECONDS, DELIVERY_SECONDS, BEYOND_SECONDS = 10.0, 20.0, 5.0
"""A request and an event have so long; a producer that does not tell by then what became of an event never will."""


async def add(db: Session, topic: str, event: Event) -> None:
    """Stores an event to be published to ``topic`` once this transaction has committed."""
    await add_all(db, [(topic, event)])


async def add_all(db: Session, told: Iterable[tuple[str, Event]]) -> None:
    """Stores events, each with its topic, to be published in this order."""
    await db.run_all(
        """
        INSERT INTO outbox (id, topic, type, source, subject, tenant, sequence, time, data, traceparent)
        VALUES (:id, :topic, :type, :source, :subject, :tenant, :sequence, :time, :data, :traceparent)
        """,
        [
            {
                "id": event.id,
                "topic": topic,
                "type": event.type,
                "source": event.source,
                "subject": event.subject,
                "tenant": event.tenant,
                "sequence": event.sequence,
                "time": event.time,
                "data": event.value().decode(),
                "traceparent": event.traceparent,
            }
            for topic, event in told
        ],
    )


def message(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the outbox as it goes onto its topic: ``topic``, ``key``, ``value``, ``headers``."""
    event = Event(
        type=row["type"],
        source=row["source"],
        subject=row["subject"],
        tenant=row["tenant"],
        sequence=row["sequence"],
        data={},
        id=row["id"],
        time=row["time"],
        traceparent=row["traceparent"],
    )
    key, value = row["subject"].encode(), row["data"].encode()
    return {"topic": row["topic"], "key": key, "value": value, "headers": event.headers()}


class _Leased(KafkaNetClient):  # type: ignore[misc]
    """Sends no events once another one can lead: a process may have slept since it was given them."""

    def __init__(self, lead: Lead, **options: Any) -> None:
        super().__init__(**options)
        self._lead = lead

    def send(self, node_id: Any, request: Any, **options: Any) -> Any:
        if isinstance(request, ProduceRequest) and not self._lead.held:
            return Future().failure(KafkaError("another one may lead"))
        return super().send(node_id, request, **options)


def producer_of(settings: Settings, lead: Lead) -> KafkaProducer:
    """A producer that the broker prefers to all that were made before it for this outbox: once it has written to a
    partition, theirs are refused there, whenever they were sent.

    That is the epoch of a transactional id (KIP-98). Transactions themselves are not used: they cost round trips, and
    readers would have to ask for them.
    """
    producer = KafkaProducer(
        **settings.kafka,
        kafka_client=partial(_Leased, lead),
        transactional_id=f"outbox.{settings.kafka_username}",
        acks="all",
        max_block_ms=10_000,
        request_timeout_ms=int(ANSWER_SECONDS * 1000),
        delivery_timeout_ms=int(DELIVERY_SECONDS * 1000),
        linger_ms=2,
    )
    producer.init_transactions()
    producer._transaction_manager.transactional_id = None
    return producer


class Publisher:
    """Publishes the outbox of one database. Of several publishers one leads; the others stand by.

    Rows are read in the order in which their things were locked, not by a high-water mark, so a row that commits
    late is published when it appears. A row goes only after the broker has answered for it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._wake = asyncio.Event()
        self._producer: KafkaProducer | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Publishes until ``stop`` is set; comes back after losing the database or the broker."""
        while not stop.is_set():
            try:
                lead = await Lead.of(self._settings.database_url, LEADER, f"outbox {self._settings.instance}")
                try:
                    await self._lead(lead, stop)
                finally:
                    await self._drop_producer()
                    with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                        await lead.connection.close(timeout=2)
            except Exception as error:
                telemetry.log.warning("outbox publisher interrupted: %s: %s", type(error).__name__, error)
                await _pause(stop, 0.5)

    async def _lead(self, lead: Lead, stop: asyncio.Event) -> None:
        while not await lead.won():
            if await _pause(stop, BEAT_SECONDS):
                return
        await lead.connection.add_listener("outbox", lambda *_: self._wake.set())
        while not stop.is_set():
            self._wake.clear()
            rows = await lead.fetch(f"SELECT * FROM outbox ORDER BY position LIMIT {BATCH}")  # noqa: S608
            WAITING.set(len(rows))
            if rows:
                taken = await self._published(lead, rows)
                await lead.connection.execute("DELETE FROM outbox WHERE id = ANY($1)", taken)
                if len(taken) < len(rows):
                    raise ConnectionError(f"the broker did not take {len(rows) - len(taken)} events")
                WAITING.set(0)
            else:
                await clock.rest(FALLBACK_SECONDS, self._wake, stop)

    async def _published(self, lead: Lead, rows: Sequence[Any]) -> list[Any]:
        """What the broker took, while the database is given signs of life. When they fail, nothing more is sent."""
        publishing = asyncio.create_task(asyncio.to_thread(self._publish, lead, rows))
        try:
            while not (await asyncio.wait((publishing,), timeout=BEAT_SECONDS))[0]:
                await lead.beat()
        except BaseException:
            lead.end()
            self._give_up()
            await asyncio.wait((publishing,))
            raise
        return publishing.result()

    def _publish(self, lead: Lead, rows: Sequence[Any]) -> list[Any]:
        """Sends the rows, for as long as nobody else can lead; the ids of those that the broker took, less any that
        follow a refused one of their key.

        A producer whose event expired after it was sent once gives up its producer id, never asks for another one
        (kafka-python 3.0.12), and would wait for ever.
        """
        if self._producer is None:
            self._producer = producer_of(self._settings, lead)
        producer = self._producer
        sent = [(row, producer.send(**message(row))) for row in takewhile(lambda _: lead.held, rows)]
        with contextlib.suppress(KafkaTimeoutError):
            producer.flush(DELIVERY_SECONDS + BEYOND_SECONDS)
        taken: list[Any] = []
        refused: set[str] = set()
        for row, future in sent:
            if row["subject"] in refused or not future.succeeded():
                refused.add(row["subject"])
            else:
                taken.append(row["id"])
                PUBLISHED.labels(row["topic"]).inc()
        return taken

    def _give_up(self) -> None:
        """Waits for nothing that is not sent: close() does, and leaves the producer at work when that is in vain."""
        if self._producer is not None:
            self._producer._sender.force_close()

    async def _drop_producer(self) -> None:
        self._give_up()
        producer, self._producer = self._producer, None
        if producer is not None:
            with contextlib.suppress(Exception):
                await asyncio.to_thread(producer.close, 2)


async def _pause(stop: asyncio.Event, seconds: float) -> bool:
    """Waits, or less when stopped; whether it was."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()
