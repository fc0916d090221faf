"""What the tests against the running system share: events onto the broker, as progress publishes them."""

from collections.abc import Iterator

import pytest
from kafka import KafkaProducer

from chassis.events import Event
from deploy.local.system import System
from services.notify.tests.support import Publish


@pytest.fixture(scope="session")
def publish(system: System) -> Iterator[Publish]:
    """``publish(event, ...)`` returns when the broker has taken all."""
    producer = KafkaProducer(
        bootstrap_servers=system.endpoints["kafka_internal"],
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username="progress",
        sasl_plain_password=system.instance.secrets["kafka_progress"],
        acks="all",
    )

    def send(*events: Event) -> None:
        for event in events:
            topic = f"progress.{event.tenant}"
            producer.send(topic, key=event.subject.encode(), value=event.value(), headers=event.headers())
        producer.flush()

    yield send
    producer.close()
