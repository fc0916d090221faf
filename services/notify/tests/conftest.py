"""What the tests against the running system share: events onto the broker, as progress publishes them; webhooks."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
from kafka import KafkaProducer

from chassis.events import Event
from chassis.tenancy import Database
from deploy.local.system import System
from services.notify.tests.delivery_bench import DeliveryBench
from services.notify.tests.support import Publish
from services.notify.tests.webhook_bench import Bench


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


@pytest.fixture
async def bench(system: System) -> AsyncIterator[Bench]:
    database = Database(system.instance.database("notify", "notify_worker", "notify_worker"))
    code = uuid4().hex[:8]
    made = Bench(database, f"t{code}", f"z{code}")
    async with database.session() as db:
        await db.run(
            "INSERT INTO integrator (client, name, contact, tenants) VALUES (:client, 'x', :contact, :tenants)",
            client=made.client,
            contact=f"{made.client}@example.com",
            tenants=[made.tenant],
        )
    yield made
    async with database.session() as db:
        await db.run("DELETE FROM integrator WHERE client = :client", client=made.client)
        await db.run("DELETE FROM event WHERE tenant = :tenant", tenant=made.tenant)
    await database.close()


@pytest.fixture
async def deliveries(system: System) -> AsyncIterator[DeliveryBench]:
    database = Database(system.instance.database("notify", "notify_worker", "notify_worker"))
    made = DeliveryBench(database)
    yield made
    await made.forget()
    await database.close()
