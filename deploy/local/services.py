"""What the processes of the services and the portal are told."""

import os
import signal
from dataclasses import replace
from pathlib import Path

from alembic.script import ScriptDirectory

from deploy.local.commands import python
from deploy.local.instance import ROOT, Instance
from deploy.local.processes import Command

RECEIVERS = "127.0.0.2/32"
"""Where receivers of webhooks may listen on this machine. Nothing of the system does, so that none of it is reached."""


def api(instance: Instance, service: str, copy: str = "") -> Command:
    """When the launcher ends it, it need not wait until the gateway has left it."""
    env = _env(instance, service, "api", copy)
    if service == "catalog":
        env["ZP_PEOPLE_SECRET"] = instance.secrets["people_client"]
    return replace(python(service, "api", env=env), stop=signal.SIGINT)


def worker(instance: Instance, service: str, copy: str = "") -> Command:
    """Its settings are left in ``env/<service>-worker`` too, for the commands of ``zoneportal`` that do its work."""
    kafka = {
        "ZP_KAFKA_BOOTSTRAP": instance.address("kafka_internal"),
        "ZP_KAFKA_USERNAME": service,
        "ZP_KAFKA_PASSWORD": instance.secrets[f"kafka_{service}"],
    }
    env = {**_env(instance, service, "worker", copy), **kafka}
    if service == "notify":
        env["ZP_GRANTS_SECRET"] = instance.secrets["grants_client"]
    instance.write_text(f"env/{service}-worker{copy}", "".join(f"{name}='{value}'\n" for name, value in env.items()))
    return python(service, "worker", env=env)


def migrations(service: str) -> Path:
    """The folder of a service's migrations."""
    return ROOT / ("gateway" if service == "portal" else "services") / service / "migrations"


def head(service: str) -> str:
    """The newest of its migrations."""
    return str(ScriptDirectory(str(migrations(service))).get_current_head())


def migration(instance: Instance, service: str) -> Command:
    return python(service, "migrate", env=_env(instance, service, "owner"))


def _env(instance: Instance, service: str, role: str, copy: str = "") -> dict[str, str]:
    """``role`` (owner, api, worker) is the one that the process has in its database; ``copy`` ``_2`` for a second."""
    port = "portal" if service == "portal" else f"{service}_{role}"
    env = {
        "ZP_PORT": str(instance.ports.get(port + copy, 0)),
        "ZP_DATABASE_URL": instance.database(service, f"{service}_{role}", f"{service}_{role}"),
        "ZP_ISSUER": instance.issuer,
        "ZP_JWKS_URL": instance.jwks,
        "ZP_KEYCLOAK_URL": instance.keycloak,
        "ZP_GATEWAY_URL": instance.gateway,
        "ZP_INSTANCE": f"local{copy}",
    }
    if f"{service}_client" in instance.secrets:
        secret = instance.secrets[f"{service}_client"]
        env |= {"ZP_OIDC_CLIENT_ID": f"zoneportal-{service}", "ZP_OIDC_CLIENT_SECRET": secret}
    if service == "progress":
        env["ZP_ATTACHMENTS_URL"] = instance.folder("attachments").as_uri()
        env["ZP_CLAMD"] = os.environ.get("ZP_CLAMD", "")
    if service == "notify":
        host, port = instance.address("smtp").split(":")
        env |= {"ZP_SMTP_HOST": host, "ZP_SMTP_PORT": port, "ZP_MAIL_FROM": "zoneportal@localhost"}
        env["ZP_WEBHOOK_NETWORKS"] = os.environ.get("ZP_WEBHOOK_NETWORKS", RECEIVERS)
        env["ZP_KAFKA_EXTERNAL"] = instance.address("kafka_external")
    return env
