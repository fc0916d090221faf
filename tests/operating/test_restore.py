"""The drill: what a restored system has is what was there, and events go on where they were, without repeat or gap."""

import asyncio
import hashlib
import json
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from kafka.consumer.fetcher import ConsumerRecord

from chassis import audit
from chassis.tenancy import Database, Session
from deploy.backup.databases import Tables, tables
from deploy.backup.moment import SESSION
from deploy.backup.topics import rows
from deploy.local.system import System
from gateway.portal.tests.support import Browser
from tests.operating.conftest import GROUP, Backup, at_end
from tests.support import PROGRESS, client_of, done, entries, line, until
from tests.topics import all_told, attributes, read, reader


async def test_every_table_is_as_it_was(restored: System, backup: Backup) -> None:
    """The step that restored them has compared all before anything ran; those that rest are so still."""
    assert "every table is as it was" in restored.instance.log("restored-data").read_text()
    for database, resting in {
        "catalog": {"task", "zone", "unit", "plan", "edition", "alembic_version"},
        "progress": {"report", "orders", "attachment", "milestone", "task", "unit", "alembic_version"},
        "notify": {"integrator", "preference", "alembic_version"},
        "keycloak": {"user_entity", "user_attribute", "user_role_mapping", "keycloak_role", "org", "component"},
    }.items():
        found, told = await _tables(restored, database), backup.manifest["tables"][database]
        assert {name: found[name] for name in resting & {*told}} == {name: told[name] for name in resting & {*told}}
        assert {*found} == {*told}


async def _tables(system: System, database: str) -> Tables:
    address = system.database("progress").rpartition("/")[0]
    connection = await asyncpg.connect(f"{address}/{database}", server_settings=SESSION)
    try:
        return await tables(connection)
    finally:
        connection.terminate()


def test_attachments_have_their_content(restored: System, backup: Backup) -> None:
    path = f"{PROGRESS}/attachments/{backup.attachment['id']}/content"
    content = client_of(restored, "hefei.admin").get(path).raise_for_status().content
    assert hashlib.sha256(content).hexdigest() == backup.attachment["sha256"]


@pytest.mark.parametrize("service", ["catalog", "progress", "notify"])
async def test_the_audit_trail_is_whole(restored: System, service: str) -> None:
    async with _audited(restored, service) as db:
        assert [found async for found in audit.verify(db)] == []
        assert await db.value("SELECT count(*) FROM audit")


@asynccontextmanager
async def _audited(system: System, service: str) -> AsyncIterator[Session]:
    database = Database(system.database(service))
    try:
        async with database.session() as db:
            yield db
    finally:
        await database.close()


async def test_the_seal_of_the_lost_trail_tells_that_this_one_is_older(
    system: System, restored: System, backup: Backup
) -> None:
    done(system, "hefei.admin", backup.line["id"], "reports", percent=62, done="备份之后")
    async with _audited(system, "progress") as db:
        sealed = await audit.heads(db)
    async with _audited(restored, "progress") as db:
        assert "hefei" in {found.chain async for found in audit.verify(db, sealed) if "sealed" in found.what}


def test_people_log_in_with_their_passwords(restored: System, backup: Backup) -> None:
    with Browser(restored) as browser:
        assert (
            line(restored, backup.line["id"])["task"]["title"]
            in browser.log_in("hefei.admin", f"/lines/{backup.line['id']}").text
        )
    assert [
        entry
        for entry in entries(restored, "hefei.admin", backup.line["id"])
        if backup.line["returned"] in entry["body"]
    ]


async def test_events_go_on_without_repeat_or_gap(restored: System, backup: Backup) -> None:
    mark = f"恢复之后{uuid4().hex}"
    done(restored, "hefei.admin", backup.line["id"], "reports", percent=63, done=mark)
    await all_told(restored)
    topics = [topic for topic in backup.manifest["topics"] if topic.startswith("progress.")]
    kept = Counter(_id(row) for topic in topics for row in rows(backup.home, topic) if row["headers"])
    with reader(restored) as consumer:
        records = [record for record in read(consumer, "progress.") if record.headers]
    told = Counter(attributes(record)["ce_id"] for record in records)
    assert {id_: told[id_] for id_ in kept} == kept  # a publisher that was killed may have told something twice
    assert {*(told - kept).values()} == {1}
    new = [record for record in records if attributes(record)["ce_id"] not in kept]
    assert _reported(new, mark) == _reported(new, backup.unsent) == 1
    assert _reported(records, backup.sent) == 1
    await _caused(restored, backup, records)
    await _consumed(restored, {*told} - {*kept})
    _read_by_the_group(restored, backup, new)


def _id(row: dict[str, Any]) -> str:
    return next(b64decode(value).decode() for name, value in row["headers"] if name == "ce_id")


def _reported(records: list[ConsumerRecord], text: str) -> int:
    return sum(
        attributes(record)["ce_type"].endswith("report.submitted.v1") and text in record.value.decode()
        for record in records
    )


async def _caused(system: System, backup: Backup, records: list[ConsumerRecord]) -> None:
    """Of each report of the lines that were written on, also during the backup, events tell: of its submission one."""
    told = {
        attributes(record)["ce_id"]: (attributes(record)["ce_type"], json.loads(record.value)["report"]["id"])
        for record in records
        if ".report." in attributes(record)["ce_type"]
    }
    connection = await asyncpg.connect(system.database("progress"))
    try:
        reports = await connection.fetch("SELECT id FROM report WHERE line_id = ANY($1)", backup.written)
    finally:
        await connection.close()
    there = {str(row["id"]) for row in reports}
    assert there <= {report for _, report in told.values()}
    submitted = Counter(report for type_, report in told.values() if type_.endswith("submitted.v1") and report in there)
    assert {*submitted.values()} == {1}


async def _consumed(system: System, ids: set[str]) -> None:
    """The feed of integrators has each once."""
    connection = await asyncpg.connect(system.database("notify"))
    try:

        async def kept() -> list[str]:
            return [json.loads(row["body"])["id"] for row in await connection.fetch("SELECT body FROM event")]

        async with asyncio.timeout(30):
            while not ids <= {*(found := await kept())}:  # noqa: ASYNC110 - a table
                await asyncio.sleep(0.1)
    finally:
        await connection.close()
    assert {*Counter(found).values()} == {1}


def _read_by_the_group(system: System, backup: Backup, new: list[ConsumerRecord]) -> None:
    """Who had read everything before the backup reads what came after that, each once."""
    found: list[str] = []
    with reader(system, GROUP) as consumer:
        consumer.subscribe(["progress.hefei"])

        def all_read() -> bool:
            found.extend(attributes(record)["ce_id"] for records in consumer.poll(500).values() for record in records)
            return at_end(consumer)

        until(all_read)
    read_to = {(topic, partition): offset for topic, partition, offset in backup.manifest["groups"][GROUP]}
    unread = [
        _id(row)
        for row in rows(backup.home, "progress.hefei")
        if row["offset"] >= read_to["progress.hefei", row["partition"]]
    ]
    after = [attributes(record)["ce_id"] for record in new if record.topic == "progress.hefei"]
    assert Counter(found) == Counter(unread + after)


def test_the_copy_of_the_catalog_can_be_built_again(restored: System, backup: Backup) -> None:
    before = line(restored, backup.line["id"])
    told = subprocess.run(
        [Path(sys.executable).parent / "zoneportal", "progress", "rebuild", "--env-file", "env/progress-worker"],
        cwd=restored.run_dir,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stdout) == (0, f"{backup.manifest['topics']['catalog']['records']} events read\n")
    assert line(restored, backup.line["id"]) == before
