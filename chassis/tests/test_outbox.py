"""Of several publishers of an outbox the broker takes events from the one that came to lead last; one whose producer
is of no use any more takes another one.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaConnectionError, KafkaError
from kafka.future import Future
from kafka.protocol.producer import ProduceRequest

from chassis import outbox
from chassis.events import uuid7
from chassis.leading import Lead
from chassis.outbox import Publisher, producer_of
from chassis.settings import Settings
from chassis.tests.conftest import Scratch
from deploy.local.kafka import provision_env
from deploy.local.system import System
from tests import topics

LOCK, TOPIC = 7_241_998, "chassis-scratch"
TOPICS = TOPIC, f"{TOPIC}-other"
WAITING = """
    INSERT INTO outbox (id, topic, type, source, subject, sequence, time, data)
    VALUES ($1, $2, 'scratch.v1', '/scratch', 'scratch', 1, now(), '{}')
"""


@pytest.fixture
def settings(system: System, scratch: Scratch) -> Iterator[Settings]:
    """Of a user that may write to the topics, which are there for one test."""
    admin = provision_env(system.instance)
    made = Settings(
        port=1,
        database_url=scratch.database.url,
        issuer="",
        jwks_url="",
        kafka_bootstrap=system.endpoints["kafka_internal"],
        kafka_username=admin["ZP_KAFKA_USERNAME"],
        kafka_password=admin["ZP_KAFKA_PASSWORD"],
    )
    client = KafkaAdminClient(**made.kafka)
    client.create_topics({topic: {"num_partitions": 1, "replication_factor": 1} for topic in TOPICS})
    yield made
    client.delete_topics([*TOPICS])
    client.close()


@pytest.fixture
async def lead(scratch: Scratch) -> AsyncIterator[Lead]:
    found = await Lead.of(scratch.database.url, LOCK, "outbox test")
    assert await found.won()
    yield found
    found.connection.terminate()


async def test_what_an_older_leader_sent_is_refused_once_a_newer_one_has_written(
    system: System, settings: Settings, lead: Lead
) -> None:
    old, new = producer_of(settings, lead), producer_of(settings, lead)
    await lead.beat()
    old.send(TOPIC, b"before").get(5)
    new.send(TOPIC, b"taken over").get(5)
    await lead.beat()
    with pytest.raises(KafkaError):
        old.send(TOPIC, b"late").get(5)
    new.send(TOPIC, b"after").get(5)
    old.close(2)
    new.close(2)
    with topics.reader(system) as consumer:
        assert [record.value for record in topics.read(consumer, TOPIC)] == [b"before", b"taken over", b"after"]


async def test_a_producer_that_has_given_up_does_not_hold_events_up(
    system: System, settings: Settings, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that the first one sends arrives, until the first of its two events has waited too long."""
    clients: list[Any] = []
    sent_by = outbox._Leased.send

    def send(client: Any, node_id: Any, request: Any, **options: Any) -> Any:
        clients.append(client)
        if isinstance(request, ProduceRequest) and client is clients[0]:
            return Future().failure(KafkaConnectionError())
        return sent_by(client, node_id, request, **options)

    monkeypatch.setattr(outbox._Leased, "send", send)
    for name, seconds in (("ANSWER_SECONDS", 0.5), ("DELIVERY_SECONDS", 1.0), ("BEYOND_SECONDS", 0.5)):
        monkeypatch.setattr(outbox, name, seconds)
    database, stop = await asyncpg.connect(scratch.owner_url), asyncio.Event()
    for topic in TOPICS:
        await database.execute(WAITING, uuid7(), topic)
    publishing = asyncio.create_task(Publisher(settings).run(stop))
    async with asyncio.timeout(20):
        while await database.fetchval("SELECT count(*) FROM outbox"):  # noqa: ASYNC110 - a table
            await asyncio.sleep(0.1)
    stop.set()
    await publishing
    await database.close()
    with topics.reader(system) as consumer:
        assert sorted(record.topic for record in topics.read(consumer, TOPIC)) == list(TOPICS)
