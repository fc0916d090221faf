"""The examples for integrators keep their tables right through kills, repeats and a rebuild."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import httpx
import pytest
from kafka import KafkaProducer

from deploy.local.instance import ROOT
from deploy.local.system import System
from tests.support import NOTIFY, done, lines, on_topic, until
from tests.topics import broker

WEBHOOKS, RECEIVER = f"{NOTIFY}/webhooks", "127.0.0.2"
COLUMNS = ("version", "title", "state", "percent", "light", "due")
EXAMPLES: Mapping[str, Callable[[System], tuple[str, ...]]] = {
    "lines_table": lambda system: ("--kafka", system.endpoints["kafka"], "--zone", "hefei"),
    "lines_over_http": lambda system: (),
}
Rows = dict[str, tuple[object, ...]]


@contextmanager
def running(system: System, example: str, file: Path) -> Iterator[None]:
    """A reader as a process of its own, until ``kill -9`` at the end of the block."""
    client = ("--gateway", system.endpoints["gateway"], "--client", "integrator-hefei")
    secret = {"CLIENT_SECRET": system.instance.secrets["integrator-hefei_client"]}
    with process_of(file, example, *client, *EXAMPLES[example](system), **secret):
        yield


@contextmanager
def process_of(file: Path, example: str, *arguments: str, **environment: str) -> Iterator[None]:
    """``environment`` is added to that of the test."""
    command = [sys.executable, "-m", f"examples.{example}", *arguments, str(file)]
    with file.with_suffix(".log").open("a") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log)
        try:
            yield
            assert process.poll() is None, file.with_suffix(".log").read_text()
        finally:
            process.kill()
            process.wait()


def told(file: Path) -> Rows:
    """The table."""
    if not file.exists():
        return {}
    with closing(sqlite3.connect(file)) as database:
        known = database.execute("SELECT name FROM sqlite_master WHERE name = 'line'").fetchone()
        rows = database.execute(f"SELECT id, {', '.join(COLUMNS)} FROM line WHERE NOT withdrawn") if known else []
        return {row[0]: row[1:] for row in rows}


def real(system: System) -> Rows:
    """What the table must say, by the API."""
    found = [line | {"title": line["task"]["title"]} for line in lines(system, "hefei.admin")]
    return {line["id"]: tuple(line[name] for name in COLUMNS) for line in found}


def wait_until_right(system: System, file: Path) -> None:
    """Until the table has every line as it is now, however much else was told before. Others are of events that only
    tests have published.
    """
    expected = real(system)
    until(lambda: expected.items() <= told(file).items(), seconds=90)


async def repeat(system: System, line_id: str) -> None:
    """Brings the line's first event onto its topic once more, as a broker may."""
    first = next(event for event in await on_topic(system, "progress.hefei") if event.subject == line_id)
    producer = KafkaProducer(**broker(system, "progress", system.instance.secrets["kafka_progress"]))
    producer.send("progress.hefei", key=line_id.encode(), value=first.value(), headers=first.headers()).get(20)
    producer.close()


@pytest.mark.parametrize("example", EXAMPLES)
async def test_a_table_is_right_after_kills_repeats_and_a_rebuild(system: System, tmp_path: Path, example: str) -> None:
    file = tmp_path / "lines.sqlite"
    line_id = [line["id"] for line in lines(system, "hefei.admin") if "report" in line["actions"]][-1]
    with running(system, example, file):
        until(lambda: told(file))
    done(system, "hefei.admin", line_id, "reports", percent=33, done="已建成")
    with running(system, example, file):
        wait_until_right(system, file)
        await repeat(system, line_id)
        done(system, "province.admin", line_id, "latest/return", reason="缺少佐证材料")
        wait_until_right(system, file)
    file.unlink()
    with running(system, example, file):
        wait_until_right(system, file)


def test_a_table_kept_by_webhooks_is_right_after_kills_repeats_and_a_rebuild(system: System, tmp_path: Path) -> None:
    file = tmp_path / "lines.sqlite"
    line_id = [line["id"] for line in lines(system, "hefei.admin") if "report" in line["actions"]][-2]
    with socket.create_server((RECEIVER, 0)) as free:
        port = free.getsockname()[1]
    with system.client("integrator-hefei") as integrator:
        given = {"url": f"http://{RECEIVER}:{port}/", "tenants": ["hefei"]}
        webhook = integrator.post(WEBHOOKS, json=given).raise_for_status().json()
        path, everything = f"{WEBHOOKS}/{webhook['id']}", {"since": "2026-01-01T00:00:00Z", "what": "all"}

        def receiving() -> AbstractContextManager[None]:
            return process_of(file, "webhook_receiver", "--port", str(port), WEBHOOK_SECRET=webhook["secret"])

        def replay() -> None:
            integrator.post(f"{path}/replay", json=everything).raise_for_status()

        with receiving():
            replay()
            until(lambda: told(file))
        done(system, "hefei.admin", line_id, "reports", percent=33, done="已建成")
        with receiving():
            replay()
            wait_until_right(system, file)
            done(system, "province.admin", line_id, "latest/return", reason="缺少佐证材料")
            wait_until_right(system, file)
        file.unlink()
        with receiving():
            forged = {"webhook-id": "1", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,AAAA"}
            url = f"http://{RECEIVER}:{port}/"
            assert until(lambda: answered(url, forged)) == 401
            replay()
            wait_until_right(system, file)
        integrator.post(f"{path}/removal", headers={"If-Match": '"1"'}).raise_for_status()


def answered(url: str, headers: Mapping[str, str]) -> int:
    """The status of the answer; 0 while nobody listens."""
    try:
        return httpx.post(url, content=b"{}", headers=dict(headers), trust_env=False).status_code
    except httpx.ConnectError:
        return 0
