"""``make doctor``: the doctor, told what the system on this machine is like."""

import json
import os
import subprocess

from deploy.local import kafka, services, tokens
from deploy.local.commands import python
from deploy.local.instance import Instance
from deploy.local.ports import SERVICES

_CLIENTS = ("portal", "catalog", "notify", "grants", "people")
_FOLDERS = ("postgres", "attachments", "log")
"""The broker tells itself of its own."""


def env(instance: Instance) -> dict[str, str]:
    """What it is told."""
    processes = instance.endpoints()["components"]
    return kafka.provision_env(instance) | {
        "ZP_SUPERUSER_URL": instance.database("postgres", "postgres", "postgres"),
        "ZP_GATEWAY_URL": instance.gateway,
        "ZP_ISSUER": instance.issuer,
        "ZP_JWKS_URL": instance.jwks,
        "ZP_CLIENTS": json.dumps({f"zoneportal-{name}": instance.secrets[f"{name}_client"] for name in _CLIENTS}),
        "ZP_PROCESSES": json.dumps(processes),
        "ZP_HEADS": json.dumps({service: services.head(service) for service in (*SERVICES, "portal")}),
        "ZP_FOLDERS": json.dumps([str(instance.run_dir / name) for name in _FOLDERS]),
        "ZP_LOGIN": json.dumps(tokens.form("operator.demo", instance.secrets["demo"])),
    }


def examine(instance: Instance) -> int:
    """Prints what is found; the exit code, 1 when something is wrong."""
    command = python("deploy.doctor")
    return subprocess.run(command.argv, cwd=command.cwd, env={**os.environ, **env(instance)}, check=False).returncode
