"""Topics, users and rights of the services on the broker; the rights of integrators are kept by notify."""

from collections.abc import Iterable, Mapping
from typing import Any

from kafka.admin import (
    ACLOperation,
    ACLResourcePatternType,
    AlterConfigOp,
    ConfigResource,
    ConfigResourceType,
    KafkaAdminClient,
    ResourceType,
    UserScramCredentialUpsertion,
)
from kafka.errors import TopicAlreadyExistsError

from chassis import topics
from chassis.kafka_rights import Right, bring
from chassis.settings import kafka_client
from chassis.topics import COMPACTED, KEPT, Difference
from deploy.provision.settings import KafkaSettings

PARTITIONS = topics.PARTITIONS
TOPICS = {
    "catalog": COMPACTED,
    "progress.province": KEPT,
    "dead-letters.catalog": KEPT,
    "dead-letters.progress": KEPT,
    "dead-letters.notify": KEPT,
}
ZONES = "progress."
"""How the names of topics begin that progress makes, one for each jurisdiction."""
_SETTINGS = {*KEPT, *COMPACTED}
_READ, _WRITE, _CREATE = ACLOperation.READ, ACLOperation.WRITE, ACLOperation.CREATE
_TOPIC, _GROUP, _CLUSTER = ResourceType.TOPIC, ResourceType.GROUP, ResourceType.CLUSTER
_LITERAL, _PREFIXED = ACLResourcePatternType.LITERAL, ACLResourcePatternType.PREFIXED
RIGHTS: dict[str, list[Right]] = {
    "catalog": [(_TOPIC, "catalog", _LITERAL, _WRITE)],
    "progress": [
        (_TOPIC, "catalog", _LITERAL, _READ),
        (_TOPIC, "progress.", _PREFIXED, _WRITE),
        (_TOPIC, "progress.", _PREFIXED, _CREATE),
        (_TOPIC, "progress.", _PREFIXED, ACLOperation.ALTER_CONFIGS),
    ],
    "notify": [
        (_TOPIC, "catalog", _LITERAL, _READ),
        (_TOPIC, "progress.", _PREFIXED, _READ),
        # it keeps the rights of integrators
        (_CLUSTER, "kafka-cluster", _LITERAL, ACLOperation.DESCRIBE),
        (_CLUSTER, "kafka-cluster", _LITERAL, ACLOperation.ALTER),
    ],
}


def provision() -> None:
    """Brings the broker to what this module says; what is so already stays untouched."""
    settings = KafkaSettings()
    admin = KafkaAdminClient(**kafka_client(settings.kafka_bootstrap, settings.kafka_username, settings.kafka_password))
    try:
        _topics(admin, settings.kafka_replicas)
        _users(admin, settings.kafka_users)
        for service in RIGHTS:
            bring(admin, service, rights_of(service))
    finally:
        admin.close()


def _topics(admin: KafkaAdminClient, replicas: int) -> None:
    known = set(admin.list_topics())
    for name, configs in TOPICS.items():
        if name not in known:
            topic = {name: {"num_partitions": PARTITIONS, "replication_factor": replicas, "configs": configs}}
            try:
                admin.create_topics(topic)
            except TopicAlreadyExistsError:
                continue
    _settings(admin, [name for name in known if name in TOPICS or name.startswith(ZONES)])


def _settings(admin: KafkaAdminClient, names: Iterable[str]) -> None:
    for topic, wrong in different(admin, names).items():
        given = {
            name: (AlterConfigOp.DELETE, None) if wanted is None else (AlterConfigOp.SET, wanted)
            for name, (_, wanted) in wrong.items()
        }
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, given)])


def different(admin: KafkaAdminClient, names: Iterable[str]) -> dict[str, dict[str, Difference]]:
    """The settings of these topics that are not as wanted, by topic and name."""
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    described = admin.describe_configs(asked)["topic"] if asked else {}
    return {topic: wrong for topic, told in described.items() if (wrong := _different(topic, told))}


def _different(topic: str, told: Mapping[str, Mapping[str, Any]]) -> dict[str, Difference]:
    wanted = TOPICS.get(topic, KEPT)
    own = {name: each["value"] for name, each in told.items() if each["config_source"] == "DYNAMIC_TOPIC_CONFIG"}
    return {name: (own.get(name), wanted.get(name)) for name in sorted(_SETTINGS) if own.get(name) != wanted.get(name)}


def _users(admin: KafkaAdminClient, passwords: dict[str, str]) -> None:
    wanted = [UserScramCredentialUpsertion(name, "SCRAM-SHA-512", password) for name, password in passwords.items()]
    errors = {name: error for name, error in admin.alter_user_scram_credentials(wanted).items() if error}
    if errors:
        raise SystemExit(f"users refused: {errors}")


def rights_of(service: str) -> list[Right]:
    return [
        (_TOPIC, f"dead-letters.{service}", _LITERAL, _WRITE),
        (_GROUP, service, _PREFIXED, _READ),
        (_CLUSTER, "kafka-cluster", _LITERAL, ACLOperation.IDEMPOTENT_WRITE),
        (ResourceType.TRANSACTIONAL_ID, f"outbox.{service}", _LITERAL, _WRITE),
        *RIGHTS[service],
    ]
