"""What is on the topics, as the broker has it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord

from deploy.local.kafka import provision_env
from deploy.local.system import System


def broker(system: System, user: str, password: str) -> dict[str, Any]:
    return {
        "bootstrap_servers": system.endpoints["kafka_internal"],
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": user,
        "sasl_plain_password": password,
    }


@contextmanager
def reader(system: System, group: str | None = None) -> Iterator[KafkaConsumer]:
    """One that may read everything; of a group, what that has not read."""
    admin = provision_env(system.instance)
    told = broker(system, admin["ZP_KAFKA_USERNAME"], admin["ZP_KAFKA_PASSWORD"])
    made = KafkaConsumer(**told, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False)
    yield made
    made.close()


def read(consumer: KafkaConsumer, prefix: str) -> list[ConsumerRecord]:
    """Everything on the topics that begin so."""
    topics = [topic for topic in consumer.topics() if topic.startswith(prefix)]
    partitions = [TopicPartition(topic, n) for topic in topics for n in consumer.partitions_for_topic(topic)]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    found: list[ConsumerRecord] = []
    while any(consumer.position(partition) < ends[partition] for partition in partitions):
        found += [record for records in consumer.poll(500).values() for record in records]
    return found


async def all_told(system: System) -> None:
    """Returns when progress has published all that it has to."""
    connection = await asyncpg.connect(system.database("progress"))
    while await connection.fetchval("SELECT count(*) FROM outbox"):  # noqa: ASYNC110 - a table
        await asyncio.sleep(0.1)
    await connection.close()


def attributes(record: ConsumerRecord) -> dict[str, str]:
    return {name: value.decode() for name, value in record.headers}
