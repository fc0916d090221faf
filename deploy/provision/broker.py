"""The configuration of a Kafka broker in KRaft mode: INTERNAL for the services (SCRAM), EXTERNAL for integrators.

Integrators log in with tokens of Keycloak.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.provision.settings import BrokerSettings

ADMIN = "zoneportal-kafka-admin"
LOG4J = """
Configuration:
  status: warn
  Appenders:
    Console: {name: out, PatternLayout: {pattern: "%d{ISO8601} %p %c{1} %m%n"}}
  Loggers:
    Root: {level: warn, AppenderRef: {ref: out}}
    Logger:
      - {name: kafka.authorizer.logger, level: info}
      - {name: kafka, level: info}
      - {name: org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler, level: error}
"""
_OAUTH = "org.apache.kafka.common.security.oauthbearer"
_LOGIN = "org.apache.kafka.common.security"
_LISTENERS = ("INTERNAL", "CONTROLLER", "EXTERNAL")


@dataclass(frozen=True)
class Broker:
    """``bound`` and ``advertised`` are addresses by listener: where it listens, and where others find that."""

    bound: Mapping[str, str]
    advertised: Mapping[str, str]
    data: str
    issuer: str
    jwks: str
    password: str

    @property
    def properties(self) -> str:
        """The text of ``server.properties``."""
        return "\n".join(f"{name}={value}" for name, value in _properties(self).items())


def scram(passwords: Mapping[str, str]) -> str:
    """The options by which the format of the storage makes the first users."""
    return "\n".join(f"--add-scram SCRAM-SHA-512=[name={name},password={word}]" for name, word in passwords.items())


def provision(folder: Path) -> None:
    """Writes the files that the broker of a container starts with."""
    settings = BrokerSettings()
    broker = Broker(
        bound={"INTERNAL": "0.0.0.0:9092", "CONTROLLER": "127.0.0.1:9093", "EXTERNAL": "0.0.0.0:9094"},
        advertised={
            "INTERNAL": settings.kafka_bootstrap,
            "CONTROLLER": "127.0.0.1:9093",
            "EXTERNAL": settings.kafka_external,
        },
        data="/var/lib/kafka/data/log",
        issuer=settings.issuer,
        jwks=settings.jwks_url,
        password=settings.kafka_broker_password,
    )
    users = {"broker": settings.kafka_broker_password, ADMIN: settings.kafka_password}
    for name, text in {"server.properties": broker.properties, "log4j2.yaml": LOG4J, "scram": scram(users)}.items():
        (folder / name).write_text(text)


def _properties(broker: Broker) -> dict[str, object]:
    login = f'required username="broker" password="{broker.password}"'
    return {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{broker.advertised['CONTROLLER']}",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": broker.data,
        "listeners": ",".join(f"{name}://{broker.bound[name]}" for name in _LISTENERS),
        "advertised.listeners": ",".join(f"{name}://{broker.advertised[name]}" for name in ("INTERNAL", "EXTERNAL")),
        "listener.security.protocol.map": ",".join(f"{name}:SASL_PLAINTEXT" for name in _LISTENERS),
        "inter.broker.listener.name": "INTERNAL",
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": (
            f'{_LOGIN}.plain.PlainLoginModule {login} user_broker="{broker.password}";'
        ),
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "listener.name.internal.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.internal.scram-sha-512.sasl.jaas.config": f"{_LOGIN}.scram.ScramLoginModule {login};",
        **_outsiders(broker),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:broker;User:{ADMIN}",
        "allow.everyone.if.no.acl.found": "false",
        "auto.create.topics.enable": "false",
        **_one_node(),
    }


def _outsiders(broker: Broker) -> dict[str, object]:
    listener = "listener.name.external"
    return {
        f"{listener}.sasl.enabled.mechanisms": "OAUTHBEARER",
        f"{listener}.oauthbearer.sasl.jaas.config": f"{_OAUTH}.OAuthBearerLoginModule required;",
        f"{listener}.oauthbearer.sasl.server.callback.handler.class": f"{_OAUTH}.OAuthBearerValidatorCallbackHandler",
        f"{listener}.sasl.oauthbearer.jwks.endpoint.url": broker.jwks,
        f"{listener}.sasl.oauthbearer.expected.issuer": broker.issuer,
        f"{listener}.sasl.oauthbearer.expected.audience": "zoneportal-kafka",
        f"{listener}.sasl.oauthbearer.sub.claim.name": "kafka_principal",
        f"{listener}.sasl.oauthbearer.clock.skew.seconds": 10,
        f"{listener}.connections.max.reauth.ms": 240_000,
    }


def _one_node() -> dict[str, object]:
    return {
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "group.initial.rebalance.delay.ms": 0,
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
        "num.network.threads": 2,
        "num.io.threads": 2,
        "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
    }
