"""What the steps of the provisioning are told by their environment; ``ZP_*`` as everywhere."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.settings import SECRETS, kafka_client


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


class ServerSettings(_Settings):
    """How what looks after a running system reaches its servers: as their administrators."""

    superuser_url: str
    kafka_bootstrap: str
    kafka_username: str
    kafka_password: str

    @property
    def kafka(self) -> dict[str, object]:
        """As kafka-python wants it."""
        return kafka_client(self.kafka_bootstrap, self.kafka_username, self.kafka_password)


class BackupSettings(ServerSettings):
    """``attachments_url`` is empty where attachments are kept safe by other means.

    ``postgres_programs`` is the folder of ``pg_dump`` and ``pg_restore``, if they are not found by their names;
    ``passwords_file`` goes along as it is.
    """

    kafka_replicas: int = 1
    attachments_url: str = ""
    attachments_options: dict[str, str] = Field(default_factory=dict)
    postgres_programs: Path | None = None
    passwords_file: Path | None = None

    def program(self, name: str) -> str:
        return str(self.postgres_programs / name) if self.postgres_programs else name


class DoctorSettings(ServerSettings):
    """What a healthy system is like: ``clients`` are secrets by client, ``processes`` addresses by name.

    ``heads`` are the newest migrations by database, ``folders`` those whose disks may not be full. ``login`` is the
    form by which somebody asks Keycloak for a token of the API; without it, none is held against keys.
    """

    gateway_url: str
    issuer: str
    jwks_url: str
    clients: dict[str, str] = Field(default_factory=dict)
    processes: dict[str, str] = Field(default_factory=dict)
    heads: dict[str, str] = Field(default_factory=dict)
    folders: list[Path] = Field(default_factory=list)
    login: dict[str, str] = Field(default_factory=dict)


class BrokerSettings(_Settings):
    """``kafka_external`` is where integrators find the broker; ``kafka_password`` is the administrator's."""

    kafka_bootstrap: str
    kafka_external: str
    kafka_broker_password: str
    kafka_password: str
    issuer: str
    jwks_url: str


class GatewaySettings(_Settings):
    """What the template of the gateway is given in a container.

    With ``gateway_certificate``, the folder of a certificate and its key, it speaks TLS too.
    """

    issuer: str
    audience: str = "zoneportal-api"
    gateway_certificate: Path | None = None


class SeedSettings(_Settings):
    """The seed is brought in through the gateway, by a demo user."""

    gateway_url: str
    demo_password: str
