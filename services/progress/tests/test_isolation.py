"""Nobody reads or changes what is not theirs: by the API, and in the database even without the API."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from chassis.clock import today
from progress.lines.daily import judge
from services.progress.tests.worlds import World

UNITS = ["swt", "hfhg", "hfs", "whs"]
VISIBLE = {
    "province": {"hefei", "wuhu", "province"},
    "auditor": {"hefei", "wuhu", "province"},
    "hefei": {"hefei"},
    "wuhu": {"wuhu"},
    "bengbu": set(),
    "swt": {"hefei", "wuhu", "province"},
    "hfhg": {"hefei", "wuhu", "province"},
    "kjt": set(),
    "lost city": set(),
    "lost department": set(),
}


@pytest.mark.parametrize("name", VISIBLE)
async def test_everybody_sees_their_lines_and_no_others(world: World, name: str) -> None:
    task = await world.publish(UNITS)
    lines = await world.lines("province", task=task["code"])
    assert {line["jurisdiction"] for line in await world.lines(name, task=task["code"])} == VISIBLE[name]
    async with world.client(name) as client:
        nothing = (await client.get(f"/lines/{uuid4()}")).json()
        for line in lines:
            for part in ("", "/reports", "/history", "/schedule"):
                answer = await client.get(f"/lines/{line['id']}{part}")
                assert answer.status_code == (200 if line["jurisdiction"] in VISIBLE[name] else 404)
                if answer.status_code == 404:
                    assert answer.json() | {"trace": None} == nothing | {"trace": None}


@pytest.mark.parametrize("name", ["operator", "integrator", "security", "nobody"])
async def test_other_roles_are_refused(world: World, name: str) -> None:
    async with world.client(name) as client:
        for path in ("/lines", "/overview", "/jurisdictions", f"/lines/{uuid4()}"):
            assert (await client.get(path)).status_code == 403


async def test_without_a_token_there_is_nothing(world: World) -> None:
    async with world.client("province") as client:
        for headers in ({"Authorization": ""}, {"Authorization": "Bearer x"}):
            answer = await client.get("/lines", headers=headers)
            assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


DEADLINE = str(today() + timedelta(90))
SCHEDULE = {"deadline": DEADLINE, "milestones": [{"title": "制定方案", "weight": 1, "due": DEADLINE}]}
EXTENSION = {"deadline": str(today() + timedelta(99)), "cause": "…"}
BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "report": ("reports", {"percent": 1, "done": "…"}),
    "confirm": ("latest/confirmation", {}),
    "return": ("latest/return", {"reason": "…"}),
    "review": ("latest/review", {"opinion": "agree"}),
    "suspend": ("suspension", {"reason": "…"}),
    "resume": ("resumption", {}),
    "schedule": ("schedule", SCHEDULE),
    "complete": ("first/completion", {"on": str(today())}),
    "extend": ("extensions", EXTENSION),
    "approve_extension": ("asked/approval", {}),
    "refuse_extension": ("asked/refusal", {"reason": "…"}),
    "move_deadline": ("deadline", {"deadline": str(today() + timedelta(60)), "cause": "…"}),
}


async def _prepared(world: World, state: str, jurisdiction: str, timing: str) -> dict[str, Any]:
    line: dict[str, Any] = await world.line(await world.publish(UNITS), jurisdiction)
    office = "swt" if jurisdiction == "province" else jurisdiction
    await world.act(office, line, "reports", percent=100, done="…", finished=state == "submitted")
    if timing != "unset":
        await world.act(office, line, "schedule", **SCHEDULE)
    if timing == "asked":
        await world.act(office, line, "extensions", **EXTENSION)
    if state == "suspended":
        await world.act("province", line, "suspension", reason="…")
    return line


@pytest.mark.parametrize("jurisdiction", ["hefei", "province"])
@pytest.mark.parametrize(
    ("state", "timing"),
    [
        ("in_progress", "unset"),
        ("in_progress", "running"),
        ("in_progress", "asked"),
        ("submitted", "running"),
        ("suspended", "asked"),
    ],
)
async def test_the_api_allows_exactly_the_actions_that_it_lists(
    world: World, state: str, jurisdiction: str, timing: str
) -> None:
    line = await _prepared(world, state, jurisdiction, timing)
    for name in ("province", "auditor", "hefei", "wuhu", "swt", "hfhg", "kjt"):
        for action, (path, body) in BODIES.items():
            async with world.client(name) as client:
                shown = await client.get(f"/lines/{line['id']}")
            listed = shown.json().get("actions", [])
            answer = await world.act(name, line, path, **body)
            assert answer.is_success == (action in listed), (name, action, answer.text)
            assert answer.status_code in (200, 201, 403, 404, 409)
            if answer.is_success:
                line = await _prepared(world, state, jurisdiction, timing)


async def _as(world: World, scope: str, tenant: str, unit: str, sql: str, *arguments: object) -> str:
    """What the database answers the API's role, with nothing of the API between."""
    connection = await asyncpg.connect(world.env("progress_api")["ZP_DATABASE_URL"])
    try:
        async with connection.transaction():
            await connection.execute(
                "SELECT set_config('app.scope', $1, true), set_config('app.tenant', $2, true),"
                " set_config('app.unit', $3, true)",
                scope,
                tenant,
                unit,
            )
            return str(await connection.execute(sql, *arguments))
    except asyncpg.InsufficientPrivilegeError:
        return "refused"
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("scope", "tenant", "unit", "jurisdiction", "allowed"),
    [
        ("all", "", "", "hefei", True),
        ("tenant", "hefei", "", "hefei", True),
        ("tenant", "wuhu", "", "hefei", False),
        ("unit", "", "swt", "hefei", True),
        ("unit", "", "hfhg", "hefei", False),
        ("unit", "", "kjt", "hefei", False),
        ("audit", "", "", "hefei", False),
        ("none", "", "", "hefei", False),
        ("tenant", "hefei", "", "province", False),
        ("", "", "", "hefei", False),
    ],
)
async def test_the_database_itself_refuses_foreign_changes(
    world: World, scope: str, tenant: str, unit: str, jurisdiction: str, allowed: bool
) -> None:
    line = await world.line(await world.publish(UNITS), jurisdiction)
    change = "UPDATE line SET percent = percent, state = state, version = version WHERE id = $1"
    assert (await _as(world, scope, tenant, unit, change, line["id"]) == "UPDATE 1") == allowed
    forbidden = [
        "UPDATE line SET jurisdiction = 'wuhu' WHERE id = $1",
        "UPDATE line SET units = '{}' WHERE id = $1",
        "DELETE FROM line WHERE id = $1",
        "DELETE FROM report WHERE line_id = $1",
        "UPDATE line_history SET actor = 'x' WHERE line_id = $1",
        "DELETE FROM line_history WHERE line_id = $1",
    ]
    for sql in forbidden:
        assert await _as(world, scope, tenant, unit, sql, line["id"]) == "refused"


