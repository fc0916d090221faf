"""How soon a change is seen, and what open streams cost.

Reports on lines are submitted and returned, 50 changes a second, while 200 browsers have the portal's stream open; the
time runs from the event's own, which is taken in the transaction, shortly before its commit. Then events are put into
the outbox one by one and polled for; there it runs from the commit. The baseline is a bare kafka-python, which produces
a message and polls for it, in the same run.
"""

import asyncio
import itertools
import statistics
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from bench.alternating import Measured
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
    with _consuming(system) as committed:
        streams = [asyncio.create_task(_follow(*each)) for each in zip(_sessions(system), seen, strict=False)]
        await asyncio.sleep(2)
        await _changes(system)
        await asyncio.sleep(3)
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
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


@contextmanager
def _consuming(system: System) -> Iterator[Times]:
    """When each change of a report was made, by the events of the topics."""
    made: Times = {}
    consumer = KafkaConsumer(**kafka(system).kafka, group_id=None)
    consumer.subscribe(pattern=r"^progress\..+")
    stop = threading.Event()

    def poll() -> None:
        while not stop.is_set():
            for record in (record for records in consumer.poll(200).values() for record in records):
                event = Event.of(record.headers, record.value)
                if "report" in event.data:
                    made[str(event.data["report"]["id"]), event.type] = event.time.timestamp()

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        yield made
    finally:
        stop.set()
        thread.join()
        consumer.close()


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
    people = {user: _client(system, user) for user in ("province.admin", *(f"{zone}.admin" for zone in ZONES))}
    until = time.monotonic() + SECONDS
    await asyncio.gather(*(_reports(people, *turn, number, until) for number, turn in enumerate(turns)))
    for client in people.values():
        await client.aclose()


def _client(system: System, user: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {system.token(user)}"}
    return httpx.AsyncClient(base_url=system.endpoints["gateway"], headers=headers, trust_env=False, timeout=30)


async def _reports(people: dict[str, httpx.AsyncClient], zone: str, line: str, number: int, until: float) -> None:
    path, pause = f"{PROGRESS}/lines/{line}", WRITERS / CHANGES_A_SECOND
    tag = (await people["province.admin"].get(path)).headers["ETag"]
    await asyncio.sleep(pause * number / WRITERS)
    due, report = time.monotonic(), ""
    while due < until:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        headers = {"If-Match": tag, "Idempotency-Key": str(uuid4())}
        if report:
            act, body = f"{path}/reports/{report}/return", {"reason": "测速"}
            answer = await people["province.admin"].post(act, json=body, headers=headers)
        else:
            said = {"percent": 10, "done": "测速"}
            answer = await people[f"{zone}.admin"].post(f"{path}/reports", json=said, headers=headers)
        answer.raise_for_status()
        tag, report = answer.headers["ETag"], "" if report else answer.json()["id"]
        due += pause


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
