"""How soon a change is seen, and what open streams cost.

Reports on lines are submitted and returned, 50 changes a second, while 200 browsers have the portal's stream open; the
time runs from the event's own, which is taken in the transaction, shortly before its commit. Then events are put into
the outbox one by one and polled for; there it runs from the commit. The baseline is a bare kafka-python, which produces
a message and polls for it, in the same run.
"""

import asyncio
import itertools
import json
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from bench.alternating import Measured
from bench.load import Asked
from chassis import outbox
from chassis.events import Event
from chassis.settings import Settings
from chassis.tenancy import Database
from deploy.local.system import System
from deploy.provision.broker import ADMIN
from gateway.portal.tests.support import Browser
from tests.support import PROGRESS, lines

READERS = ("province.admin", "hefei.admin", "wuhu.admin", "bengbu.admin", "dept.swt", "swt.admin", "dept.hfhg")
ZONES = ("hefei", "wuhu", "bengbu")
BROWSERS, CHANGES_A_SECOND, WRITERS, SECONDS = 200, 50, 12, 20
MANY = (500, 1000, 2000)
Key = tuple[str, str]
Times = dict[Key, float]


async def measure(system: System) -> list[Measured]:
    baseline = await asyncio.to_thread(_bare, system)
    polled = await _through_the_outbox(system)
    seen: list[Times] = [{} for _ in range(BROWSERS)]
    streams = [asyncio.create_task(_follow(*each)) for each in zip(_sessions(system), seen, strict=False)]
    await asyncio.sleep(2)
    begun = time.time()
    await _changes(system)
    await asyncio.sleep(3)
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    committed = _made(system, begun)
    waits = [at - committed[key] for times in seen for key, at in times.items() if key in committed]
    what = f"commit to browser, 95 % of {len(committed)} changes, {len(waits)} times seen"
    return [
        _row(what, baseline, waits),
        _row("commit to a waiting consumer, 95 %", baseline, polled),
    ]


def _row(what: str, baseline: Sequence[float], ours: Sequence[float]) -> Measured:
    bare, own = _p95(baseline), _p95(ours)
    medians = statistics.median(ours) / statistics.median(baseline)
    return Measured(what, bare * 1000, own * 1000, (medians, own / bare))


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def kafka(system: System, database_url: str = "") -> Settings:
    """The broker as its administrator reaches it."""
    return Settings(
        port=1,
        database_url=database_url,
        issuer="",
        jwks_url="",
        kafka_bootstrap=system.endpoints["kafka_internal"],
        kafka_username=ADMIN,
        kafka_password=system.instance.secrets["kafka_admin"],
    )


def _bare(system: System) -> list[float]:
    """From producing to polling, one message after the other, 50 a second."""
    settings, topic, found = kafka(system), f"bench.{uuid4()}", list[float]()
    KafkaAdminClient(**settings.kafka).create_topics({topic: {"num_partitions": 1, "replication_factor": 1}})
    producer = KafkaProducer(**settings.kafka, acks="all")
    with _waiting(system, topic) as consumer:
        for _ in range(CHANGES_A_SECOND * SECONDS):
            started = time.time()
            producer.send(topic, b"x" * 2000)
            found.append(_arrived(consumer) - started)
            time.sleep(max(0.0, 1 / CHANGES_A_SECOND - found[-1]))
    producer.close()
    return found


async def _through_the_outbox(system: System) -> list[float]:
    """From the commit to polling, one event after the other, 50 a second; on a topic that no service consumes."""
    topic, found = "dead-letters.progress", list[float]()
    data = {"consumer": "bench", "reason": "x" * 1500}
    database = Database(system.instance.database("progress", "progress_api", "progress_api"))
    with _waiting(system, topic) as consumer:
        for number in range(CHANGES_A_SECOND * SECONDS):
            event = Event(
                type="bench", source="/bench", subject="bench", tenant="hefei", sequence=number + 1, data=data
            )
            async with database.session() as db:
                await outbox.add(db, topic, event)
                started = time.time()
            found.append(await asyncio.to_thread(_arrived, consumer) - started)
            await asyncio.sleep(max(0.0, 1 / CHANGES_A_SECOND - found[-1]))
    await database.close()
    return found


@contextmanager
def _waiting(system: System, topic: str) -> Iterator[KafkaConsumer]:
    """A consumer that stands at the topic's end."""
    consumer = KafkaConsumer(**kafka(system).kafka, group_id=None)
    try:
        places = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        consumer.assign(places)
        consumer.seek_to_end(*places)
        for place in places:
            consumer.position(place)
        yield consumer
    finally:
        consumer.close()


def _arrived(consumer: KafkaConsumer) -> float:
    """When the next message came."""
    while not consumer.poll(1000):
        pass
    return time.time()


def _made(system: System, since: float) -> Times:
    """When each change of a report was made from an instant on, by the events of the topics: read afterwards, since
    who reads them meanwhile takes processor time from those who are measured.
    """
    made: Times = {}
    consumer = KafkaConsumer(**kafka(system).kafka, group_id=None)
    topics = [topic for topic in consumer.topics() if topic.startswith("progress.")]
    places = [TopicPartition(topic, number) for topic in topics for number in consumer.partitions_for_topic(topic)]
    consumer.assign(places)
    for place, found in consumer.offsets_for_times(dict.fromkeys(places, int(since * 1000))).items():
        consumer.seek(place, found.offset) if found else consumer.seek_to_end(place)
    while records := consumer.poll(1000):
        for event in (Event.of(record.headers, record.value) for each in records.values() for record in each):
            if "report" in event.data:
                made[str(event.data["report"]["id"]), event.type] = event.time.timestamp()
    consumer.close()
    return made


