"""Topics, users and rights of the services on the broker."""

from collections.abc import Iterable

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    UserScramCredentialUpsertion,
)
from kafka.errors import TopicAlreadyExistsError

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
_Right = tuple[ResourceType, str, ACLResourcePatternType, ACLOperation]
RIGHTS: dict[str, list[_Right]] = {
    "catalog": [(_TOPIC, "catalog", _LITERAL, _WRITE)],
    "progress": [
        (_TOPIC, "catalog", _LITERAL, _READ),
        (_TOPIC, "progress.", _PREFIXED, _WRITE),
        (_TOPIC, "progress.", _PREFIXED, _CREATE),
        (_TOPIC, "progress.", _PREFIXED, ACLOperation.ALTER_CONFIGS),
    ],
    "notify": [(_TOPIC, "catalog", _LITERAL, _READ), (_TOPIC, "progress.", _PREFIXED, _READ)],
}


def provision() -> None:
    """Brings the broker to what this module says; what is so already stays untouched."""
    settings = KafkaSettings()
    admin = KafkaAdminClient(
        bootstrap_servers=settings.kafka_bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=settings.kafka_username,
        sasl_plain_password=settings.kafka_password,
    )
    try:
        _topics(admin, settings.kafka_replicas)
        _users(admin, settings.kafka_users)
        for service in RIGHTS:
            _rights(admin, service, _of_service(service))
        for client, tenants in settings.kafka_integrators.items():
            _rights(admin, f"service-account-{client}", _of_integrator(client, tenants))
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


def _rights(admin: KafkaAdminClient, user: str, rights: Iterable[_Right]) -> None:
    everything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    its = ACLFilter(f"User:{user}", None, ACLOperation.ANY, ACLPermissionType.ANY, everything)
    have, want = set(admin.describe_acls(its)[0]), {_acl(user, right) for right in rights}
    if want - have:
        refused = admin.create_acls(list(want - have))["failed"]
        if refused:
            raise SystemExit(f"rights of {user} refused: {refused}")
    if have - want:
        for _, _, error in admin.delete_acls([_exactly(acl) for acl in have - want]):
            if error.errno:
                raise error


def _of_service(service: str) -> list[_Right]:
    return [
        (_TOPIC, f"dead-letters.{service}", _LITERAL, _WRITE),
        (_GROUP, service, _PREFIXED, _READ),
        (_CLUSTER, "kafka-cluster", _LITERAL, ACLOperation.IDEMPOTENT_WRITE),
        *RIGHTS[service],
    ]


def _of_integrator(client: str, tenants: Iterable[str]) -> list[_Right]:
    topics: list[_Right] = [(_TOPIC, f"progress.{tenant}", _LITERAL, _READ) for tenant in tenants]
    return [(_GROUP, f"{client}.", _PREFIXED, _READ), *topics]


def _acl(user: str, right: _Right) -> ACL:
    kind, name, pattern, operation = right
    return ACL(f"User:{user}", "*", operation, ACLPermissionType.ALLOW, ResourcePattern(kind, name, pattern))


def _exactly(acl: ACL) -> ACLFilter:
    resource = acl.resource_pattern
    pattern = ResourcePatternFilter(resource.resource_type, resource.resource_name, resource.pattern_type)
    return ACLFilter(acl.principal, acl.host, acl.operation, acl.permission_type, pattern)
