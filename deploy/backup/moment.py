"""One moment of all databases and topics: no event is between them, and none is there whose cause is not.

A change and its event are committed together, into the table ``outbox``. While those tables are held, nobody makes an
event and no publisher takes one away. So what is no longer in an outbox is on its topic, before the topic's end; and
what a consumer has handled was caused by something that the snapshots hold.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from kafka import KafkaConsumer
from kafka import TopicPartition as Place
from kafka.admin import KafkaAdminClient

from deploy.local.ports import SERVICES
from deploy.provision.settings import ServerSettings

HELD_SECONDS = 3.0
"""Services give up a lock after 4 s; nobody shall be refused because of a backup."""
TRIES = 5
SESSION = {"timezone": "UTC", "datestyle": "ISO", "intervalstyle": "postgres", "bytea_output": "hex"}
_HOLD = "BEGIN; SET LOCAL lock_timeout = '2s'; LOCK TABLE outbox IN EXCLUSIVE MODE"
_NAMES = "SELECT datname FROM pg_database WHERE datname = ANY($1) ORDER BY 1"
_OURS = (*SERVICES, "portal", "keycloak")
Offsets = dict[str, dict[Place, int]]


class NoPause(Exception):
    """The databases were too busy to be held for a moment."""


@dataclass(frozen=True)
class Snapshot:
    """``connection`` is in a transaction that sees the moment, which lasts as long as it does; ``id`` is its name."""

    connection: Any
    id: str


@dataclass(frozen=True)
class Moment:
    """``ends`` says how far each partition belongs to it, ``offsets`` how far each group had come."""

    databases: dict[str, Snapshot]
    ends: dict[Place, int]
    offsets: Offsets


class Broker:
    """Its two clients, connected."""

    def __init__(self, settings: ServerSettings) -> None:
        self.admin = KafkaAdminClient(**settings.kafka)
        self.consumer = KafkaConsumer(**settings.kafka, enable_auto_commit=False)

    def offsets(self) -> Offsets:
        """What the groups have committed."""
        groups = [group["group_id"] for group in self.admin.list_groups()]
        known = self.admin.list_group_offsets(groups) if groups else {}
        return {
            group: {place: committed.offset for place, committed in places.items() if committed.offset >= 0}
            for group, places in known.items()
        }

    def ends(self) -> dict[Place, int]:
        """Of each partition that is not the broker's own."""
        topics = [topic for topic in self.consumer.topics() if not topic.startswith("__")]
        places = [Place(topic, n) for topic in topics for n in self.consumer.partitions_for_topic(topic)]
        return dict(self.consumer.end_offsets(places)) if places else {}

    def close(self) -> None:
        self.admin.close()
        self.consumer.close(autocommit=False)


@contextmanager
def broker(settings: ServerSettings) -> Iterator[Broker]:
    made = Broker(settings)
    try:
        yield made
    finally:
        made.close()


@asynccontextmanager
async def taken(settings: ServerSettings, on: Broker) -> AsyncIterator[Moment]:
    """Raises NoPause when the databases cannot be held."""
    await asyncio.to_thread(on.ends)  # connects, so that nobody waits for that while the databases are held
    for tried in range(TRIES):
        async with AsyncExitStack() as stack:
            try:
                moment = await _take(settings, on, stack)
            except asyncpg.LockNotAvailableError:
                await asyncio.sleep(tried + 1)
                continue
            yield moment
            return
    raise NoPause(f"the databases could not be held for a moment, {TRIES} times: something writes for long")


async def _take(settings: ServerSettings, on: Broker, stack: AsyncExitStack) -> Moment:
    """A group commits after its database, so that its offsets are read first: nothing is passed over."""
    offsets = await asyncio.to_thread(on.offsets)
    connections = await _connections(settings.superuser_url, stack)
    async with AsyncExitStack() as held:
        holders = await _connections(settings.superuser_url, held)
        async with asyncio.timeout(HELD_SECONDS):
            for connection in holders.values():
                if await connection.fetchval("SELECT to_regclass('public.outbox') IS NOT NULL"):
                    await connection.execute(_HOLD)
            databases = {name: await _snapshot(connection) for name, connection in connections.items()}
            ends = await asyncio.to_thread(on.ends)
    return Moment(databases, ends, offsets)


async def _connections(url: str, stack: AsyncExitStack) -> dict[str, Any]:
    """One to each database; they end with the stack."""
    made = dict[str, Any]()
    for name in await names(url):
        made[name] = await connected(url, name)
        stack.callback(made[name].terminate)
    return made


async def connected(url: str, database: str) -> Any:
    """A connection that shows values in one way, whatever the server's settings are."""
    return await asyncpg.connect(url, database=database, timeout=5, server_settings=SESSION)


async def names(url: str) -> Sequence[str]:
    """The databases of the system on the server; it may have others."""
    connection = await asyncpg.connect(url, timeout=5)
    try:
        return [row["datname"] for row in await connection.fetch(_NAMES, _OURS)]
    finally:
        connection.terminate()


async def _snapshot(connection: Any) -> Snapshot:
    await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    return Snapshot(connection, await connection.fetchval("SELECT pg_export_snapshot()"))
