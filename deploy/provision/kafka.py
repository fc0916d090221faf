"""Topics, users and rights of the services on the broker; the rights of integrators are kept by notify."""

from kafka.admin import (
    ACLOperation,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourceType,
    UserScramCredentialUpsertion,
)
from kafka.errors import TopicAlreadyExistsError

from chassis.kafka_rights import Right, bring
from chassis.settings import kafka_client
from deploy.provision.settings import KafkaSettings

_DAYS_90 = str(90 * 24 * 3600 * 1000)
_KEPT = {"retention.ms": _DAYS_90}
_COMPACTED = {"cleanup.policy": "compact", "min.compaction.lag.ms": "0", "delete.retention.ms": _DAYS_90}
TOPICS = {
    "catalog": _COMPACTED,
    "progress.province": _KEPT,
    "dead-letters.catalog": _KEPT,
    "dead-letters.progress": _KEPT,
    "dead-letters.notify": _KEPT,
}
PARTITIONS = 3
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
        *RIGHTS[service],
    ]