def _sessions(system: System) -> Iterator[tuple[httpx.URL, str]]:
    """Browsers that are logged in, those of the readers by turns: their address and cookie."""
    logged_in = []
    for reader in READERS:
        browser = Browser(system)
        browser.log_in(reader)
        logged_in.append((browser.base_url, f"session={browser.secret()}"))
    return itertools.cycle(logged_in)


async def _follow(place: tuple[httpx.URL, str], seen: Times) -> None:
    """Notes when the browser is told of each change."""
    url, cookie = place
    async for frame in _frames(url.host, url.port or 80, "/live", f"Cookie: {cookie}"):
        if b"event: changed" in frame:
            seen[_field(frame, b'"id"'), _field(frame, b'"type"')] = time.time()


def _field(frame: bytes, name: bytes) -> str:
    return frame.partition(name)[2].split(b'"', 2)[1].decode()


async def _frames(host: str, port: int, path: str, header: str) -> AsyncIterator[bytes]:
    """The events of a stream, read with as little work as can be: all of them run on the machine that is measured."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{header}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise ConnectionRefusedError(head)
        waiting = b""
        while size := int(await reader.readline(), 16):
            waiting += (await reader.readexactly(size + 2))[:-2]
            *whole, waiting = waiting.split(b"\n\n")
            for frame in whole:
                yield frame
    finally:
        writer.close()


async def _opened(host: str, port: int, path: str, header: str) -> AsyncIterator[bytes]:
    """A stream whose first event is there; who is refused for the moment comes again, as browsers do."""
    while True:
        frames = _frames(host, port, path, header)
        try:
            await anext(frames)
        except ConnectionRefusedError:
            await asyncio.sleep(1)
        else:
            return frames


async def _changes(system: System) -> None:
    """Twelve lines whose reports are submitted and returned, by turns and evenly, for some time."""
    own = {zone: lines(system, f"{zone}.admin", state="not_started") for zone in ZONES}
    turns = [(zone, own[zone][number]["id"]) for number in range(WRITERS // 3) for zone in ZONES]
    tokens = {user: system.token(user) for user in ("province.admin", *(f"{zone}.admin" for zone in ZONES))}
    until = time.monotonic() + SECONDS
    writers = [_Writer(system.endpoints["gateway"], tokens) for _ in turns]
    await asyncio.gather(*(w.reports(*turn, n, until) for n, (w, turn) in enumerate(zip(writers, turns, strict=True))))


class _Writer:
    """One connection to the gateway, over which a zone reports on a line and the province returns the report."""

    def __init__(self, gateway: str, tokens: dict[str, str]) -> None:
        self._gateway, self._tokens = gateway, tokens

    async def reports(self, zone: str, line: str, number: int, until: float) -> None:
        url = urlsplit(self._gateway)
        self._reader, self._to = await asyncio.open_connection(url.hostname, url.port)
        path, pause, report = f"{self._gateway}{PROGRESS}/lines/{line}", WRITERS / CHANGES_A_SECOND, ""
        tag, _ = await self._ask(Asked(path, self._authorized("province.admin")))
        await asyncio.sleep(pause * number / WRITERS)
        due = time.monotonic()
        while due < until:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if report:
                tag, _ = await self._change("province.admin", f"{path}/reports/{report}/return", tag, reason="测速")
                report = ""
            else:
                tag, body = await self._change(f"{zone}.admin", f"{path}/reports", tag, percent=10, done="测速")
                report = json.loads(body)["id"]
            due += pause
        self._to.close()

    def _authorized(self, user: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[user]}"}

    async def _change(self, user: str, url: str, tag: str, **said: Any) -> tuple[str, bytes]:
        conditions = {"If-Match": tag, "Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
        return await self._ask(Asked(url, self._authorized(user) | conditions, 201, "POST", json.dumps(said)))

    async def _ask(self, asked: Asked) -> tuple[str, bytes]:
        """The answer's ETag and body, read with as little work as a stream's events."""
        self._to.write(asked.request())
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        said = {name.lower(): value for name, _, value in (field.partition(": ") for field in head.split("\r\n")[1:])}
        body = await self._reader.readexactly(int(said["content-length"]))
        if not head.startswith(f"HTTP/1.1 {asked.status} "):
            raise ConnectionRefusedError(head, body)
        return said["etag"], body


async def memory(system: System) -> list[tuple[int, float]]:
    """The MB of the process of notify's API, by streams that are open."""
    notify = system.components["notify-api"]
    streams: list[asyncio.Task[None]] = []
    found = [(0, _rss(notify["pid"]))]

    async def follow(reader: str, opened: asyncio.Event) -> None:
        header = f"Authorization: Bearer {system.token(reader)}"
        frames = await _opened("127.0.0.1", notify["port"], "/api/notify/v1/stream", header)
        opened.set()
        async for _ in frames:
            pass

    for many in MANY:
        events = [asyncio.Event() for _ in range(many - len(streams))]
        for number, (reader, opened) in enumerate(zip(itertools.cycle(READERS), events), 1):
            streams.append(asyncio.create_task(follow(reader, opened)))
            if number % 20 == 0:
                await asyncio.sleep(0.2)
        for opened in events:
            await opened.wait()
        found.append((many, _rss(notify["pid"])))
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    return found


def _rss(pid: int) -> float:
    """In MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
