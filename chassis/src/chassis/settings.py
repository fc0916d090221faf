"""What a process is told by its environment; every launcher sets the same names."""

import socket
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS = Path("/run/secrets") if Path("/run/secrets").is_dir() else None
"""Where containers find their secrets, a file each."""


class Settings(BaseSettings):
    """Read from ``ZP_*`` variables, and in a container from files of such names. A service subclasses it for its own.

    ``instance`` names this copy of the process among its replicas; it must survive a restart.
    """

    model_config = SettingsConfigDict(env_prefix="ZP_", extra="ignore", secrets_dir=SECRETS)

    host: str = "127.0.0.1"
    port: int
    database_url: str
    issuer: str
    jwks_url: str
    audience: str = "zoneportal-api"
    kafka_bootstrap: str = ""
    kafka_username: str = ""
    kafka_password: str = ""
    instance: str = Field(default_factory=socket.gethostname)
    log_level: str = "INFO"

    @property
    def kafka(self) -> dict[str, object]:
        """How kafka-python reaches the broker's listener for services."""
        return kafka_client(self.kafka_bootstrap, self.kafka_username, self.kafka_password)


def kafka_client(bootstrap: str, username: str, password: str) -> dict[str, object]:
    """How a client of kafka-python logs in at the broker's inner listener."""
    return {
        "bootstrap_servers": bootstrap,
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": username,
        "sasl_plain_password": password,
        "reconnect_backoff_max_ms": 1000,
    }
