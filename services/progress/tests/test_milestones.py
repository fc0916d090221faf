"""Schedules and extensions by the API, on a database of their own: what is saved, told, kept; and who may."""

import asyncio
import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import asyncpg
import pytest

from chassis.clock import today
from progress.calendar.rules import WorkCalendar
from progress.catalog_copy import store as copy
from progress.catalog_copy.schemas import Task
from progress.lines.daily import judge
from progress.milestones.schemas import ProposalOut, ScheduleOut
from services.progress.tests.test_isolation import _as
from services.progress.tests.worlds import World

UNITS = ["swt", "hfhg", "hfs", "whs"]
DEADLINE = today() + timedelta(200)
Json = dict[str, Any]


def given(deadline: date = DEADLINE, *earlier: date) -> Json:
    dues = [*earlier, deadline]
    milestones = [{"title": f"节点{number}", "weight": 10, "due": str(due)} for number, due in enumerate(dues, 1)]
    return {"deadline": str(deadline), "milestones": milestones}


async def fresh(world: World, jurisdiction: str = "hefei", **over: Any) -> Json:
    return await world.line(await world.publish(UNITS, **over), jurisdiction)


async def now(world: World, line: Json) -> Json:
    return await world.line({"code": line["task"]["code"]}, line["jurisdiction"])


async def scheduled(world: World, *earlier: date) -> Json:
    line = await fresh(world)
    answer = await world.act("hefei", line, "schedule", **given(DEADLINE, *earlier))
    assert answer.status_code == 200, answer.text
    return line


async def test_a_proposal_counts_back_and_saves_nothing(world: World) -> None:
    line = await fresh(world)
    async with world.client("hefei") as client:
        answer = await client.post(f"/lines/{line['id']}/schedule/proposal", json={"deadline": str(DEADLINE)})
    assert answer.status_code == 200, answer.text
    proposal = ProposalOut.model_validate_json(answer.content)
    assert [(each.title, each.percent) for each in proposal.milestones] == [
        ("制定方案", 20),
        ("组织实施", 80),
        ("总结评估", 100),
    ]
    assert proposal.milestones[-1].due == DEADLINE
    assert proposal.guessed == WorkCalendar().is_guessed(today(), DEADLINE)
    assert (await now(world, line))["version"] == line["version"]
    assert (await world.schedule(line))["milestones"] == []


async def test_a_proposal_without_enough_days_says_why(world: World) -> None:
    line = await fresh(world)
    async with world.client("hefei") as client:
        for deadline in (today() - timedelta(1), today()):
            answer = await client.post(f"/lines/{line['id']}/schedule/proposal", json={"deadline": str(deadline)})
            assert (answer.status_code, answer.json()["type"]) == (422, "/problems/too-little-time")


@pytest.mark.parametrize(
    ("name", "jurisdiction", "status"),
    [
        ("hefei", "hefei", 200),
        ("province", "hefei", 200),
        ("province", "province", 200),
        ("swt", "province", 200),
        ("swt", "hefei", 403),
        ("hfhg", "province", 403),
        ("auditor", "hefei", 403),
        ("wuhu", "hefei", 404),
        ("kjt", "hefei", 404),
    ],
)
async def test_who_schedules_a_line(world: World, name: str, jurisdiction: str, status: int) -> None:
    line = await fresh(world, jurisdiction)
    answer = await world.act(name, line, "schedule", **given())
    assert answer.status_code == status, answer.text
    async with world.client(name) as client:
        proposed = await client.post(f"/lines/{line['id']}/schedule/proposal", json={"deadline": str(DEADLINE)})
    assert proposed.status_code == status


async def test_a_schedule_is_kept_with_its_first_deadline(world: World) -> None:
    line = await scheduled(world, today() + timedelta(50))
    shown = ScheduleOut.model_validate(await world.schedule(line))
    assert (shown.first_deadline, shown.deadline) == (DEADLINE, DEADLINE)
    assert [(each.title, each.percent) for each in shown.milestones] == [("节点1", 50), ("节点2", 100)]
    assert shown.expected_percent == 0
    after = await now(world, line)
    assert (after["due"], after["version"], after["state"]) == (str(DEADLINE), 2, "not_started")
    assert shown.version == 2


