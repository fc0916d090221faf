"""A system with something in it, its backup, and another system that begins with that."""

import asyncio
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from chassis.outbox import message
from deploy.backup.archive import Manifest, manifest
from deploy.local.backup import take
from deploy.local.kafka import provision_env
from deploy.local.system import System
from tests.support import Json, act, attach, done, entries, lines, order_in_hand, until
from tests.systems import Systems
from tests.topics import broker, reader


@dataclass(frozen=True)
class Backup:
    """``unsent`` is the text of a report whose event no publisher had seen; the event of ``sent`` was on its topic and
    in the outbox still. ``writing`` is what reports during the backup were answered, ``written`` are the lines that
    were reported on.
    """

    home: Path
    line: Json
    attachment: Json
    unsent: str
    sent: str
    writing: list[int]
    written: list[str]

    @property
    def manifest(self) -> Manifest:
        return manifest(self.home)


GROUP = "integrator-hefei.drill"


@pytest.fixture(scope="session")
def backup(system: System, systems: Systems, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backup]:
    """Taken while reports come in; what is given begins to be restored meanwhile."""
    mine, second, third = [found for found in lines(system, "hefei.admin") if "report" in found["actions"]][:3]
    attachment = attach(system, "hefei.admin", "order", order_in_hand(system))
    returned = _told(system, mine)
    _read_all(system)
    home, unsent, sent = tmp_path_factory.mktemp("backup") / "one", f"尚未发出{uuid4().hex}", f"刚刚发出{uuid4().hex}"
    worker = system.components["progress-worker"]["pid"]
    os.kill(worker, signal.SIGSTOP)
    try:
        done(system, "hefei.admin", second["id"], "reports", percent=62, done=sent)
        with _published(system):
            done(system, "hefei.admin", mine["id"], "reports", percent=62, done=unsent)
            writing = _take_while_writing(system, home, third["id"])
    finally:
        os.kill(worker, signal.SIGCONT)
        until(lambda: _reads(system, "progress.catalog"), 60)  # the broker may have put it out of its group
    systems.begin("restored", home)
    written = [each["id"] for each in (mine, second, third)]
    yield Backup(home, mine | {"returned": returned}, attachment, unsent, sent, writing, written)
    systems.end("restored")


@contextmanager
def _published(system: System) -> Iterator[None]:
    """What is in the outbox is on its topic; until the end it is in the outbox as well, as while a publisher waits."""
    rows = asyncio.run(_outbox(system, "SELECT * FROM outbox ORDER BY position"))
    admin = provision_env(system.instance)
    producer = KafkaProducer(**broker(system, admin["ZP_KAFKA_USERNAME"], admin["ZP_KAFKA_PASSWORD"]))
    for row in rows:
        producer.send(**message(row)).get(10)
    producer.close()
    yield
    asyncio.run(_outbox(system, "DELETE FROM outbox WHERE id = ANY($1)", [row["id"] for row in rows]))


async def _outbox(system: System, statement: str, *given: Any) -> list[Any]:
    connection = await asyncpg.connect(system.database("progress"))
    try:
        return list(await connection.fetch(statement, *given))
    finally:
        await connection.close()


def _told(system: System, mine: Json) -> str:
    """Returns a report of the line, which its people are told; the reason."""
    reason = f"缺少佐证材料{uuid4().hex}"
    done(system, "hefei.admin", mine["id"], "reports", percent=61, done="已建成")
    done(system, "province.admin", mine["id"], "latest/return", reason=reason)
    until(lambda: [entry for entry in entries(system, "hefei.admin", mine["id"]) if reason in entry["body"]])
    return reason


def _reads(system: System, group: str) -> bool:
    admin = provision_env(system.instance)
    told = broker(system, admin["ZP_KAFKA_USERNAME"], admin["ZP_KAFKA_PASSWORD"])
    with closing(KafkaAdminClient(**told)) as asking:
        return bool(asking.describe_groups([group])[group].get("members"))


def _read_all(system: System) -> None:
    """An integrator's group has read all of Hefei's events."""
    with reader(system, GROUP) as consumer:
        consumer.subscribe(["progress.hefei"])
        until(lambda: consumer.poll(500) is not None and at_end(consumer))
        consumer.commit()


def at_end(consumer: KafkaConsumer) -> bool:
    """Whether a group's reader has everything."""
    ends = consumer.end_offsets([*consumer.assignment()])
    return bool(ends) and all(consumer.position(place) >= end for place, end in ends.items())


def _take_while_writing(system: System, home: Path, line_id: str) -> list[int]:
    over = Event()

    def write() -> list[int]:
        answers: list[int] = []
        while not over.is_set():
            answers.append(act(system, "hefei.admin", line_id, "reports", percent=50, done="进展").status_code)
        return answers

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        try:
            assert take(system.instance, home) == 0
        finally:
            over.set()
        return writing.result()


@pytest.fixture(scope="session")
def restored(backup: Backup, systems: Systems) -> System:
    return systems.ready("restored")
