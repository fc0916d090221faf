"""What an integrator may do on the broker: read the topics of its tenants, in groups under its own name."""

from kafka.admin import ACLOperation, ACLResourcePatternType, KafkaAdminClient, ResourceType

from chassis.auth import SERVICE_ACCOUNT
from chassis.kafka_rights import Right, bring
from notify.integrators.rules import Wish
from notify.settings import NotifySettings

_READ, _LITERAL, _PREFIXED = ACLOperation.READ, ACLResourcePatternType.LITERAL, ACLResourcePatternType.PREFIXED


def rights(wish: Wish) -> list[Right]:
    """None without a grant."""
    topics: list[Right] = [(ResourceType.TOPIC, f"progress.{tenant}", _LITERAL, _READ) for tenant in wish.granted]
    return [(ResourceType.GROUP, f"{wish.client}.", _PREFIXED, _READ), *topics] if topics else []


class Broker:
    """A connection for each time: grants are rare. Raises what kafka-python raises."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings

    def bring(self, wish: Wish) -> None:
        admin = KafkaAdminClient(**self._settings.kafka, bootstrap_timeout_ms=5000, request_timeout_ms=10_000)
        try:
            bring(admin, SERVICE_ACCOUNT + wish.client, rights(wish))
        finally:
            admin.close()
