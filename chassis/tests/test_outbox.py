"""Of several publishers of an outbox the broker takes events from the one that came to lead last."""

from collections.abc import AsyncIterator, Iterator

import pytest
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from chassis.leading import Lead
from chassis.outbox import producer_of
from chassis.settings import Settings
from chassis.tests.conftest import Scratch
from deploy.local.kafka import provision_env
from deploy.local.system import System
from tests import topics

LOCK, TOPIC = 7_241_998, "chassis-scratch"


@pytest.fixture
def settings(system: System, scratch: Scratch) -> Iterator[Settings]:
    """Of a user that may write to the topic, which is there for one test."""
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
    client.create_topics({TOPIC: {"num_partitions": 1, "replication_factor": 1}})
    yield made
    client.delete_topics([TOPIC])
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
