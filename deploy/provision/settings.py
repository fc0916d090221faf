"""What the steps of the provisioning are told by their environment; ``ZP_*`` as everywhere."""

from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.settings import SECRETS


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="ZP_", secrets_dir=SECRETS)


class DatabaseSettings(_Settings):
    """``superuser_url`` is the server's superuser; ``role_passwords`` go by role."""

    superuser_url: str
    role_passwords: dict[str, str]


class WaitSettings(_Settings):
    """The address of the process's own database, or of the server for the step that makes the databases."""

    database_url: str = ""
    superuser_url: str = ""


class KafkaSettings(_Settings):
    """``kafka_username`` is the administrator; ``kafka_users`` passwords by service."""

    kafka_bootstrap: str
    kafka_username: str
    kafka_password: str
    kafka_users: dict[str, str]
    kafka_replicas: int = 1


class BrokerSettings(_Settings):
    """``kafka_external`` is where integrators find the broker; ``kafka_password`` is the administrator's."""

    kafka_bootstrap: str
    kafka_external: str
    kafka_broker_password: str
    kafka_password: str
    issuer: str
    jwks_url: str


class GatewaySettings(_Settings):
    """What the template of the gateway is given in a container."""

    issuer: str
    audience: str = "zoneportal-api"


class SeedSettings(_Settings):
    """The seed is brought in through the gateway, by a demo user."""

    gateway_url: str
    demo_password: str
