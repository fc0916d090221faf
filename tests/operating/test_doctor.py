"""The doctor finds nothing wrong with a healthy system, and names what is broken."""

import asyncio
import json
import os
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from kafka.admin import ConfigResource, ConfigResourceType

from deploy.backup.moment import broker
from deploy.doctor import checks, rules
from deploy.doctor.rules import Finding, Level
from deploy.local.doctor import env
from deploy.local.instance import ROOT
from deploy.local.system import System
from deploy.provision import kafka
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
    for what in ("key in use at the gateway: known", "settings of topics", "partitions of topics", "disk of Kafka"):
        assert what in told.stdout
    assert "certificate of" not in told.stdout
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


async def test_a_topic_that_is_kept_otherwise_is_named_and_set_right(
    system: System, settings: DoctorSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def set_to(topic: str, configs: dict[str, str]) -> None:
        with broker(settings) as on:
            on.admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs)])

    set_to("progress.hefei", {"retention.ms": "3600000", "cleanup.policy": "compact"})
    found = {finding.what: finding for finding in await checks.messages(settings)}["settings of topics"]
    assert (found.level, found.says) == (
        WRONG,
        "progress.hefei: cleanup.policy is compact, not the default; "
        "progress.hefei: retention.ms is 3600000, not 7776000000",
    )
    monkeypatch.setenv("ZP_KAFKA_USERS", json.dumps({}))
    kafka.provision()
    assert {finding.what: finding.level for finding in await checks.messages(settings)}["settings of topics"] is OK


async def test_a_key_that_is_not_published_is_named(settings: DoctorSettings) -> None:
    other = settings.jwks_url.replace("/realms/zoneportal/", "/realms/master/")
    found = await checks.signing(settings.model_copy(update={"jwks_url": other}))
    assert [finding.what for finding in found if finding.level is WRONG] == ["key in use"]


async def test_the_gateways_certificate_is_looked_at_where_it_has_one(settings: DoctorSettings, tmp_path: Path) -> None:
    file = certificate(tmp_path, days=6)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        found = await checks.certificate(settings.model_copy(update={"gateway_url": f"https://127.0.0.1:{port}"}))
    assert [(finding.what, finding.level) for finding in found] == [(f"certificate of 127.0.0.1:{port}", WARNING)]


def certificate(folder: Path, days: int) -> Path:
    """Of a server, by itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=127.0.0.1")
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + private)
    return file


async def test_what_cannot_be_looked_at_is_wrong_and_the_rest_is_looked_at(
    settings: DoctorSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "PATIENCE_SECONDS", 8)
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
        (rules.topic_settings({}), OK),
        (rules.topic_settings({"catalog": {"cleanup.policy": (None, "compact")}}), WRONG),
        (rules.partitions({"catalog": 3, "progress.hefei": 3}, 3), OK),
        (rules.partitions({"catalog": 3, "progress.hefei": 1}, 3), WARNING),
        (rules.signing("k1", True, 400), OK),
        (rules.signing("k1", True, 401), WARNING),
        (rules.signing("k1", True, None), OK),
        (rules.signing("k1", False, None), WRONG),
        (rules.trust("the gateway", 404), OK),
        (rules.trust("the gateway", 401), WRONG),
        (rules.certificate("portal.example", 22), OK),
        (rules.certificate("portal.example", 21), WARNING),
        (rules.certificate("portal.example", 4.9), WRONG),
        (rules.certificate("portal.example", -3), WRONG),
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
