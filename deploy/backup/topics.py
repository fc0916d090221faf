"""Topics: every record of the moment with its time and partition, and how far each group had come in them.

What the broker forgot of a partition leaves no gap on the way back: records come closer, and a group's offset becomes
the number of records before it.
"""

import gzip
import json
import time
from array import array
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kafka import KafkaProducer
from kafka import TopicPartition as Place
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import CoordinatorNotAvailableError, NoError
from kafka.structs import OffsetAndMetadata

from deploy.backup.archive import Unusable
from deploy.backup.moment import Broker, Moment
from deploy.provision.settings import BackupSettings

FOLDER = "topics"
COORDINATOR_SECONDS = 60
Described = dict[str, dict[str, Any]]
Row = dict[str, Any]


def copy(broker: Broker, home: Path, moment: Moment) -> dict[str, Any]:
    """Copies the records that belong to the moment; ``topics`` and ``groups`` for the manifest."""
    (home / FOLDER).mkdir()
    described = {topic: _described(broker, topic) for topic in sorted({place.topic for place in moment.ends})}
    for topic, about in described.items():
        with gzip.open(_file(home, topic), "wt", encoding="ascii", compresslevel=3) as file:
            about["records"] = 0
            for record in _read(broker, {place: end for place, end in moment.ends.items() if place.topic == topic}):
                file.write(json.dumps(_row(record)) + "\n")
                about["records"] += 1
    groups = {
        group: [[place.topic, place.partition, offset] for place, offset in places.items()]
        for group, places in moment.offsets.items()
    }
    return {"topics": described, "groups": groups}


def restore(settings: BackupSettings, broker: Broker, home: Path, manifest: Mapping[str, Any]) -> set[str]:
    """Fills empty topics, or goes on where it was broken off, and sets the groups; the ids of the events.

    Raises Unusable when a topic holds something else.
    """
    described: Described = manifest["topics"]
    if missing := set(described) - set(broker.admin.list_topics()):
        broker.admin.create_topics(
            {name: _wanted(settings, described[name]) for name in missing}, wait_for_metadata=True
        )
    places: dict[Place, array[int]] = {}
    ids: set[str] = set()
    for topic in described:
        offsets, events = _fill(settings, broker, home, topic)
        places |= offsets
        ids |= events
    for group, rows in manifest["groups"].items():
        _set_group(broker, group, rows, places)
    return ids


def _described(broker: Broker, topic: str) -> dict[str, Any]:
    found = broker.admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])["topic"][topic]
    configs = {name: told["value"] for name, told in found.items() if told["config_source"] == "DYNAMIC_TOPIC_CONFIG"}
    return {"partitions": len(broker.consumer.partitions_for_topic(topic)), "configs": configs}


def _wanted(settings: BackupSettings, described: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "num_partitions": described["partitions"],
        "replication_factor": settings.kafka_replicas,
        "configs": described["configs"],
    }


def _file(home: Path, topic: str) -> Path:
    return home / FOLDER / f"{topic}.jsonl.gz"


def _read(broker: Broker, ends: Mapping[Place, int]) -> Iterator[ConsumerRecord]:
    """What is on the partitions before their ends, each in its order."""
    consumer = broker.consumer
    consumer.assign([*ends])
    consumer.seek_to_beginning(*ends)
    while any(consumer.position(place) < end for place, end in ends.items()):
        for place, records in consumer.poll(500).items():
            yield from (record for record in records if record.offset < ends[place])


def _row(record: ConsumerRecord) -> Row:
    return {
        "partition": record.partition,
        "offset": record.offset,
        "time": record.timestamp,
        "key": _text(record.key),
        "value": _text(record.value),
        "headers": [[name, _text(value)] for name, value in record.headers],
    }


def _text(content: bytes | None) -> str | None:
    return None if content is None else b64encode(content).decode()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else b64decode(text)


def _fill(
    settings: BackupSettings, broker: Broker, home: Path, topic: str
) -> tuple[dict[Place, "array[int]"], set[str]]:
    """By partition the offsets that its records had; and the ids of the events."""
    offsets, ids, failures = defaultdict[Place, "array[int]"](lambda: array("q")), set[str](), list[BaseException]()
    there = {place: end for place, end in broker.ends().items() if place.topic == topic}
    producer = KafkaProducer(**settings.kafka, acks="all", enable_idempotence=True, linger_ms=5)
    try:
        for row in rows(home, topic):
            place = Place(topic, row["partition"])
            offsets[place].append(row["offset"])
            ids.update(_bytes(text).decode() for name, text in row["headers"] if name == "ce_id")  # type: ignore[union-attr]
            if len(offsets[place]) > there.get(place, 0):
                _send(producer, topic, row).add_errback(failures.append)
        producer.flush()
    finally:
        producer.close(timeout=10)
    if failures:
        raise failures[0]
    _compare(broker, home, topic)
    return dict(offsets), ids


def rows(home: Path, topic: str) -> Iterator[Row]:
    with gzip.open(_file(home, topic), "rt", encoding="ascii") as file:
        for text in file:
            yield json.loads(text)


def _send(producer: KafkaProducer, topic: str, row: Row) -> Any:
    return producer.send(
        topic,
        key=_bytes(row["key"]),
        value=_bytes(row["value"]),
        headers=[(name, _bytes(text)) for name, text in row["headers"]],
        partition=row["partition"],
        timestamp_ms=row["time"],
    )


def _compare(broker: Broker, home: Path, topic: str) -> None:
    """The topic holds the records of the backup, and nothing else."""
    want, have = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for row in rows(home, topic):
        want[row["partition"]].append(_mark(row))
    ends = {place: end for place, end in broker.ends().items() if place.topic == topic}
    for record in _read(broker, ends):
        have[record.partition].append(_mark(_row(record)))
    if have != want:
        raise Unusable(f"the topic {topic} does not hold what the backup has: it was not empty")


def _mark(row: Row) -> int:
    """Of all but its offset."""
    return hash(json.dumps({name: value for name, value in row.items() if name != "offset"}, sort_keys=True))


def _set_group(broker: Broker, group: str, rows: list[tuple[str, int, int]], places: Mapping[Place, Any]) -> None:
    offsets = {
        Place(topic, partition): OffsetAndMetadata(bisect_left(places.get(Place(topic, partition), ()), offset), "", -1)
        for topic, partition, offset in rows
    }
    answers = _altered(broker, group, offsets)
    refused = {place: error for place, error in answers.items() if error is not NoError}
    if refused:
        raise Unusable(f"the offsets of the group {group} are refused: {refused}")


def _altered(broker: Broker, group: str, offsets: Mapping[Place, OffsetAndMetadata]) -> Mapping[Place, Any]:
    """A new broker makes the topic of the offsets when it is first asked for a group, and until then refuses."""
    until = time.monotonic() + COORDINATOR_SECONDS
    while True:
        try:
            answers: Mapping[Place, Any] = broker.admin.alter_group_offsets(group, offsets)
            return answers
        except CoordinatorNotAvailableError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