async def test_a_deadline_that_is_set_moves_by_extensions_alone(world: World) -> None:
    line = await scheduled(world)
    for deadline in (DEADLINE + timedelta(1), DEADLINE - timedelta(1)):
        answer = await world.act("hefei", line, "schedule", **given(deadline))
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/deadline-not-allowed")
    assert (await now(world, line))["version"] == 2


async def test_a_task_with_a_deadline_is_scheduled_within_it(world: World) -> None:
    line = await fresh(world, due=str(DEADLINE))
    late = await world.act("hefei", line, "schedule", **given(DEADLINE + timedelta(1)))
    assert late.status_code == 422
    assert (await world.act("hefei", line, "schedule", **given(DEADLINE - timedelta(1)))).status_code == 200


async def test_a_new_edition_leaves_a_scheduled_deadline_as_it_is(world: World) -> None:
    task = await world.publish(UNITS)
    line = await world.line(task, "hefei")
    await world.act("hefei", line, "schedule", **given())
    await world.feed(("task.published", 2, task | {"due": str(today() + timedelta(5)), "title": "新标题"}))
    after = await now(world, line)
    assert (after["due"], after["task"]["title"], after["version"]) == (str(DEADLINE), "新标题", 3)
    assert (await world.line(task, "wuhu"))["due"] == str(today() + timedelta(5))


async def test_what_the_catalog_does_to_a_deadline_is_kept_as_a_change_of_it(world: World) -> None:
    task = await world.publish(UNITS, due=str(DEADLINE))
    later = DEADLINE + timedelta(90)
    await world.feed(("task.published", 2, task | {"due": str(later), "edition": 2}))
    line = await world.line(task, "hefei")
    assert (line["first_due"], line["due"], line["due_changes"]) == (str(DEADLINE), str(later), 1)
    schedule = await world.schedule(line)
    assert schedule["first_deadline"] == str(DEADLINE)
    (change,) = schedule["extensions"]
    assert (change["status"], change["office"], change["before"]) == ("moved", "catalog", str(DEADLINE))
    await world.feed(("task.published", 3, task | {"due": None, "edition": 3}))
    line = await world.line(task, "hefei")
    assert (line["first_due"], line["due"], line["due_changes"]) == (str(DEADLINE), None, 1)


async def test_a_deadline_of_the_task_is_extended_without_milestones(world: World) -> None:
    line = await fresh(world, due=str(DEADLINE))
    assert line["actions"] == ["suspend", "schedule", "move_deadline"]
    later = DEADLINE + timedelta(30)
    assert (await world.act("hefei", line, "extensions", deadline=str(later), cause="审批延后")).status_code == 201
    assert (await now(world, line))["actions"] == ["suspend", "approve_extension", "refuse_extension"]
    assert (await world.act("hefei", line, "schedule", **given())).status_code == 409
    assert (await world.act("province", line, "asked/approval")).status_code == 201
    moved = await world.act("province", line, "deadline", deadline=str(DEADLINE - timedelta(9)), cause="提前")
    assert moved.status_code == 201
    after = await now(world, line)
    assert (after["first_due"], after["due"], after["due_changes"]) == (
        str(DEADLINE),
        str(DEADLINE - timedelta(9)),
        2,
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"milestones": []},
        {"milestones": [{"title": " ", "weight": 1, "due": str(DEADLINE)}]},
        {"milestones": [{"title": "…", "weight": 0, "due": str(DEADLINE)}]},
        {"milestones": [{"title": "…", "weight": 1001, "due": str(DEADLINE)}]},
        {"milestones": [{"title": "…", "weight": 1, "due": 20000}]},
        {"milestones": [{"title": "…", "weight": 1, "due": "2026-02-30"}]},
        {"milestones": [{"title": "…", "weight": 1, "due": str(DEADLINE)}] * 51},
        {"deadline": "9999-12-31"},
        {"deadline": None},
    ],
)
async def test_bad_schedules_change_nothing(world: World, changed: Json) -> None:
    line = await fresh(world)
    answer = await world.act("hefei", line, "schedule", **given() | changed)
    assert answer.status_code == 422
    assert (await now(world, line))["version"] == 1


