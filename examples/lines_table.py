"""Keeps a table of a zone's lines from the events on Kafka.

The offsets stand in the table's own file, not with the broker: they are saved in one transaction with the lines, so
that the process may be killed at any moment. Kafka may bring an event twice, which changes nothing: a line only moves
to a later version.
"""

import json
from contextlib import suppress

from kafka import KafkaConsumer, TopicPartition
from kafka.net.sasl.oauth import AbstractTokenProvider

from examples.access import Access, access, arguments
from examples.table import Table

BATCH = 100


class Tokens(AbstractTokenProvider):  # type: ignore[misc]
    """Gives the client's tokens to kafka-python."""

    def __init__(self, access: Access) -> None:
        super().__init__()
        self._access = access

    def token(self) -> str:
        return self._access.token()


def assign(consumer: KafkaConsumer, topic: str, table: Table) -> None:
    """Goes on where the table was left, in each partition."""
    partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
    if not partitions:
        raise SystemExit(f"there is no topic {topic} that this client may read")
    consumer.assign(partitions)
    for partition in partitions:
        place = table.place(source(partition))
        if place is None:
            consumer.seek_to_beginning(partition)
        else:
            consumer.seek(partition, int(place))


def source(partition: TopicPartition) -> str:
    return f"{partition.topic}/{partition.partition}"


def follow(consumer: KafkaConsumer, topic: str, table: Table) -> None:
    """Takes what comes, for ever."""
    while True:
        if len(consumer.assignment()) != len(consumer.partitions_for_topic(topic)):
            assign(consumer, topic, table)
        for partition, records in consumer.poll(timeout_ms=1000).items():
            with table.reading(source(partition), str(records[-1].offset + 1)):
                for record in records:
                    table.take(dict(record.headers)["ce_type"].decode(), json.loads(record.value))


def main() -> None:
    parser = arguments("Keeps a table of a zone's lines from the events on Kafka.")
    parser.add_argument("--kafka", required=True, help="address of the broker, host:port")
    parser.add_argument("--zone", required=True, help="code of the zone")
    options = parser.parse_args()
    consumer = KafkaConsumer(
        bootstrap_servers=options.kafka,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="OAUTHBEARER",
        sasl_oauth_token_provider=Tokens(access(options)),
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_poll_records=BATCH,
    )
    topic, table = f"progress.{options.zone}", Table(options.file)
    assign(consumer, topic, table)
    follow(consumer, topic, table)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
