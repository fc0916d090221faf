"""What the province sets: thresholds, templates, corrections of the calendar. Versioned, audited, its own alone."""

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from chassis.clock import today
from progress.calendar.rules import KNOWN_YEARS
from progress.lines import stalling
from progress.lines.daily import judge
from progress.thresholds.schemas import ThresholdsOut
from services.progress.tests.test_isolation import _as
from services.progress.tests.test_milestones import fresh, now
from services.progress.tests.worlds import World

Json = dict[str, Any]
UNKNOWN = max(KNOWN_YEARS) + 1


async def change(world: World, path: str, name: str = "province", **body: Any) -> httpx.Response:
    """Over the version that there is now."""
    async with world.client(name) as client:
        tag = (await client.get(path)).headers.get("ETag", '"1"')
        return await client.put(path, json=body, headers={"If-Match": tag})


@pytest.fixture
async def settings(world: World) -> AsyncIterator[World]:
    """The world, whose settings are afterwards as they were."""
    yield world
    async with world.server() as server:
        await server.execute("UPDATE thresholds SET near_days = 30, behind_percent = 0, stalled_days = 60")
        await server.execute("TRUNCATE plan_template, calendar_year, landing_goal")


GIVEN: Json = {"near_days": 45, "behind_percent": 5, "stalled_days": 90}
STAGES = [{"title": "调研", "weight": 1}, {"title": "落实", "weight": 3}]
CHANGES: dict[str, Json] = {
    "/thresholds": GIVEN,
    "/templates/1": {"stages": STAGES},
    f"/calendar/{UNKNOWN}": {"days": [{"day": f"{UNKNOWN}-05-03", "working": False}], "settled": False},
}


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize(
    ("name", "reads", "changes"),
    [("province", 200, 200), ("hefei", 200, 403), ("swt", 200, 403), ("auditor", 200, 403), ("operator", 403, 403)],
)
async def test_everybody_concerned_reads_and_the_province_changes(
    settings: World, path: str, name: str, reads: int, changes: int
) -> None:
    await settings.publish(["swt"], plan={"code": "1", "number": 1, "name": "专项行动计划1", "kind": "special"})
    async with settings.client(name) as client:
        assert (await client.get(path)).status_code == reads
    assert (await change(settings, path, name, **CHANGES[path])).status_code == changes


@pytest.mark.parametrize("path", CHANGES)
async def test_a_change_has_a_version_and_is_audited(settings: World, path: str) -> None:
    await settings.publish(["swt"], plan={"code": "1", "number": 1, "name": "专项行动计划1", "kind": "special"})
    saved = await change(settings, path, **CHANGES[path])
    assert saved.status_code == 200, saved.text
    async with settings.client("province") as client:
        read = await client.get(path)
        assert read.headers["ETag"] == saved.headers["ETag"] == f'"{read.json()["version"]}"'
        assert read.json()["changed_by"] == "province"
        stale = await client.put(path, json=CHANGES[path], headers={"If-Match": f'"{read.json()["version"] - 1}"'})
        assert stale.status_code == 412
        assert (await client.put(path, json=CHANGES[path])).status_code == 428
    again = await change(settings, path, **CHANGES[path])
    assert again.json()["version"] == read.json()["version"] + 1
    async with settings.server() as server:
        row = await server.fetchrow(
            "SELECT name, before, after FROM audit WHERE action LIKE '%.changed' ORDER BY at DESC"
        )
    assert row["name"] == "province"
    assert json.loads(row["after"])["version"] == json.loads(row["before"])["version"] + 1