async def test_a_stale_or_repeated_schedule_is_not_saved_twice(world: World) -> None:
    line = await fresh(world)
    async with world.client("hefei") as client:
        path, headers = f"/lines/{line['id']}/schedule", {"If-Match": '"1"', "Idempotency-Key": line["id"]}
        answers = [await client.put(path, json=given(), headers=headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].content == answers[1].content
        assert (await client.put(path, json=given(), headers={"If-Match": '"1"'})).status_code == 412
        assert (await client.put(path, json=given())).status_code == 428


async def test_milestones_that_are_done_stay_when_the_others_are_replaced(world: World) -> None:
    line = await scheduled(world, today() + timedelta(50))
    done = await world.act("hefei", line, "first/completion", on=str(today()), note="已印发")
    assert done.status_code == 201, done.text
    await world.act("hefei", line, "schedule", **given(DEADLINE, today() + timedelta(90)))
    kept, *others = (await world.schedule(line))["milestones"]
    assert (kept["id"], kept["done_on"], kept["note"], kept["done_by"]) == (
        done.json()["id"],
        str(today()),
        "已印发",
        "hefei",
    )
    assert [each["due"] for each in others] == [str(today() + timedelta(90)), str(DEADLINE)]


async def test_a_milestone_is_completed_once_and_not_in_advance(world: World) -> None:
    line = await scheduled(world)
    ahead = await world.act("hefei", line, "first/completion", on=str(today() + timedelta(1)))
    assert (ahead.status_code, ahead.json()["type"]) == (422, "/problems/done-in-future")
    done = await world.act("hefei", line, "first/completion", on=str(today()))
    assert done.status_code == 201
    again = await world.act("hefei", line, f"milestones/{done.json()['id']}/completion", on=str(today()))
    assert again.status_code == 409
    other = await scheduled(world)
    foreign = await world.act("hefei", other, f"milestones/{done.json()['id']}/completion", on=str(today()))
    assert foreign.status_code == 404


async def test_a_milestone_past_its_day_makes_the_line_yellow_until_it_is_reached(world: World) -> None:
    line = await scheduled(world, today() - timedelta(1))
    assert (await now(world, line))["light"] == "yellow"
    await world.act("hefei", line, "first/completion", on=str(today()))
    assert (await now(world, line))["light"] == "green"


async def test_the_light_of_a_milestone_changes_with_the_day(world: World) -> None:
    line = await scheduled(world, today())
    assert (await now(world, line))["light"] == "green"
    async with world.database.session() as session:
        while await judge(session, today() + timedelta(1)):
            pass
    after = await now(world, line)
    assert (after["light"], after["version"]) == ("yellow", 3)


async def test_an_approved_extension_places_anew_what_is_not_done(world: World) -> None:
    line = await scheduled(world, today() + timedelta(50), today() + timedelta(90))
    await world.act("hefei", line, "first/completion", on=str(today()))
    before = (await world.schedule(line))["milestones"]
    later = DEADLINE + timedelta(300)
    asked = await world.act("hefei", line, "extensions", deadline=str(later), cause="审批延后")
    assert (asked.status_code, asked.json()["before"], asked.json()["status"]) == (201, str(DEADLINE), "asked")
    assert (await now(world, line))["due"] == str(DEADLINE)
    approved = await world.act("province", line, "asked/approval", remark="同意")
    assert (approved.status_code, approved.json()["status"]) == (201, "approved")
    schedule = await world.schedule(line)
    assert (schedule["first_deadline"], schedule["deadline"]) == (str(DEADLINE), str(later))
    after = schedule["milestones"]
    assert [each["id"] for each in after] == [each["id"] for each in before]
    assert after[0] == before[0]
    assert after[-1]["due"] == str(later)
    assert all(earlier["due"] < following["due"] for earlier, following in pairwise(after[1:]))
    assert (await now(world, line))["due"] == str(later)


async def test_a_refused_extension_leaves_everything_and_another_may_be_asked_for(world: World) -> None:
    line = await scheduled(world)
    later = str(DEADLINE + timedelta(9))
    before = (await world.schedule(line))["milestones"]
    await world.act("hefei", line, "extensions", deadline=later, cause="审批延后")
    twice = await world.act("hefei", line, "extensions", deadline=later, cause="审批延后")
    assert twice.status_code == 409
    assert (await world.act("province", line, "asked/refusal", reason=" ")).status_code == 422
    refused = await world.act("province", line, "asked/refusal", reason="理由不足")
    assert (refused.json()["status"], refused.json()["remark"]) == ("refused", "理由不足")
    schedule = await world.schedule(line)
    assert (schedule["deadline"], schedule["milestones"]) == (str(DEADLINE), before)
    assert (await world.act("province", line, "asked/approval")).status_code == 409
    again = await world.act("hefei", line, "extensions", deadline=later, cause="补充说明")
    assert (again.status_code, again.json()["number"]) == (201, 2)


@pytest.mark.parametrize("days", [-1, 0])
async def test_an_extension_is_to_a_later_day(world: World, days: int) -> None:
    line = await scheduled(world)
    asked = await world.act("hefei", line, "extensions", deadline=str(DEADLINE + timedelta(days)), cause="…")
    assert (asked.status_code, asked.json()["type"]) == (422, "/problems/deadline-not-allowed")


async def test_a_red_line_is_green_again_when_its_extension_is_approved(world: World) -> None:
    over = today() - timedelta(1)
    line = await fresh(world, due=str(over))
    assert (await world.act("hefei", line, "schedule", **given(over))).status_code == 200
    assert (await now(world, line))["light"] == "red"
    await world.act("hefei", line, "extensions", deadline=str(DEADLINE), cause="…")
    await world.act("province", line, "asked/approval")
    assert (await now(world, line))["light"] == "green"
    async with world.client("hefei") as client:
        story = (await client.get(f"/lines/{line['id']}/history")).json()["items"]
    assert [entry["what"] for entry in story] == ["opened", "scheduled", "extension_asked", "extension_approved"]
    assert {"field": "light", "before": "red", "after": "green"} in story[-1]["changes"]


async def test_every_change_is_told_and_audited(world: World) -> None:
    line = await scheduled(world, DEADLINE)
    await world.act("hefei", line, "schedule", **given())
    await world.act("hefei", line, "extensions", deadline=str(DEADLINE + timedelta(9)), cause="…")
    await world.act("province", line, "asked/approval")
    await world.act("hefei", line, "first/completion", on=str(today()))
    async with world.server() as server:
        told = await server.fetch(
            "SELECT type, tenant, sequence, data FROM outbox WHERE data LIKE $1 ORDER BY position",
            f"%{line['id']}%",
        )
        kept = await server.fetch(
            """SELECT action FROM audit WHERE thing IN ('milestone', 'extension') AND
               (before ->> 'line_id' = $1 OR after ->> 'line_id' = $1) ORDER BY number""",
            line["id"],
        )
    happened = [(row["type"].split(".", 2)[2].removesuffix(".v1"), row["sequence"]) for row in told]
    assert [each for each in happened if not each[0].startswith("line.")] == [
        ("milestone.placed", 1),
        ("milestone.placed", 1),
        ("milestone.removed", 2),
        ("extension.asked", 1),
        ("milestone.placed", 2),
        ("extension.approved", 2),
        ("milestone.completed", 3),
    ]
    assert [number for what, number in happened if what.startswith("line.")] == [1, 2, 3, 4, 5, 6]
    assert {row["tenant"] for row in told} == {"hefei"}
    assert json.loads(told[-1]["data"])["line"]["due"] == str(DEADLINE + timedelta(9))
    assert [row["action"] for row in kept] == [what for what, _ in happened if not what.startswith("line.")]


SCHEDULE = "INSERT INTO schedule (line_id, first_deadline) VALUES ($1, '2030-01-01')"
MILESTONE = """INSERT INTO milestone (id, line_id, position, title, due, weight)
               VALUES (uuidv7(), $1, 0, '…', '2030-01-01', 1)"""
EXTENSION = """INSERT INTO extension (id, line_id, number, before, deadline, cause, office, asked_by)
               VALUES (uuidv7(), $1, 9, '2030-01-01', '2030-01-02', '…', '', '')"""


@pytest.mark.parametrize(
    ("scope", "tenant", "unit", "jurisdiction", "allowed"),
    [
        ("all", "", "", "hefei", [SCHEDULE, MILESTONE]),
        ("tenant", "hefei", "", "hefei", [SCHEDULE, MILESTONE, EXTENSION]),
        ("tenant", "wuhu", "", "hefei", []),
        ("tenant", "hefei", "", "province", []),
        ("unit", "", "swt", "province", [SCHEDULE, MILESTONE, EXTENSION]),
        ("unit", "", "swt", "hefei", []),
        ("unit", "", "hfhg", "province", []),
        ("audit", "", "", "hefei", []),
        ("none", "", "", "hefei", []),
    ],
)
async def test_the_database_itself_refuses_foreign_schedules(
    world: World, scope: str, tenant: str, unit: str, jurisdiction: str, allowed: list[str]
) -> None:
    line = await fresh(world, jurisdiction)
    for sql in (SCHEDULE, MILESTONE, EXTENSION):
        assert (await _as(world, scope, tenant, unit, sql, line["id"]) == "INSERT 0 1") == (sql in allowed)


@pytest.mark.parametrize(("scope", "tenant"), [("all", ""), ("tenant", "hefei")])
async def test_the_database_itself_keeps_what_is_done_and_the_first_deadline(
    world: World, scope: str, tenant: str
) -> None:
    line = await scheduled(world, today() + timedelta(9))
    await world.act("hefei", line, "first/completion", on=str(today()))
    for sql, count in (
        ("UPDATE milestone SET due = due - 1 WHERE line_id = $1", "UPDATE 1"),
        ("DELETE FROM milestone WHERE line_id = $1 AND done_on IS NOT NULL", "DELETE 0"),
        ("UPDATE schedule SET first_deadline = '2030-01-01' WHERE line_id = $1", "refused"),
        ("DELETE FROM schedule WHERE line_id = $1", "refused"),
        ("DELETE FROM extension WHERE line_id = $1", "refused"),
    ):
        assert await _as(world, scope, tenant, "", sql, line["id"]) == count


async def test_the_office_decides_no_extension_of_its_own_even_in_the_database(world: World) -> None:
    line = await scheduled(world)
    await world.act("hefei", line, "extensions", deadline=str(DEADLINE + timedelta(9)), cause="…")
    decide = "UPDATE extension SET status = 'approved' WHERE line_id = $1"
    assert await _as(world, "tenant", "hefei", "", decide, line["id"]) == "UPDATE 0"
    assert await _as(world, "tenant", "wuhu", "", decide, line["id"]) == "UPDATE 0"
    async with world.server() as server:
        with pytest.raises(asyncpg.CheckViolationError):
            await server.execute("UPDATE extension SET deadline = before WHERE line_id = $1", line["id"])


async def test_a_schedule_is_saved_while_an_edition_changes_the_task(world: World) -> None:
    """An edition holds nothing that a person's change refers to: else each could wait for the other."""
    line = await fresh(world)
    task = {**world.task(UNITS), "code": line["task"]["code"]}
    async with world.database.session() as session:
        assert await copy.put_task(session, Task.model_validate(task), 2, withdrawn=False)
        answer = await asyncio.wait_for(world.act("hefei", line, "schedule", **given()), 20)
        assert answer.status_code == 200, answer.text
