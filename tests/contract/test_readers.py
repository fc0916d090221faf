"""Whoever renames or removes a field that somebody reads is told who reads it."""

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chassis.tenancy import Session
from contracts.generate import FOLDER
from contracts.readers import pacts, undescribed
from contracts.readings import as_pacts, readings
from contracts.release import documents
from deploy.local.system import System
from tests.contract.changed import changed, renamed, without
from tests.contract.examples import Publish
from tests.contract.test_http_providers import verify as verify_answers
from tests.contract.test_message_providers import CATALOG, MANUSCRIPTS, PROGRESS, TOLD_OF_LINES, verify

PACTS, CONTRACT = pacts(FOLDER / "pacts"), documents(FOLDER)


def test_all_that_is_read_is_described() -> None:
    assert undescribed(PACTS, CONTRACT) == []


@pytest.mark.parametrize(
    ("file", "name", "reader"),
    [
        ("openapi/catalog.json", "aliases", "portal reads GET /api/catalog/v1/units.items[].aliases"),
        ("openapi/progress.json", "light", "portal reads GET /api/progress/v1/lines.items[].light"),
        ("openapi/progress.json", "due_changes", "portal reads GET /api/progress/v1/lines.items[].due_changes"),
        ("openapi/progress.json", "percent", "portal sends POST /api/progress/v1/lines/"),
        ("openapi/notify.json", "unread", "portal reads GET /api/notify/v1/"),
        ("events/zoneportal.catalog.task.published.v1.json", "zones", "progress reads zoneportal.catalog.task."),
        ("events/zoneportal.catalog.zone.published.v1.json", "code", "progress reads zoneportal.catalog.zone."),
        (
            "events/zoneportal.catalog.manuscript.submitted.v1.json",
            "zone",
            "notify reads zoneportal.catalog.manuscript.",
        ),
        (
            "events/zoneportal.progress.line.opened.v1.json",
            "units",
            "notify reads zoneportal.progress.line.opened.v1.line.",
        ),
        (
            "events/zoneportal.progress.case.invited.v1.json",
            "title",
            "notify reads zoneportal.progress.case.invited.v1.case.",
        ),
        (
            "events/zoneportal.progress.line.stalled.v1.json",
            "percent",
            "integrator reads zoneportal.progress.line.stalled.v1.line.",
        ),
        ("openapi/notify.json", "more", "integrator reads GET /api/notify/v1/events"),
        ("openapi/catalog.json", "responsibilities", "portal reads GET /api/catalog/v1/tasks/{code}"),
        ("openapi/progress.json", "sha256", "portal reads GET /api/progress/v1/attachments/{attachment_id}"),
        ("openapi/progress.json", "confidence", "portal reads GET /api/progress/v1/filings/{filing_id}.versions[]"),
        ("openapi/notify.json", "message_id", "portal reads GET /api/notify/v1/webhooks/{webhook_id}/deliveries/"),
    ],
)
def test_a_renamed_field_names_its_readers(file: str, name: str, reader: str) -> None:
    contract = copy.deepcopy(CONTRACT)
    for properties in properties_of(contract[file]):
        if name in properties:
            properties["renamed"] = properties.pop(name)
    found = undescribed([*PACTS, *as_pacts(readings(), contract)], contract)
    assert any(text.startswith(reader) and text.endswith(f".{name}") for text in found), found


@pytest.mark.parametrize("kind", ["lines/{line_id}/reports", "orders"])
def test_a_removed_operation_names_its_callers(kind: str) -> None:
    contract = copy.deepcopy(CONTRACT)
    del contract["openapi/progress.json"]["paths"][f"/api/progress/v1/{kind}"]
    assert any(text.startswith("portal calls ") for text in undescribed(PACTS, contract))


def properties_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Each object's properties, wherever they stand in a document."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield schema["properties"]
        for part in list(schema.values()):
            yield from properties_of(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from properties_of(part)


@pytest.mark.parametrize(
    ("consumer", "provider", "published", "message", "name"),
    [
        ("progress", "catalog", CATALOG, "a unit", "name"),
        ("progress", "catalog", CATALOG, "a zone with its city", "city"),
        ("progress", "catalog", CATALOG, "a task", "kind"),
        ("notify", "catalog", MANUSCRIPTS, "a manuscript that is submitted", "zone"),
        ("notify", "progress", PROGRESS, "a report that is confirmed", "title"),
        ("notify", "progress", PROGRESS, "an order that is issued", "lead"),
        ("notify", "progress", PROGRESS, "a case that is invited", "zone_name"),
        ("integrator", "progress", TOLD_OF_LINES, "a line that an edition has opened", "light"),
    ],
)
async def test_what_the_code_does_not_publish_any_more_fails_its_reader(
    system: System,
    capfd: pytest.CaptureFixture[str],
    consumer: str,
    provider: str,
    published: Mapping[str, Publish],
    message: str,
    name: str,
) -> None:
    """The code's own message, but for one field, which has another name."""

    async def renamed(db: Session) -> None:
        await published[message](db)
        await db.run(
            "UPDATE outbox SET data = replace(data, :name, :other) WHERE position = (SELECT max(position) FROM outbox)",
            name=f'"{name}":',
            other='"renamed":',
        )

    url, pact = system.database(provider), f"{consumer}-{provider}.json"
    await verify(provider, pact, url, published, message)
    capfd.readouterr()
    with pytest.raises(RuntimeError):
        await verify(provider, pact, url, {message: renamed}, message)
    told = capfd.readouterr().out
    assert consumer in told
    assert name in told


@pytest.mark.parametrize("change", [renamed, without])
@pytest.mark.parametrize(
    ("consumer", "provider", "user", "asked", "name"),
    [
        ("portal", "catalog", "province.admin", "a zone", "positioning"),
        ("portal", "catalog", "province.admin", "units of a kind", "aliases"),
        ("portal", "progress", "hefei.admin", "the overview", "totals"),
        ("portal", "progress", "hefei.admin", "the thresholds", "near_days"),
        ("portal-security", "notify", "security.demo", "the integrators", "suspended"),
        ("integrator", "notify", "integrator-hefei", "the oldest events", "type"),
    ],
)
def test_what_the_code_does_not_answer_any_more_fails_its_reader(
    system: System,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    change: Callable[[str, Any], Any],
    consumer: str,
    provider: str,
    user: str,
    asked: str,
    name: str,
) -> None:
    """The code's own answer, but for one field."""
    with changed(system.endpoints["gateway"], partial(change, name)) as other, pytest.raises(RuntimeError):
        verify_answers(system, provider, user, tmp_path, {}, {}, consumer=consumer, at=other, only=asked)
    told = capfd.readouterr().out
    assert f"Verifying a pact between {consumer} and {provider}" in told
    assert name in told


def test_what_nobody_reads_may_go(system: System, tmp_path: Path) -> None:
    """From an answer, from what describes it, and from what describes an event."""
    with changed(system.endpoints["gateway"], partial(without, "id")) as other:
        verify_answers(system, "catalog", "province.admin", tmp_path, {}, {}, at=other, only="a zone")
    contract = copy.deepcopy(CONTRACT)
    del contract["openapi/catalog.json"]["components"]["schemas"]["ZoneOut"]["properties"]["id"]
    del contract["events/zoneportal.catalog.edition.published.v1.json"]["properties"]["withdrawn"]
    assert undescribed(PACTS, contract) == []