@pytest.mark.parametrize(
    ("path", "thing", "key", "values"),
    [
        ("/thresholds", "thresholds/lights", {"name": "lights"}, GIVEN),
        ("/templates/1", "plan_template/1", {"plan": "1"}, {"stages": STAGES}),
        (
            f"/calendar/{UNKNOWN}",
            f"calendar/{UNKNOWN}",
            {"year": UNKNOWN},
            {"days": {f"{UNKNOWN}-05-03": False}, "settled": False},
        ),
        (
            "/landing/goal",
            "landing_goal//hefei",
            {"plan": "", "jurisdiction": "hefei"},
            {"start_on": "2026-01-05", "stages": [{"months": 12, "percent": 50}]},
        ),
    ],
)
async def test_a_change_is_told_on_the_topic_of_the_province(
    settings: World, path: str, thing: str, key: Json, values: Json
) -> None:
    await settings.publish(["swt"], plan={"code": "1", "number": 1, "name": "专项行动计划1", "kind": "special"})
    goal = {"plan": None, "jurisdiction": "hefei", "start": "2026-01-05", "stages": [{"months": 12, "percent": 50}]}
    body = (CHANGES | {"/landing/goal": goal})[path]
    saved = await change(settings, path, **body)
    assert saved.status_code == 200, saved.text
    assert (await change(settings, path, "hefei", **body)).status_code == 403
    async with settings.server() as server:
        rows = await server.fetch("SELECT * FROM outbox WHERE subject = $1 ORDER BY position", thing)
    told = json.loads(rows[-1]["data"])["setting"]
    assert (rows[-1]["type"], rows[-1]["topic"]) == ("zoneportal.progress.setting.changed.v1", "progress.province")
    assert (told["setting"], told["key"], told["values"]) == (thing.partition("/")[0], key, values)
    assert (told["changed_by"], told["version"]) == ("province", saved.json()["version"])
    assert rows[-1]["sequence"] == saved.json()["version"]


@pytest.mark.parametrize("table", ["thresholds", "plan_template", "calendar_year", "landing_goal"])
@pytest.mark.parametrize("scope", ["tenant", "unit", "audit", ""])
async def test_the_database_itself_lets_only_the_province_set(world: World, table: str, scope: str) -> None:
    change = f"UPDATE {table} SET version = version + 1"
    assert await _as(world, scope, "hefei", "swt", change) in ("UPDATE 0", "refused")
    assert await _as(world, scope, "hefei", "swt", f"DELETE FROM {table}") == "refused"


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/thresholds", GIVEN | {"near_days": 366}, "/body/near_days"),
        ("/thresholds", GIVEN | {"behind_percent": -1}, "/body/behind_percent"),
        ("/thresholds", GIVEN | {"stalled_days": 0}, "/body/stalled_days"),
        ("/templates/1", {"stages": []}, "/body/stages"),
        ("/templates/1", {"stages": [{"title": " ", "weight": 1}]}, "/body/stages/0/title"),
        (f"/calendar/{UNKNOWN}", {"days": [{"day": "2020-01-01", "working": True}], "settled": True}, "/body/days"),
        (
            f"/calendar/{UNKNOWN}",
            {"days": [{"day": f"{UNKNOWN}-05-03", "working": True}] * 2, "settled": True},
            "/body/days",
        ),
    ],
)
async def test_bad_settings_are_refused_by_their_field(settings: World, path: str, body: Json, pointer: str) -> None:
    await settings.publish(["swt"], plan={"code": "1", "number": 1, "name": "专项行动计划1", "kind": "special"})
    answer = await change(settings, path, **body)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_new_thresholds_judge_lines_anew(settings: World) -> None:
    line = await fresh(settings, due=str(today() + timedelta(40)))
    async with settings.server() as server:
        await server.execute("UPDATE line SET opened_on = opened_on - 100 WHERE id = $1", line["id"])
    shown = ThresholdsOut.model_validate((await change(settings, "/thresholds", **GIVEN)).json())
    assert [(rule.name, rule.light) for rule in shown.rules] == [
        ("confirmed", "blue"),
        ("no_deadline", "green"),
        ("overdue", "red"),
        ("milestone_overdue", "yellow"),
        ("near_and_behind", "yellow"),
        ("on_schedule", "green"),
    ]
    async with settings.database.session() as session:
        while await judge(session, today()):
            pass
    assert (await now(settings, line))["light"] == "yellow"


async def test_a_proposal_takes_the_stages_of_its_plan(settings: World) -> None:
    line = await fresh(settings)
    plan = line["task"]["plan"]["code"]
    assert (await change(settings, f"/templates/{plan}", stages=STAGES)).status_code == 200
    async with settings.client("hefei") as client:
        path = f"/lines/{line['id']}/schedule/proposal"
        proposed = await client.post(path, json={"deadline": str(today() + timedelta(100))})
        listed = (await client.get("/templates")).json()["items"]
    titles = [(each["title"], each["percent"]) for each in proposed.json()["milestones"]]
    assert titles == [("调研", 25), ("落实", 100)]
    assert {each["plan"]: [stage["title"] for stage in each["stages"]] for each in listed}[plan] == ["调研", "落实"]


