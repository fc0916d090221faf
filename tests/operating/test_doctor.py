"""The doctor finds nothing wrong with a healthy system, and names what is broken."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from deploy.doctor import checks, rules
from deploy.doctor.rules import Finding, Level
from deploy.local.doctor import env
from deploy.local.instance import ROOT
from deploy.local.system import System
from deploy.provision.settings import DoctorSettings

OK, WARNING, WRONG = Level.OK, Level.WARNING, Level.WRONG


@pytest.fixture
def settings(system: System, monkeypatch: pytest.MonkeyPatch) -> DoctorSettings:
    """What is told of the healthy system."""
    for name, value in env(system.instance).items():
        monkeypatch.setenv(name, value)
    return DoctorSettings()


def test_a_healthy_system_passes(system: System) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "deploy.doctor"],
        cwd=ROOT,
        env={**os.environ, **env(system.instance)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, [row for row in told.stdout.splitlines() if row.startswith("wrong")]) == (0, []), told
    for what in ("clock of", "version of progress", "portal: ready", "migrations of notify", "topics", "issuer"):
        assert what in told.stdout
    for what in ("signing keys", "client zoneportal-grants", "consumer notify.feed", "outbox of catalog", "disk of"):
        assert what in told.stdout


async def test_a_service_that_is_away_is_named(settings: DoctorSettings) -> None:
    away = settings.processes | {"progress-worker": "http://127.0.0.1:9"}
    found = await checks.processes(settings.model_copy(update={"processes": away}))
    assert {finding.what for finding in found if finding.level is WRONG} == {"progress-worker"}


async def test_a_client_with_another_secret_and_another_issuer_are_named(settings: DoctorSettings) -> None:
    other = {"clients": settings.clients | {"zoneportal-notify": "another"}}
    found = await checks.realm(settings.model_copy(update=other))
    assert {finding.what for finding in found if finding.level is WRONG} == {"client zoneportal-notify"}
    moved = settings.issuer.replace("127.0.0.1", "localhost")
    found = await checks.realm(settings.model_copy(update={"issuer": moved}))
    assert {finding.what for finding in found if finding.level is WRONG} == {"issuer"}


@asynccontextmanager
async def changed(system: System, database: str, there: str, back: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(system.database(database))
    try:
        await connection.execute(there)
        yield connection
        await connection.execute(back)
    finally:
        await connection.close()


async def test_a_migration_that_is_missing_is_named(system: System, settings: DoctorSettings) -> None:
    at = f"UPDATE alembic_version SET version_num = '{settings.heads['portal']}'"
    async with changed(system, "portal", "UPDATE alembic_version SET version_num = '0000'", at):
        found = await checks.databases(settings)
    assert {finding.what: finding.says for finding in found if finding.level is WRONG} == {
        "migrations of portal": f"at 0000, not at {settings.heads['portal']}"
    }


async def test_a_dead_letter_is_named(system: System, settings: DoctorSettings) -> None:
    letter = """
        INSERT INTO dead_letter (consumer, topic, key, headers, value, reason, replayable)
        VALUES ('doctor', 'catalog', 'doctor', '[]', '', 'test', false)
    """
    async with changed(system, "notify", letter, "DELETE FROM dead_letter WHERE consumer = 'doctor'"):
        found = {finding.what: finding for finding in await checks.databases(settings)}
    assert found["events that notify could not handle"].level is WARNING
    assert "死信" in found["events that notify could not handle"].todo


async def test_a_zone_without_its_topic_is_named(system: System, settings: DoctorSettings) -> None:
    zone = "INSERT INTO zone (code, name, kind, version) VALUES ('doctor', '检查', 'zone', 1)"
    async with changed(system, "progress", zone, "DELETE FROM zone WHERE code = 'doctor'"):
        found = await checks.messages(settings)
    assert [(finding.level, finding.says) for finding in found if finding.what == "topics"] == [
        (WRONG, "missing: progress.doctor")
    ]


async def test_what_cannot_be_looked_at_is_wrong_and_the_rest_is_looked_at(settings: DoctorSettings) -> None:
    away = {"gateway_url": "http://127.0.0.1:9", "kafka_password": "another"}
    found = await checks.examine(settings.model_copy(update=away))
    assert {"gateway", "realm", "broker"} <= {finding.what for finding in found if finding.level is WRONG}
    assert "portal" in {finding.what for finding in found if finding.level is OK}


@pytest.mark.parametrize(
    ("found", "level"),
    [
        (rules.clock("x", 1.9), OK),
        (rules.clock("x", -2.1), WARNING),
        (rules.clock("x", 31), WRONG),
        (rules.version("progress", "1.0.0", "1.1.0"), WRONG),
        (rules.process("portal", 503), WRONG),
        (rules.keys(0), WRONG),
        (rules.client("zoneportal-portal", "Client not enabled to retrieve service account"), OK),
        (rules.client("zoneportal-portal", "Invalid client or Invalid client credentials"), WRONG),
        (rules.consumer("notify.feed", 5000, 1), OK),
        (rules.consumer("notify.feed", 5001, 1), WARNING),
        (rules.consumer("notify.feed", 0, 0), WRONG),
        (rules.outbox("catalog", 3, 60), OK),
        (rules.outbox("catalog", 3, 61), WARNING),
        (rules.outbox("catalog", 3, 601), WRONG),
        (rules.letters("notify", 0, 1), WARNING),
        (rules.disk("/", 16, 100), OK),
        (rules.disk("/", 15, 100), WARNING),
        (rules.disk("/", 4, 100), WRONG),
        (rules.broken("broker", ConnectionError("refused")), WRONG),
    ],
)
def test_what_is_found_is_judged_and_says_what_to_do(found: Finding, level: Level) -> None:
    assert found.level is level
    assert bool(found.todo) is (level is not OK)
    assert found.what in found.line
