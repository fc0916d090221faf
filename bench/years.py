"""Lists, overview and trends with ten years of periods against the same with one year (baseline).

Two copies of progress' database are grown by SQL, each behind a process of the API of its own; they are asked
directly, with real tokens.
"""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx

from bench.alternating import Measured, alternate
from chassis.clock import today
from deploy.local import postgres, processes, services
from deploy.local.instance import ROOT
from deploy.local.ports import free
from deploy.local.system import System
from tests.support import until

GROWTH = Path(__file__).with_name("years.sql")
ONE, TEN = 1, 10
ASKED = (
    ("province.admin", "lines?limit=25"),
    ("hefei.admin", "lines?limit=25"),
    ("province.admin", "desk"),
    ("hefei.admin", "desk"),
    ("province.admin", "lines/{line}/history?limit=10"),
    ("province.admin", "lines/{line}/reports?limit=10"),
    ("province.admin", "overview"),
    ("hefei.admin", "overview"),
    ("province.admin", "overview?on={day}"),
    ("province.admin", "trends?since={month}&until={day}"),
    ("province.admin", "changes?since={month}&until={day}"),
    ("province.admin", "periods?limit=12"),
    ("province.admin", "periods/{period}"),
    ("province.admin", "filings?period={period}&limit=25"),
    ("hefei.admin", "filings?waiting=true&limit=25"),
    ("province.admin", "filings?line={line}&limit=10"),
    ("province.admin", "orders?open=true&limit=25"),
    ("hefei.admin", "orders?limit=25"),
    ("province.admin", "problems?open=true&limit=25"),
    ("province.admin", "indicators"),
    ("province.admin", "bulletins"),
)


async def measure(system: System) -> list[Measured]:
    with ExitStack() as stack:
        bases = [stack.enter_context(_served(system, _grown(system, years))) for years in (ONE, TEN)]
        return [await _compared(system, bases, user, path) for user, path in ASKED]


async def _compared(system: System, bases: list[str], user: str, path: str) -> Measured:
    headers = {"Authorization": f"Bearer {system.token(user)}"}
    asked: list[tuple[httpx.AsyncClient, str]] = []
    for base in bases:
        client = httpx.AsyncClient(base_url=base, headers=headers, trust_env=False, timeout=30)
        asked.append((client, path.format(**await _named(client))))
    one, ten = (partial(_ask, *each) for each in asked)
    try:
        return await alternate(f"{user.partition('.')[0]}: {path}", one, ten)
    finally:
        for client, _ in asked:
            await client.aclose()


async def _ask(client: httpx.AsyncClient, path: str) -> None:
    (await client.get(path)).raise_for_status()


async def _named(client: httpx.AsyncClient) -> dict[str, str]:
    """What paths name: a line, the last period, the last day that is over and the one thirty days before."""
    line, period = [
        (await client.get(things, params={"limit": 1})).raise_for_status().json()["items"][0]["id"]
        for things in ("lines", "periods")
    ]
    day = today() - timedelta(days=1)
    return {"line": line, "period": period, "day": str(day), "month": str(day - timedelta(days=30))}


def _grown(system: System, years: int) -> str:
    """The name of a copy of progress' database with so many years of history in it."""
    source, name = system.database("progress"), f"progress_{years}"
    target = f"{source.rpartition('/')[0]}/{name}"
    _psql(source, f"DROP DATABASE IF EXISTS {name} WITH (FORCE); CREATE DATABASE {name} OWNER progress_owner;".encode())
    dump = subprocess.run([str(postgres.BIN / "pg_dump"), source], check=True, capture_output=True)
    for script in (dump.stdout, GROWTH.read_bytes(), b"VACUUM ANALYZE"):
        _psql(target, script, f"--set=years={years}")
    return name


def _psql(database: str, script: bytes, *options: str) -> None:
    command = [str(postgres.BIN / "psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", *options, database]
    subprocess.run(command, input=script, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _served(system: System, database: str) -> Iterator[str]:
    """An API of progress on that database; its address."""
    instance = system.instance
    port = next(port for port in range(30_100, 32_000) if free(port))
    command = services.api(instance, "progress")
    env = {"ZP_PORT": str(port), "ZP_DATABASE_URL": instance.database(database, "progress_api", "progress_api")}
    process = processes.start(replace(command, env={**command.env, **env}), instance.log(database), ROOT)
    base = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _ready(base))
        yield f"{base}/api/progress/v1/"
    finally:
        process.terminate()
        process.wait()


def _ready(base: str) -> bool:
    try:
        return httpx.get(f"{base}/readyz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