async def test_an_unknown_plan_has_no_template(settings: World) -> None:
    async with settings.client("province") as client:
        assert (await client.get("/templates/nowhere")).status_code == 404
        put = await client.put("/templates/nowhere", json={"stages": STAGES}, headers={"If-Match": '"1"'})
        assert put.status_code == 404


async def test_corrected_days_are_planned_by_and_placed_milestones_stay(settings: World) -> None:
    line = await fresh(settings)
    deadline = date(UNKNOWN, 3, 5)
    async with settings.client("hefei") as client:
        path = f"/lines/{line['id']}/schedule/proposal"
        first = (await client.post(path, json={"deadline": str(deadline)})).json()
    schedule = {
        "deadline": str(deadline),
        "milestones": [{name: each[name] for name in ("title", "weight", "due")} for each in first["milestones"]],
    }
    assert (await settings.act("hefei", line, "schedule", **schedule)).status_code == 200
    days = [date(UNKNOWN, 1, 1) + timedelta(day) for day in range(60)]
    freed = [{"day": str(day), "working": False} for day in days]
    saved = await change(settings, f"/calendar/{UNKNOWN}", days=freed, settled=True)
    assert (saved.json()["known"], saved.json()["settled"]) == (False, True)
    assert len(saved.json()["days"]) == len([day for day in days if day.weekday() < 5])
    async with settings.client("hefei") as client:
        second = (await client.post(path, json={"deadline": str(deadline)})).json()
    assert (first["guessed"], second["guessed"]) == (True, False)
    assert all(each["due"] < str(UNKNOWN) or each["due"] > f"{UNKNOWN}-03-01" for each in second["milestones"])
    kept = (await settings.schedule(line))["milestones"]
    assert [each["due"] for each in kept] == [each["due"] for each in first["milestones"]]


async def test_a_line_that_stands_still_raises_an_alarm_until_something_is_done(settings: World) -> None:
    line = await fresh(settings)
    day = today() + timedelta(60)
    for when, stalled in ((day - timedelta(1), None), (day, str(day))):
        async with settings.database.session() as session:
            while await stalling.watch(session, when):
                pass
        assert (await now(settings, line))["stalled_on"] == stalled
    found = await settings.lines("hefei", mark="stalled")
    assert line["id"] in [each["id"] for each in found]
    await settings.act("hefei", line, "reports", percent=3, done="…")
    after = await now(settings, line)
    assert (after["stalled_on"], after["moved_on"]) == (None, str(today()))
    async with settings.server() as server:
        told = await server.fetch("SELECT type FROM outbox WHERE subject = $1 AND type LIKE '%stalled%'", line["id"])
    assert len(told) == 1


async def test_a_higher_threshold_lifts_alarms(settings: World) -> None:
    line = await fresh(settings)
    day = today() + timedelta(61)
    for threshold, stalled in ((60, True), (90, False)):
        await change(settings, "/thresholds", **{**GIVEN, "stalled_days": threshold})
        async with settings.database.session() as session:
            while await stalling.watch(session, day):
                pass
        assert ((await now(settings, line))["stalled_on"] is not None) is stalled


async def test_a_line_that_was_red_stays_marked(world: World) -> None:
    over = str(today() - timedelta(1))
    line = await world.line(await world.publish(["swt", "hfs"], due=over), "hefei")
    milestones = [{"title": "…", "weight": 1, "due": over}]
    assert (await world.act("hefei", line, "schedule", deadline=over, milestones=milestones)).status_code == 200
    await world.act("province", line, "deadline", deadline=str(today() + timedelta(50)), cause="重新核定")
    after = await now(world, line)
    assert (after["light"], after["red_on"], after["due_changes"]) == ("green", str(today()), 1)
    assert line["id"] in [each["id"] for each in await world.lines("hefei", mark="was_red")]
    assert await world.lines("hefei", mark="nonsense") == []
