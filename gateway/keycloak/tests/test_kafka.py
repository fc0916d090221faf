"""The integrator at the broker's outer listener: its own zone's events, under its own groups, and nothing else."""

from collections.abc import Callable, Iterator
from functools import partial
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import GroupAuthorizationFailedError, KafkaTimeoutError, TopicAuthorizationFailedError

from deploy.local.system import System
from gateway.keycloak.tests.support import at_broker

Consumer = Callable[..., KafkaConsumer]
PATIENCE = 60.0
FOREIGN_TOPICS = ["progress.wuhu", "progress.province", "catalog", "dead-letters.progress"]


def _login(system: System, name: str) -> dict[str, Any]:
    return at_broker(system, partial(system.token, name))


@pytest.fixture
def consumer(system: System) -> Iterator[Consumer]:
    """``consumer(name, **options)`` connects as a demo user or integrator."""
    opened: list[KafkaConsumer] = []

    def connect(name: str = "integrator-hefei", **options: object) -> KafkaConsumer:
        opened.append(KafkaConsumer(**_login(system, name), auto_offset_reset="earliest", **options))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


def _first(consumer: KafkaConsumer) -> list[Any]:
    """The first records that come; TimeoutError when none does."""
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        if polled := consumer.poll(timeout_ms=500):
            return [record for records in polled.values() for record in records]
    raise TimeoutError


def test_the_integrator_reads_the_events_of_its_zone(consumer: Consumer) -> None:
    own = consumer(group_id=f"integrator-hefei.{uuid4().hex}")
    own.subscribe(["progress.hefei"])
    for record in _first(own):
        assert dict(record.headers)["ce_tenant"] == b"hefei"


def test_it_sees_no_other_topic(consumer: Consumer) -> None:
    assert consumer().topics() == {"progress.hefei"}


def test_it_is_refused_other_topics(system: System) -> None:
    """Who may not even describe a topic may not read it: reading includes describing."""
    admin = KafkaAdminClient(**_login(system, "integrator-hefei"))
    try:
        errors = {
            topic["name"]: topic["error_code"] for topic in admin.describe_topics(["progress.hefei", *FOREIGN_TOPICS])
        }
    finally:
        admin.close()
    assert errors == {"progress.hefei": 0, **dict.fromkeys(FOREIGN_TOPICS, TopicAuthorizationFailedError.errno)}


def test_it_is_refused_other_groups(consumer: Consumer) -> None:
    foreign = consumer(group_id="notify")
    foreign.subscribe(["progress.hefei"])
    with pytest.raises(GroupAuthorizationFailedError):
        _first(foreign)


def test_it_writes_nothing(system: System) -> None:
    producer = KafkaProducer(**_login(system, "integrator-hefei"), enable_idempotence=False)
    try:
        with pytest.raises(TopicAuthorizationFailedError):
            producer.send("progress.hefei", b"{}").get(timeout=PATIENCE)
    finally:
        producer.close()


def test_a_person_s_token_opens_no_broker(consumer: Consumer) -> None:
    with pytest.raises(KafkaTimeoutError):
        consumer("hefei.admin")
