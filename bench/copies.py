"""Copies of progress' database, changed by SQL, and processes of its API before them."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from deploy.local import postgres, processes, services
from deploy.local.instance import ROOT
from deploy.local.ports import free
from deploy.local.system import System
from tests.support import until


def grown(
    system: System,
    name: str,
    script: Path | None = None,
    service: str = "progress",
    *,
    bare: bool = False,
    **given: int,
) -> str:
    """Makes a copy of a service's database of this name, with what the script adds; the name. The script works on
    ``bare`` tables, or on what has its indexes, constraints and triggers.
    """
    source = system.database(service)
    target = f"{source.rpartition('/')[0]}/{name}"
    psql(source, f"DROP DATABASE IF EXISTS {name} WITH (FORCE); CREATE DATABASE {name} OWNER {service}_owner;")
    psql(target, _dump(source, "pre-data", "data"))
    rest, growth = _dump(source, "post-data"), script.read_text() if script else ""
    for part in (growth, rest) if bare else (rest, growth):
        psql(target, part, *(f"--set={each}={value}" for each, value in given.items()))
    psql(target, "VACUUM ANALYZE")
    return name


def _dump(source: str, *sections: str) -> str:
    command = [str(postgres.BIN / "pg_dump"), *(f"--section={section}" for section in sections), source]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def exists(system: System, name: str) -> bool:
    asked = f"SELECT FROM pg_database WHERE datname = '{name}'"
    command = [str(postgres.BIN / "psql"), "--no-psqlrc", "--command", asked, system.database("progress")]
    return b"(1 row)" in subprocess.run(command, check=True, capture_output=True).stdout


def psql(database: str, script: str, *options: str) -> None:
    script = f"SET client_min_messages = warning;\n{script}"
    command = [str(postgres.BIN / "psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", *options, database]
    subprocess.run(command, input=script.encode(), check=True, stdout=subprocess.DEVNULL)


@contextmanager
def served(system: System, database: str) -> Iterator[str]:
    """An API of progress on that database; its address, that of its version."""
    instance, port = system.instance, unused()
    command = services.api(instance, "progress")
    env = {"ZP_PORT": str(port), "ZP_DATABASE_URL": instance.database(database, "progress_api", "progress_api")}
    process = processes.start(replace(command, env={**command.env, **env}), instance.log(database), ROOT)
    base = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(f"{base}/readyz"))
        yield f"{base}/api/progress/v1/"
    finally:
        process.terminate()
        process.wait()


def unused() -> int:
    """A port."""
    return next(port for port in range(30_100, 32_000) if free(port))


def answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
