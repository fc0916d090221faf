"""Out: an event is stored in the transaction that caused it, and published from there, in order, at least once."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import asyncpg
from kafka import KafkaProducer
from prometheus_client import Counter, Gauge

from chassis import telemetry
from chassis.events import Event
from chassis.settings import Settings
from chassis.tenancy import Session

PUBLISHED = Counter("zoneportal_events_published_total", "Events that the broker has taken", ["topic"])
WAITING = Gauge("zoneportal_outbox_waiting", "Events read from the outbox and not yet taken by the broker")

BATCH = 500
LEADER = 7_241_001
FALLBACK_SECONDS = 1.0


async def add(db: Session, topic: str, event: Event) -> None:
    """Stores an event to be published to ``topic`` once this transaction has committed."""
    await add_all(db, [(topic, event)])


async def add_all(db: Session, told: Iterable[tuple[str, Event]]) -> None:
    """Has events stored, each with its topic, to be published in this order; those of a transaction are stored together
    at its end.
    """
    for each in told:
        db.before_commit(_store, each)


async def _store(db: Session, told: Sequence[tuple[str, Event]]) -> None:
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


class Publisher:
    """Publishes the outbox of one database. Of several publishers one leads (an advisory lock); the others stand by.

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
                connection = await asyncpg.connect(self._settings.database_url, timeout=5, command_timeout=30)
                try:
                    await self._lead(connection, stop)
                finally:
                    await self._drop_producer()
                    with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                        await connection.close(timeout=2)
            except Exception as error:
                telemetry.log.warning("outbox publisher interrupted: %s: %s", type(error).__name__, error)
                await _pause(stop, 0.5)

    async def _lead(self, connection: Any, stop: asyncio.Event) -> None:
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LEADER):
            if await _pause(stop, 1):
                return
        await connection.add_listener("outbox", lambda *_: self._wake.set())
        while not stop.is_set():
            self._wake.clear()
            rows = await connection.fetch(f"SELECT * FROM outbox ORDER BY position LIMIT {BATCH}")  # noqa: S608
            WAITING.set(len(rows))
            if rows:
                taken = await asyncio.to_thread(self._publish, rows)
                await connection.execute("DELETE FROM outbox WHERE id = ANY($1)", taken)
                if len(taken) < len(rows):
                    raise ConnectionError(f"the broker did not take {len(rows) - len(taken)} events")
                WAITING.set(0)
            else:
                await self._rest(stop)

    async def _rest(self, stop: asyncio.Event) -> None:
        waiting = [asyncio.create_task(self._wake.wait()), asyncio.create_task(stop.wait())]
        await asyncio.wait(waiting, timeout=FALLBACK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()

    def _publish(self, rows: Sequence[Any]) -> list[Any]:
        """Sends the rows; the ids of those that the broker took, less any that follow a refused one of their key."""
        if self._producer is None:
            self._producer = KafkaProducer(
                **self._settings.kafka,
                acks="all",
                enable_idempotence=True,
                max_block_ms=10_000,
                request_timeout_ms=10_000,
                delivery_timeout_ms=20_000,
                linger_ms=2,
            )
        sent = [(row, self._send(row)) for row in rows]
        self._producer.flush()
        taken: list[Any] = []
        refused: set[str] = set()
        for row, future in sent:
            if row["subject"] in refused or not future.succeeded():
                refused.add(row["subject"])
            else:
                taken.append(row["id"])
                PUBLISHED.labels(row["topic"]).inc()
        return taken

    def _send(self, row: Mapping[str, Any]) -> Any:
        assert self._producer is not None  # noqa: S101 - made by _publish
        return self._producer.send(**message(row))

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            with contextlib.suppress(Exception):
                await asyncio.to_thread(producer.close, 2)


async def _pause(stop: asyncio.Event, seconds: float) -> bool:
    """Waits, or less when stopped; whether it was."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()
