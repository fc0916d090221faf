"""Deadlines that the province moves, previews of them, reminders, the timeline, the share that is done."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.clock import today
from progress.landing import rules
from progress.landing.rules import Stage, StagesOutOfOrder, curve, goal_on, months_later
from progress.landing.schemas import LandingOut
from progress.milestones.daily import remind
from progress.milestones.schemas import PreviewOut
from progress.timeline.schemas import TimelinePage
from services.progress.tests.test_isolation import _as
from services.progress.tests.test_milestones import DEADLINE, fresh, now, scheduled
from services.progress.tests.test_settings import settings
from services.progress.tests.worlds import World

__all__ = ["settings"]


@pytest.mark.parametrize("days", [-100, 100])
async def test_the_province_moves_a_deadline_and_the_first_one_stays(world: World, days: int) -> None:
    line = await scheduled(world, today() + timedelta(50))
    await world.act("hefei", line, "first/completion", on=str(today()))
    before = (await world.schedule(line))["milestones"]
    deadline = DEADLINE + timedelta(days)
    async with world.client("province") as client:
        answer = await client.post(f"/lines/{line['id']}/schedule/preview", json={"deadline": str(deadline)})
    preview = PreviewOut.model_validate_json(answer.content)
    assert (await world.schedule(line))["milestones"] == before
    moved = await world.act("province", line, "deadline", deadline=str(deadline), cause="重新核定")
    assert (moved.status_code, moved.json()["status"], moved.json()["number"]) == (201, "moved", 1)
    after = await world.schedule(line)
    assert (after["first_deadline"], after["deadline"]) == (str(DEADLINE), str(deadline))
    assert after["milestones"][0] == before[0]
    assert [(each["id"], each["due"]) for each in after["milestones"][1:]] == [
        (str(each.id), str(each.due)) for each in preview.milestones
    ]
    shown = await now(world, line)
    assert (shown["first_due"], shown["due"], shown["due_changes"]) == (str(DEADLINE), str(deadline), 1)
    again = await world.act("province", line, "deadline", deadline=str(deadline), cause="…")
    assert (again.status_code, again.json()["type"]) == (422, "/problems/deadline-not-allowed")


@pytest.mark.parametrize("milestones", [True, False])
async def test_an_edition_that_leaves_a_deadline_alone_keeps_its_extension(world: World, milestones: bool) -> None:
    task = await world.publish(["swt", "hfs"], due=str(DEADLINE))
    line = await world.line(task, "hefei")
    extended = DEADLINE + timedelta(30)
    if milestones:
        steps = [{"title": "落实", "due": str(DEADLINE), "weight": 1}]
        assert (await world.act("hefei", line, "schedule", deadline=str(DEADLINE), milestones=steps)).status_code == 200
        assert (await world.act("province", line, "deadline", deadline=str(extended), cause="…")).status_code == 201
    else:
        assert (await world.act("hefei", line, "extensions", deadline=str(extended), cause="…")).status_code == 201
        assert (await world.act("province", line, "asked/approval", remark="…")).status_code == 201
    await world.feed(("task.published", 2, task | {"title": "新名称"}))
    shown = await now(world, line)
    assert (shown["task"]["title"], shown["due"], shown["due_changes"]) == ("新名称", str(extended), 1)


@pytest.mark.parametrize(("name", "status"), [("hefei", 403), ("swt", 403), ("auditor", 403), ("wuhu", 403)])
async def test_only_the_province_moves_deadlines(world: World, name: str, status: int) -> None:
    line = await scheduled(world)
    moved = await world.act(name, line, "deadline", deadline=str(DEADLINE + timedelta(1)), cause="…")
    assert moved.status_code == status
    move = """INSERT INTO extension (id, line_id, number, status, before, deadline, cause, office, asked_by)
              VALUES (uuidv7(), $1, 9, 'moved', '2030-01-02', '2030-01-01', '…', '', '')"""
    assert await _as(world, "tenant", "hefei", "", move, line["id"]) == "refused"
    assert await _as(world, "all", "", "", move, line["id"]) == "INSERT 0 1"


async def test_no_deadline_moves_while_an_extension_waits_or_before_there_is_a_schedule(world: World) -> None:
    line = await scheduled(world)
    await world.act("hefei", line, "extensions", deadline=str(DEADLINE + timedelta(9)), cause="…")
    for which in (line, await fresh(world)):
        moved = await world.act("province", which, "deadline", deadline=str(DEADLINE + timedelta(9)), cause="…")
        assert moved.status_code == 409
    async with world.client("hefei") as client:
        path = f"/lines/{(await fresh(world))['id']}/schedule/preview"
        assert (await client.post(path, json={"deadline": str(DEADLINE)})).status_code == 409


async def test_a_milestone_past_its_day_is_told_of_once_for_each_day_that_it_is_given(world: World) -> None:
    line = await scheduled(world, today())
    for day, count in ((today(), 0), (today() + timedelta(1), 1), (today() + timedelta(2), 1)):
        async with world.database.session() as session:
            while await remind(session, day):
                pass
        assert await _reminders(world, line) == count
    await world.act("province", line, "deadline", deadline=str(DEADLINE + timedelta(9)), cause="…")
    async with world.database.session() as session:
        while await remind(session, DEADLINE):
            pass
    assert await _reminders(world, line) == 2


async def _reminders(world: World, line: dict[str, Any]) -> int:
    async with world.server() as server:
        found: int = await server.fetchval(
            "SELECT count(*) FROM outbox WHERE type LIKE '%milestone.overdue%' AND data LIKE $1", f"%{line['id']}%"
        )
    return found


async def test_nobody_is_reminded_of_a_line_that_is_suspended(world: World) -> None:
    line = await scheduled(world, today() - timedelta(1))
    await world.act("province", line, "suspension", reason="…")
    async with world.database.session() as session:
        while await remind(session, today()):
            pass
    assert await _reminders(world, line) == 0


async def test_the_timeline_has_scheduled_lines_with_their_milestones(world: World) -> None:
    line = await scheduled(world, today() + timedelta(9))
    unplanned = await fresh(world)
    for name, jurisdiction, seen in (("hefei", "hefei", True), ("province", "wuhu", False), ("wuhu", "hefei", False)):
        async with world.client(name) as client:
            given = {"jurisdiction": jurisdiction, "limit": "200"}
            page = TimelinePage.model_validate((await client.get("/timeline", params=given)).json())
        found = {str(each.id): each for each in page.items}
        assert unplanned["id"] not in found
        assert (line["id"] in found) is seen
        if seen:
            assert [each.title for each in found[line["id"]].milestones] == ["节点1", "节点2"]


async def test_the_share_that_is_done_is_counted_by_the_day_of_confirmation(settings: World) -> None:
    lines = [await fresh(settings, plan=PLAN) for _ in range(4)]
    for line in lines[:3]:
        await settings.act("hefei", line, "reports", percent=100, done="…", finished=True)
    await settings.act("province", lines[0], "latest/confirmation")
    scope = {"plan": "n77", "jurisdiction": "hefei"}
    async with settings.client("hefei") as client:
        shown = LandingOut.model_validate((await client.get("/landing", params=scope)).json())
    assert (shown.goal.own, shown.goal.version, [stage.percent for stage in shown.goal.stages]) == (
        False,
        1,
        [50, 80, 100],
    )
    assert [(p.on, p.actual, p.lines, p.confirmed) for p in shown.points if p.on <= today()] == [(today(), 25.0, 4, 1)]
    assert (shown.points[-1].goal, shown.points[-1].actual) == (100.0, None)


PLAN = {"code": "n77", "number": 77, "name": "新增计划", "kind": "additional"}


async def test_the_goal_of_a_plan_and_zone_comes_before_wider_ones(settings: World) -> None:
    await fresh(settings, plan=PLAN)
    for scope, percent in (({}, 10), ({"plan": "n77"}, 20), ({"plan": "n77", "jurisdiction": "hefei"}, 30)):
        async with settings.client("province") as client:
            body = {**scope, "start": "2025-01-31", "stages": [{"months": 13, "percent": percent}]}
            saved = await client.put("/landing/goal", json=body, headers={"If-Match": '"1"'})
            assert (saved.status_code, saved.json()["own"]) == (200, True), saved.text
    wuhu, hefei = ({"plan": "n77", "jurisdiction": zone} for zone in ("wuhu", "hefei"))
    for asked, percent in (({"jurisdiction": "wuhu"}, 10), (wuhu, 20), (hefei, 30)):
        async with settings.client("province") as client:
            found = (await client.get("/landing", params=asked)).json()
        assert [stage["percent"] for stage in found["goal"]["stages"]] == [percent]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"plan": "nowhere"}, "plan"),
        ({"jurisdiction": "nowhere"}, "jurisdiction"),
        ({"start": "2999-01-01"}, "start"),
        ({"start": "1999-01-01"}, "start"),
        ({"stages": []}, "stages"),
        ({"stages": [{"months": 12, "percent": 50}, {"months": 12, "percent": 80}]}, "stages"),
        ({"stages": [{"months": 12, "percent": 50}, {"months": 24, "percent": 40}]}, "stages"),
    ],
)
async def test_bad_goals_are_refused_by_their_field(settings: World, body: dict[str, Any], field: str) -> None:
    given = {"stages": [{"months": 12, "percent": 50}]} | body
    async with settings.client("province") as client:
        answer = await client.put("/landing/goal", json=given, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/body/{field}")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 11, date(2026, 12, 31)),
        (date(2026, 1, 31), 12, date(2027, 1, 31)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_end_as_they_are(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


START = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("day", "goal"),
    [
        (date(2025, 12, 31), 0),
        (START, 0),
        (date(2027, 1, 1), 50),
        (date(2028, 1, 1), 80),
        (date(2029, 1, 1), 100),
        (date(2050, 1, 1), 100),
    ],
)
def test_the_goal_goes_through_its_stages(day: date, goal: float) -> None:
    assert goal_on(day, START, rules.USUAL) == goal


DAYS = st.dates(date(2025, 1, 1), date(2030, 12, 31))


@given(DAYS, DAYS, st.dictionaries(DAYS, st.integers(1, 9), min_size=1, max_size=9))
def test_a_curve_ends_no_earlier_than_today_and_stays_within_bounds(
    start: date, day: date, opened: dict[date, int]
) -> None:
    points = curve(start, rules.USUAL, opened, opened, day)
    assert [point.on for point in points] == sorted({point.on for point in points})
    assert start <= points[0].on and points[-1].on >= min(months_later(start, 36), day)
    assert all(point.goal <= following.goal for point, following in pairwise(points))
    assert {point.actual for point in points if point.lines and point.on <= day} <= {100.0}
    assert all(point.actual is None for point in points if point.on > day)


def test_stages_lead_up() -> None:
    rules.must_lead_up(rules.USUAL)
    with pytest.raises(StagesOutOfOrder):
        rules.must_lead_up([Stage(12, 50), Stage(6, 80)])
