"""Where events wait that could not be handled: retried with growing pauses, in the order of their key, then buried.

The waiting events are rows, so the consumer goes on with other keys and a restart forgets nothing. An operator may
bring back what is buried (``letters``).
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from kafka.consumer.fetcher import ConsumerRecord
from prometheus_client import Counter
from pydantic import BaseModel

from chassis import clock, letters, outbox, telemetry
from chassis.events import Event, EventType
from chassis.failures import passing, said
from chassis.handling import Handler, once
from chassis.tenancy import Database, RowMapping, Session

BURIED = Counter("zoneportal_dead_letters_total", "Events given up", ["consumer"])
ATTEMPTS = 8
BUSY_SECONDS, IDLE_SECONDS = 0.5, 2.0
LONGEST_PAUSE = 120


class Letter(BaseModel):
    """The message as it was read. One that was no event at all has ``partition`` and ``offset``.

    Of such a message bytes that are no text are escaped, and a value beyond 100,000 bytes is cut.
    """

    topic: str
    partition: int | None = None
    offset: int | None = None
    key: str
    headers: dict[str, str]
    value: str


class Buried(BaseModel):
    """A consumer gave up a message; ``reason`` is the last error. Later messages of its key go on."""

    consumer: str
    reason: str
    message: Letter


BURIED_EVENT = EventType(Buried, "消息无法处理，已转入死信 A message was given up")


def buried_type(service: str) -> str:
    """The type of the events on ``dead-letters.<service>``."""
    return f"zoneportal.{service}.event.buried.v1"


def pause(attempts: int) -> int:
    """Seconds before the next try after so many failed ones: 1, 2, 4, … up to two minutes."""
    return int(min(2 ** (attempts - 1), LONGEST_PAUSE))


def key_of(record: ConsumerRecord) -> str:
    """The key as text that PostgreSQL can store."""
    return (record.key or b"").decode("utf-8", "replace").replace("\x00", "")


def _headers(record: ConsumerRecord, errors: str) -> dict[str, str]:
    """As text that PostgreSQL can store."""
    return {name: (content or b"").decode("utf-8", errors).replace("\x00", "") for name, content in record.headers}


class Parking:
    """The parked events of one consumer."""

    def __init__(self, database: Database, service: str, consumer: str, handlers: Mapping[str, Handler]) -> None:
        self._database, self._service, self._consumer, self._handlers = database, service, consumer, handlers
        self._parked, self._idle = asyncio.Event(), False

    async def waiting(self, session: Session, records: Sequence[ConsumerRecord]) -> set[str]:
        """Those keys of the records of which an earlier event is parked."""
        rows = await session.rows(
            "SELECT DISTINCT key FROM parked WHERE consumer = :consumer AND key = ANY(:keys)",
            consumer=self._consumer,
            keys=[key_of(record) for record in records],
        )
        return {row["key"] for row in rows}

    async def park(self, session: Session, record: ConsumerRecord, error: BaseException | None) -> None:
        """Parks an event; with the error it failed by, or behind an earlier one of its key."""
        await session.run(
            """
            INSERT INTO parked (consumer, topic, key, headers, value, attempts, next_try, error)
            VALUES (:consumer, :topic, :key, CAST(:headers AS jsonb), :value, CAST(:attempts AS integer),
                    now() + CAST(:attempts AS integer) * interval '1 second', :error)
            """,
            consumer=self._consumer,
            topic=record.topic,
            key=key_of(record),
            headers=json.dumps(_headers(record, "strict")),
            value=record.value.decode(),
            attempts=0 if error is None else 1,
            error=None if error is None else repr(error)[:2000],
        )
        self._parked.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Retries the heads that are due: looks twice a second while anything is parked, else every other second."""
        while not stop.is_set():
            self._parked.clear()
            try:
                while await self._retry_one():
                    pass
            except Exception as error:
                telemetry.log.warning("retries of %s interrupted: %s", self._consumer, error)
            await clock.rest(IDLE_SECONDS if self._idle else BUSY_SECONDS, self._parked, stop)

    async def _retry_one(self) -> bool:
        async with self._database.session() as session:
            head = await session.row(
                """
                SELECT * FROM parked p
                WHERE consumer = :consumer AND next_try <= now()
                  AND NOT EXISTS (SELECT 1 FROM parked e
                                  WHERE e.consumer = p.consumer AND e.key = p.key AND e.position < p.position)
                ORDER BY position LIMIT 1 FOR UPDATE SKIP LOCKED
                """,
                consumer=self._consumer,
            )
            if head is None:
                self._idle = not await session.value(
                    "SELECT EXISTS (SELECT FROM parked WHERE consumer = :consumer)", consumer=self._consumer
                )
                return False
            await self._retry(session, head)
            return True

    async def _retry(self, session: Session, head: RowMapping) -> None:
        event = Event.of([(name, value.encode()) for name, value in head["headers"].items()], head["value"].encode())
        try:
            async with session.savepoint():
                await once(session, self._consumer, event, self._handlers)
        except Exception as error:
            if passing(error):
                raise
            await self._failed(session, head, event, error)
        else:
            await session.run("DELETE FROM parked WHERE position = :position", position=head["position"])

    async def _failed(self, session: Session, head: RowMapping, event: Event, error: Exception) -> None:
        attempts = head["attempts"] + 1
        if attempts < ATTEMPTS:
            await session.run(
                """
                UPDATE parked
                SET attempts = :attempts, error = :error,
                    next_try = now() + CAST(:pause AS integer) * interval '1 second'
                WHERE position = :position
                """,
                attempts=attempts,
                error=repr(error)[:2000],
                pause=pause(attempts),
                position=head["position"],
            )
            return
        letter = {"topic": head["topic"], "key": head["key"], "headers": head["headers"], "value": head["value"]}
        await self._bury(session, event.subject, event.tenant, letter, said(error))
        await session.run("DELETE FROM parked WHERE position = :position", position=head["position"])

    async def bury_record(self, session: Session, record: ConsumerRecord, reason: str) -> None:
        """Gives up a message that is no event at all."""
        letter = {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "key": key_of(record),
            "headers": _headers(record, "backslashreplace"),
            "value": (record.value or b"")[:100_000].decode("utf-8", "backslashreplace"),
        }
        await self._bury(session, f"{record.topic}-{record.partition}-{record.offset}", None, letter, reason)

    async def _bury(
        self, session: Session, subject: str, tenant: str | None, letter: dict[str, Any], reason: str
    ) -> None:
        telemetry.log.error("event given up: %s", reason)
        BURIED.labels(self._consumer).inc()
        dead = Event(
            type=buried_type(self._service),
            source=f"/zoneportal/{self._service}",
            subject=subject,
            tenant=tenant,
            sequence=0,
            data=BURIED_EVENT.data({"consumer": self._consumer, "reason": reason[:2000], "message": letter}),
        )
        await letters.keep(session, self._consumer, reason[:2000], letter)
        await outbox.add(session, f"dead-letters.{self._service}", dead)
