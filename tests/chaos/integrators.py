"""Other systems, right and wrong, slow and dead, and what each has of the events."""

import asyncio
import json
import random
import threading
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from time import sleep
from typing import Any
from uuid import UUID

import httpx
from kafka import KafkaConsumer
from standardwebhooks import Webhook, WebhookVerificationError

from chassis.events import Event
from deploy.local.system import System
from examples.access import Access
from examples.lines_table import Tokens
from tests.chaos.telling import PLACES
from tests.support import NOTIFY

HOST = "127.0.0.2"
GOOD = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
REFUSED = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
BROKEN = b"HTTP/1.1 \xff\xfe\r\n\r\n"
Headers = dict[str, str]


class Ledger:
    """The effect of each event, once, in the order in which they came; ``repeats`` did nothing."""

    def __init__(self) -> None:
        self.effects: dict[UUID, tuple[str, int]] = {}
        self.repeats = 0

    def take(self, event: UUID, subject: str, sequence: int) -> None:
        if event in self.effects:
            self.repeats += 1
        else:
            self.effects[event] = subject, sequence

    def lacks(self, expected: Iterable[Event]) -> int:
        return sum(event.id not in self.effects for event in expected)

    def faults(self, expected: Iterable[Event], subjects: set[str], *, ordered: bool) -> list[str]:
        """What is missing, too much, or out of order of what happened to these things."""
        known = {event.id: (event.subject, event.sequence) for event in expected}
        own = {event: effect for event, effect in self.effects.items() if effect[0] in subjects}
        found = [f"missing {event} {known[event]}" for event in known.keys() - own.keys()]
        found += [f"not asked for {event} {own[event]}" for event in own.keys() - known.keys()]
        last: dict[str, int] = defaultdict(int)
        for subject, sequence in own.values() if ordered else ():
            if sequence <= last[subject]:
                found.append(f"{subject}: {sequence} after {last[subject]}")
            last[subject] = sequence
        return found


class Receiver:
    """Takes webhooks in the loop of ``receiving``. ``answer`` decides: what is taken has its effect before it is told.

    ``secret`` and ``expected`` are set once the webhook is named.
    """

    def __init__(self, answer: Callable[["Receiver", Callable[[], None]], Awaitable[bytes]], seed: int = 0) -> None:
        self.ledger, self.chances = Ledger(), random.Random(seed)
        self.secret, self.port, self.forged = "", 0, 0
        self._answer = answer
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/events"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, HOST, self.port, backlog=1000)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Nobody listens any more, and every connection breaks off without an answer."""
        if self._server:
            self._server.close()
        for writer in self._open:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[1:-2]
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head)}
            body = await reader.readexactly(int(headers["content-length"]))
            writer.write(await self._answer(self, lambda: self._take(body, headers)))
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    def _take(self, body: bytes, headers: Headers) -> None:
        try:
            event: dict[str, Any] = Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            self.forged += 1
        else:
            self.ledger.take(UUID(headers["webhook-id"]), event["subject"], int(event["sequence"]))


async def well(receiver: Receiver, take: Callable[[], None]) -> bytes:
    take()
    return GOOD


async def slowly(receiver: Receiver, take: Callable[[], None]) -> bytes:
    await asyncio.sleep(receiver.chances.uniform(1, 3))
    take()
    return GOOD


async def wrongly(receiver: Receiver, take: Callable[[], None]) -> bytes:
    """Some are refused, others have their effect but are answered by nonsense, or not at all."""
    said = receiver.chances.choices((GOOD, REFUSED, BROKEN, b""), (17, 1, 1, 1))[0]
    if said != REFUSED:
        take()
    return said


@contextmanager
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop in a thread of its own."""
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever)
    thread.start()
    try:
        yield made
    finally:
        made.call_soon_threadsafe(made.stop)
        thread.join()


@contextmanager
def working(work: Callable[[threading.Event], None]) -> Iterator[None]:
    """Beside the block; what it raises is raised at its end."""
    stop, failed = threading.Event(), list[BaseException]()

    def whole() -> None:
        try:
            work(stop)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=whole)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    if failed:
        raise failed[0]


def follow_kafka(system: System, access: Access, client: str, ledger: Ledger) -> Callable[[threading.Event], None]:
    """Reads the topics of all places, and begins anew now and then where it has committed."""

    def work(stop: threading.Event) -> None:
        while not stop.is_set():
            consumer = KafkaConsumer(
                *(f"progress.{place}" for place in PLACES),
                bootstrap_servers=system.endpoints["kafka"],
                security_protocol="SASL_PLAINTEXT",
                sasl_mechanism="OAUTHBEARER",
                sasl_oauth_token_provider=Tokens(access),
                group_id=f"{client}.storm",
                auto_offset_reset="earliest",
                enable_auto_commit=False,
            )
            for _ in range(40):
                for record in (record for records in consumer.poll(300).values() for record in records):
                    headers = {name: value.decode() for name, value in record.headers}
                    ledger.take(UUID(headers["ce_id"]), headers["ce_subject"], int(headers["ce_sequence"]))
                if stop.is_set():
                    break
                consumer.commit()
            consumer.close(autocommit=False)

    return work


def follow_feed(system: System, access: Access, ledger: Ledger) -> Callable[[threading.Event], None]:
    """Reads page by page; a page that does not come is asked for again."""

    def work(stop: threading.Event) -> None:
        after: dict[str, str] = {}
        with httpx.Client(base_url=system.endpoints["gateway"], timeout=30, trust_env=False) as client:
            while not stop.is_set():
                page = None
                with suppress(httpx.HTTPError, json.JSONDecodeError):
                    headers = {"Authorization": f"Bearer {access.token()}"}
                    answer = client.get(f"{NOTIFY}/events", params={"limit": "200", **after}, headers=headers)
                    page = answer.raise_for_status().json()
                for event in page["items"] if page else ():
                    ledger.take(UUID(event["id"]), event["subject"], int(event["sequence"]))
                after = {"after": page["next"]} if page else after
                if not page or not page["more"]:
                    sleep(0.3)

    return work