@pytest.mark.parametrize(
    ("scope", "tenant", "unit", "jurisdiction", "allowed"),
    [
        ("tenant", "hefei", "", "hefei", True),
        ("tenant", "wuhu", "", "hefei", False),
        ("unit", "", "swt", "province", True),
        ("unit", "", "swt", "hefei", False),
        ("unit", "", "hfhg", "province", False),
        ("all", "", "", "hefei", False),
        ("audit", "", "", "hefei", False),
    ],
)
async def test_the_database_itself_refuses_foreign_reports(
    world: World, scope: str, tenant: str, unit: str, jurisdiction: str, allowed: bool
) -> None:
    line = await world.line(await world.publish(UNITS), jurisdiction)
    sql = """INSERT INTO report (id, line_id, number, percent, done, problems, next_steps, finished, office,
                                 submitted_by)
             VALUES (uuidv7(), $1, 1, 1, '', '', '', false, '', '')"""
    assert (await _as(world, scope, tenant, unit, sql, line["id"]) == "INSERT 0 1") == allowed
    if allowed:
        confirm = "UPDATE report SET status = 'confirmed' WHERE line_id = $1"
        assert await _as(world, scope, tenant, unit, confirm, line["id"]) == "refused"


async def test_every_change_is_told_and_audited_in_its_transaction(world: World) -> None:
    line = await world.line(await world.publish(UNITS), "hefei")
    report = (await world.act("hefei", line, "reports", percent=3, done="…")).json()
    async with world.server() as server:
        told = await server.fetch(
            "SELECT type, subject, tenant, sequence, data FROM outbox WHERE subject = ANY($1) ORDER BY position",
            [line["id"], report["id"]],
        )
        kept = await server.fetch("SELECT action, name, after FROM audit WHERE thing_id = $1", report["id"])
    assert [(row["type"].split(".", 2)[2], row["sequence"]) for row in told] == [
        ("line.opened.v1", 1),
        ("line.progressed.v1", 2),
        ("report.submitted.v1", 1),
    ]
    assert {row["tenant"] for row in told} == {"hefei"}
    assert json.loads(told[2]["data"])["line"]["percent"] == 3
    assert [(row["action"], row["name"], json.loads(row["after"])["percent"]) for row in kept] == [
        ("report.submitted", "hefei", 3)
    ]


async def test_lights_change_with_the_day_and_are_caught_up(world: World) -> None:
    line = await world.line(await world.publish(UNITS, due=str(today())), "hefei")
    async with world.server() as server:
        await server.execute("UPDATE line SET due = due - 9, light_on = light_on - 9 WHERE id = $1", line["id"])
    async with world.database.session() as session:
        assert await judge(session, today()) >= 1
    async with world.database.session() as session:
        assert await judge(session, today()) == 0
    late = await world.line({"code": line["task"]["code"]}, "hefei")
    assert (late["light"], late["version"]) == ("red", 2)
