"""In: an event is handled and its id recorded in one transaction, so that a repeat does nothing."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from prometheus_client import Gauge

from chassis import telemetry
from chassis.events import Event, MalformedEvent
from chassis.failures import passing, said
from chassis.handling import Handler, first_time, handle
from chassis.parking import Parking, key_of
from chassis.settings import Settings
from chassis.tenancy import Database, Session

LAG = Gauge(
    "zoneportal_consumer_lag",
    "Messages of a partition that a consumer has not handled, as of its last reading",
    ["consumer", "topic", "partition"],
)
BATCH = 500
PACE_SECONDS = 0.03
"""From one taking to the next at least, unless it was full: what comes meanwhile is taken together, which spares work
when much comes.
"""
COMMIT_SECONDS = 0.5
IDLE_MS = 1_000
"""The broker answers at once when there is something; so often it says that there is nothing."""
REFUSED_SECONDS = 60.0


class Consumer:
    """Consumes topics (a list, or a regular expression that new topics may come to match) for one service.

    An event whose handler fails is parked and retried with growing pauses; later events of its key wait behind it,
    other keys go on (``Parking``). Types without a handler are passed over. Offsets are committed after the database,
    now and then, and not waited for: what comes again does nothing. ``pace`` is in seconds.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        service: str,
        group: str,
        topics: Sequence[str] | str,
        handlers: Mapping[str, Handler],
        pace: float = PACE_SECONDS,
    ) -> None:
        self._settings, self._database, self._group, self._topics = settings, database, group, topics
        self._handlers, self._pace = handlers, pace
        self._parking = Parking(database, service, group, handlers)
        self._thread = ThreadPoolExecutor(1, f"kafka-{group}")
        self._kafka: KafkaConsumer | None = None
        self._refused_since: float | None = None
        self._taken_since: float | None = None
        """When the oldest of what is taken and not committed was."""

    async def run(self, stop: asyncio.Event) -> None:
        """Consumes until ``stop`` is set; comes back after losing the broker."""
        retries = asyncio.create_task(self._parking.run(stop))
        try:
            while not stop.is_set():
                try:
                    await self._consume(stop)
                except Exception as error:
                    telemetry.log.warning("consumer %s interrupted: %s: %s", self._group, type(error).__name__, error)
                    await asyncio.sleep(0.5)
                finally:
                    await self._close()
        finally:
            await retries
            self._thread.shutdown(wait=False)

    async def _in_thread(self, call: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)

    def _connect(self) -> KafkaConsumer:
        consumer = KafkaConsumer(
            **self._settings.kafka,
            group_id=self._group,
            group_instance_id=f"{self._group}.{self._settings.instance}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            metadata_max_age_ms=3_000,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
            fetch_max_wait_ms=IDLE_MS,
            max_poll_records=BATCH,
        )
        if isinstance(self._topics, str):
            consumer.subscribe(pattern=self._topics)
        else:
            consumer.subscribe(topics=list(self._topics))
        return consumer

    async def _consume(self, stop: asyncio.Event) -> None:
        self._kafka = await self._in_thread(self._connect)
        while not stop.is_set():
            polled = await self._in_thread(self._kafka.poll, IDLE_MS)
            records = [record for partition in polled.values() for record in partition]
            if records:
                begun = time.monotonic()
                await self._persist(records, stop)
                self._measure(polled)
                self._taken_since = self._taken_since or begun
                if len(records) < BATCH:
                    await asyncio.sleep(begun + self._pace - time.monotonic())
            late = self._taken_since and time.monotonic() - self._taken_since > COMMIT_SECONDS
            if (late or self._refused_since) and not stop.is_set():
                await self._in_thread(self._commit)

    def _measure(self, polled: Mapping[TopicPartition, Sequence[ConsumerRecord]]) -> None:
        assert self._kafka is not None  # noqa: S101 - _consume made it
        for place, records in polled.items():
            lag = (self._kafka.highwater(place) or 0) - records[-1].offset - 1
            LAG.labels(self._group, place.topic, place.partition).set(max(0, lag))

    def _commit(self) -> None:
        """The callback is called by a later poll. Raises ConnectionError when commits have been refused for long: the
        consumer is then in a group that the broker no longer knows, and comes out of it by a new connection alone.
        """
        assert self._kafka is not None  # noqa: S101 - _consume made it
        if self._refused_since and time.monotonic() - self._refused_since > REFUSED_SECONDS:
            raise ConnectionError("offsets are refused")
        self._taken_since = None
        self._kafka.commit_async(callback=self._note)

    def _note(self, offsets: Any, response: Any) -> None:
        if not isinstance(response, Exception):
            self._refused_since = None
        elif self._refused_since is None:
            telemetry.log.warning("offsets of %s are committed again: %s", self._group, type(response).__name__)
            self._refused_since = time.monotonic()

    async def _close(self) -> None:
        consumer, self._kafka, self._refused_since, self._taken_since = self._kafka, None, None, None
        if consumer is not None:
            with contextlib.suppress(Exception):
                await self._in_thread(lambda: consumer.close(autocommit=False, timeout_ms=3_000))

    async def _persist(self, records: Sequence[ConsumerRecord], stop: asyncio.Event) -> None:
        """Brings the records into the database, waiting for it as long as it is away."""
        pause = 0.2
        while not stop.is_set():
            try:
                await self._handle(records)
                return
            except Exception as error:
                if not passing(error):
                    raise
                telemetry.log.warning("%s waits for the database: %s", self._group, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5)

    async def _handle(self, records: Sequence[ConsumerRecord]) -> None:
        """All in one transaction; when one fails, each in its own, and the failing ones are parked."""
        try:
            async with self._database.session() as session:
                await self._take(session, records)
        except Exception as error:
            if passing(error):
                raise
            for record in records:
                await self._alone(record)

    async def _alone(self, record: ConsumerRecord) -> None:
        try:
            async with self._database.session() as session:
                await self._take(session, [record])
        except Exception as error:
            if passing(error):
                raise
            telemetry.log.warning("event parked: %s", said(error))
            async with self._database.session() as session:
                await self._parking.park(session, record, error)

    async def _take(self, session: Session, records: Sequence[ConsumerRecord]) -> None:
        """Handles what is new of the records, in their order; parks what waits behind something of its key."""
        known = [(record, event) for record in records if (event := await self._event(session, record))]
        waiting = await self._parking.waiting(session, [record for record, _ in known])
        behind = [(record, event) for record, event in known if key_of(record) in waiting]
        free = {event.id: event for record, event in known if key_of(record) not in waiting}
        for record, _ in behind:
            await self._parking.park(session, record, None)
        new = await first_time(session, self._group, [*free])
        await handle(session, self._group, [event for event in free.values() if event.id in new], self._handlers)

    async def _event(self, session: Session, record: ConsumerRecord) -> Event | None:
        """The event of a record, if it is one and its type has a handler; what is none is buried."""
        try:
            event = Event.of(record.headers, record.value)
        except MalformedEvent as error:
            await self._parking.bury_record(session, record, str(error))
            return None
        return event if self._handlers.get(event.type) else None


async def replay(settings: Settings, topic: str, handle: Callable[[Event], Awaitable[None]]) -> int:
    """Reads a topic from its beginning to its present end, outside any group; the number of events read."""
    consumer = await asyncio.to_thread(lambda: KafkaConsumer(**settings.kafka, enable_auto_commit=False))
    try:
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends: dict[TopicPartition, int] = await asyncio.to_thread(consumer.end_offsets, partitions)
        count = 0
        while any(consumer.position(partition) < ends[partition] for partition in partitions):
            polled = await asyncio.to_thread(consumer.poll, 500)
            for record in (record for records in polled.values() for record in records):
                with contextlib.suppress(MalformedEvent):
                    await handle(Event.of(record.headers, record.value))
                    count += 1
        return count
    finally:
        await asyncio.to_thread(consumer.close)
