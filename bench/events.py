"""The outbox drained, and a consumer with inbox and projection, against kafka-python alone; in events a second.

What is published and consumed are events of progress, on topics of their own. Ours are processes like those of the
services (``bench/worker.py``) on copies of their databases; the projection is the feed, which keeps each event. The
bare producer is idempotent and sends the same messages; the bare consumer writes the same rows, a batch at once.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from uuid import UUID, uuid4

import asyncpg
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.consumer.fetcher import ConsumerRecord

from bench.alternating import Measured, by_turns, least
from bench.copies import grown
from bench.streams import kafka
from chassis import outbox
from chassis.events import Event
from chassis.tenancy import Database
from chassis.topics import PARTITIONS
from deploy.local import processes
from deploy.local.commands import python
from deploy.local.instance import ROOT
from deploy.local.system import System
from tests.support import PROGRESS, Json, get

MANY, ROUNDS, BATCH = 5_000, 5, 500
WAITING = (500, 5_000, 20_000)


async def measure(system: System) -> list[Measured]:
    line: Json = get(system, "province.admin", f"{PROGRESS}/lines", limit=1)["items"][0]
    producer = KafkaProducer(**kafka(system).kafka, acks="all", enable_idempotence=True, linger_ms=2)
    try:
        return [await _publishing(system, producer, line), await _consuming(system, producer, line)]
    finally:
        producer.close()


async def _publishing(system: System, producer: KafkaProducer, line: Json) -> Measured:
    topic, url = _topic(system), _worker_url(system, "progress", grown(system, "progress_outbox"))
    with _worker(system, url, "publish"):
        bare = partial(asyncio.to_thread, _sent, producer, topic, line)
        found = await by_turns(bare, partial(_drained, url, topic, line), ROUNDS)
    return Measured.of("the outbox drained, against a bare producer", found, "/s", least(0.8))


async def draining(system: System) -> list[tuple[int, float]]:
    """Milliseconds for an event, by how many wait in the outbox."""
    line: Json = get(system, "province.admin", f"{PROGRESS}/lines", limit=1)["items"][0]
    topic, url = _topic(system), _worker_url(system, "progress", grown(system, "progress_outbox"))
    with _worker(system, url, "publish"):
        await _drained(url, topic, line)
        return [(many, 1000 / await _drained(url, topic, line, many)) for many in WAITING]


async def _drained(url: str, topic: str, line: Json, many: int = MANY) -> float:
    """Events a second, from the commit until the outbox is empty."""
    database = Database(url)
    async with database.session() as db:
        await outbox.add_all(db, [(topic, event) for event in _events(line, many)])
    begun, left = time.perf_counter(), True
    while left:
        await asyncio.sleep(0.005)
        async with database.session() as db:
            left = await db.value("SELECT EXISTS (SELECT FROM outbox)")
    took = time.perf_counter() - begun
    await database.close()
    return many / took


async def _consuming(system: System, producer: KafkaProducer, line: Json) -> Measured:
    url = _worker_url(system, "notify", grown(system, "notify_inbox", service="notify"))

    def filled() -> str:
        topic = _topic(system)
        _sent(producer, topic, line)
        return topic

    async def bare() -> float:
        return await _written(system, url, filled())

    async def ours() -> float:
        topic = filled()
        with _worker(system, url, "consume", topic, topic):
            return await _handled(url, topic)

    found = await by_turns(bare, ours, ROUNDS)
    return Measured.of("a consumer with inbox and projection, against a bare one", found, "/s", least(0.7))


async def _handled(url: str, group: str) -> float:
    """From the end of the first batch to that of the last."""
    connection = await asyncpg.connect(url)
    first, begun, count = 0, 0.0, 0
    while count < MANY:
        await asyncio.sleep(0.005)
        count = await connection.fetchval("SELECT count(*) FROM inbox WHERE consumer = $1", group)
        if count and not first:
            first, begun = count, time.perf_counter()
    took = time.perf_counter() - begun
    await connection.close()
    return (MANY - first) / took


async def _written(system: System, url: str, topic: str) -> float:
    """As ``_handled``, of a loop that polls and inserts."""
    connection = await asyncpg.connect(url)
    options = {"group_id": topic, "enable_auto_commit": False, "auto_offset_reset": "earliest"}
    consumer = KafkaConsumer(topic, **kafka(system).kafka, **options, max_poll_records=BATCH)
    first, begun, count = 0, 0.0, 0
    while count < MANY:
        polled = await asyncio.to_thread(consumer.poll, 500)
        if records := [record for found in polled.values() for record in found]:
            await _insert(connection, topic, records)
            consumer.commit_async()
            count += len(records)
            if not first:
                first, begun = count, time.perf_counter()
    took = time.perf_counter() - begun
    await asyncio.to_thread(consumer.close)
    await connection.close()
    return (MANY - first) / took


async def _insert(connection: asyncpg.Connection, consumer: str, records: Sequence[ConsumerRecord]) -> None:
    given = [{name.removeprefix("ce_"): value.decode() for name, value in record.headers} for record in records]
    ids, tenants = [UUID(each["id"]) for each in given], [each["tenant"] for each in given]
    positions = [time.time_ns() // 1000 + number for number in range(len(records))]
    bodies = [_body(attributes, record.value) for attributes, record in zip(given, records, strict=True)]
    async with connection.transaction():
        await connection.execute("INSERT INTO inbox (id, consumer) SELECT unnest($1::uuid[]), $2", ids, consumer)
        rows = "INSERT INTO event (tenant, position, body) SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[])"
        await connection.execute(rows, tenants, positions, bodies)


def _body(attributes: Mapping[str, str], value: bytes) -> str:
    said = ",".join(f'"{name}":"{text}"' for name, text in attributes.items())
    return f'{{{said},"data":{value.decode()}}}'


def _events(line: Json, many: int = MANY) -> list[Event]:
    kind, source = "zoneportal.progress.line.progressed.v1", "/progress"
    return [Event(kind, source, str(uuid4()), "hefei", number + 1, {"line": line}) for number in range(many)]


def _sent(producer: KafkaProducer, topic: str, line: Json) -> float:
    """By the bare producer."""
    messages = [(event.subject.encode(), event.value(), event.headers()) for event in _events(line)]
    begun = time.perf_counter()
    for key, value, headers in messages:
        producer.send(topic, key=key, value=value, headers=headers)
    producer.flush()
    return MANY / (time.perf_counter() - begun)


def _topic(system: System) -> str:
    """A new one."""
    topic, admin = f"bench.{uuid4()}", KafkaAdminClient(**kafka(system).kafka)
    admin.create_topics({topic: {"num_partitions": PARTITIONS, "replication_factor": 1}})
    admin.close()
    return topic


def _worker_url(system: System, service: str, database: str) -> str:
    return system.instance.database(database, f"{service}_worker", f"{service}_worker")


@contextmanager
def _worker(system: System, url: str, *what: str) -> Iterator[None]:
    env = {f"ZP_{name.upper()}": str(value) for name, value in kafka(system, url).model_dump().items()}
    process = processes.start(python("bench.worker", *what, env=env), system.instance.log(f"bench-{what[0]}"), ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
