"""What offices are told of deadlines that come and that have passed: when, by table; each step once, and to whom."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.clock import today
from progress.calendar.rules import WorkCalendar
from progress.reminders import rules
from progress.reminders.daily import remind
from progress.reminders.rules import LEVELS, Level
from services.progress.tests.steps import issued, taken
from services.progress.tests.test_milestones import fresh, given
from services.progress.tests.test_reminders import run
from services.progress.tests.worlds import World

CALENDAR = WorkCalendar()


@pytest.mark.parametrize(
    ("deadline", "day", "step"),
    [
        ("2026-11-30", "2026-11-18", None),
        ("2026-11-30", "2026-11-19", -7),
        ("2026-11-30", "2026-11-24", -7),
        ("2026-11-30", "2026-11-25", -3),
        ("2026-11-30", "2026-11-26", -3),
        ("2026-11-30", "2026-11-27", -1),
        ("2026-11-30", "2026-11-30", -1),
        ("2026-11-30", "2026-12-01", 1),
        ("2026-11-30", "2026-12-03", 3),
        ("2026-11-30", "2026-12-08", 3),
        ("2026-11-30", "2026-12-09", 7),
        ("2026-11-30", "2029-01-01", 7),
        ("2026-11-27", "2026-11-29", -1),  # 星期日：逾期后尚无工作日
        ("2026-11-28", "2026-11-26", -1),  # 星期六到期
        ("2025-12-31", "2026-01-01", -1),  # 元旦 1 月 1 至 3 日，1 月 4 日上班
        ("2025-12-31", "2026-01-04", 1),
        ("2025-12-31", "2026-01-06", 3),
        ("2026-01-05", "2025-12-25", -7),
        ("2026-01-05", "2025-12-31", -3),
        ("2026-09-30", "2026-10-07", -1),  # 国庆节 10 月 1 至 7 日
        ("2026-09-30", "2026-10-08", 1),
        ("2026-09-30", "2026-10-10", 3),  # 10 月 10 日上班
        ("2026-02-24", "2026-02-13", -3),  # 春节 2 月 15 至 23 日，2 月 14 日上班
        ("2026-02-24", "2026-02-14", -1),
        ("2026-02-24", "2026-02-06", -7),
    ],
)
def test_the_step_of_a_day(deadline: str, day: str, step: int | None) -> None:
    due, today_ = date.fromisoformat(deadline), date.fromisoformat(day)
    assert rules.step(due, today_, CALENDAR) == step
    assert dict(rules.reached(today_, CALENDAR)).get(due) == (step if day < "2029" else None)


def test_the_province_s_calendar_holds() -> None:
    deadline, day = date(2026, 11, 30), date(2026, 12, 1)
    assert rules.step(deadline, day, WorkCalendar({day: False})) == -1
    assert rules.step(deadline, date(2026, 11, 28), WorkCalendar({date(2026, 11, 29): True})) == -3


@pytest.mark.parametrize(
    ("begun", "day", "news"),
    [
        ("2026-11-01", "2026-11-19", True),
        ("2026-11-25", "2026-11-26", False),  # the order itself was news the day before
        ("2026-11-25", "2026-11-27", True),
        ("2026-12-20", "2026-12-21", False),
    ],
)
def test_what_was_given_with_little_time_is_no_reminder_at_once(begun: str, day: str, news: bool) -> None:
    days = date.fromisoformat(begun), date.fromisoformat(day)
    assert rules.is_news(date(2026, 11, 30), *days, CALENDAR) is news


def test_each_step_after_a_deadline_is_one_level_up() -> None:
    assert [LEVELS[step] for step in (-7, -3, -1, 1, 3, 7)] == [
        *[Level.WRITER] * 4,
        Level.ADMIN,
        Level.PROVINCE,
    ]
    assert all(set(steps) <= set(LEVELS) for steps in rules.STEPS.values())


def before(deadline: date, number: int) -> date:
    """The first day of the step so many working days before it."""
    days = (deadline - timedelta(each) for each in range(30, -1, -1))
    return next(day for day in days if rules.step(deadline, day, CALENDAR) == -number)


async def told(world: World, thing: str) -> list[tuple[str, str, int, str]]:
    """What was told of a thing: what happened, to which office, the step and its level."""
    async with world.server() as server:
        rows = await server.fetch(
            "SELECT type, data FROM outbox WHERE type LIKE '%.reminder.%' AND data LIKE $1 ORDER BY position",
            f"%{thing}%",
        )
    return [
        (row["type"].split(".")[3], reminder["office"], due["step"], due["level"])
        for row in rows
        for reminder in [json.loads(row["data"])["reminder"]]
        for due in reminder["due"]
        if thing in (due["thing"], due["line_id"])
    ]


async def due_line(world: World, deadline: date, *earlier: date) -> dict[str, Any]:
    """A line with the deadline and a milestone on it."""
    line = await fresh(world)
    assert (await world.act("hefei", line, "schedule", **given(deadline, *earlier))).status_code == 200
    return line


async def test_a_line_is_told_of_once_a_step_and_level_by_level(world: World) -> None:
    deadline = today() + timedelta(40)
    line = await due_line(world, deadline)
    days = [before(deadline, number) for number in (7, 3, 1)]
    late = [CALENDAR.after(deadline, number) for number in (1, 3, 7)]
    for day in (*days, *late):
        await run(world, remind, day, day)
    hefei = "zone:hefei"
    assert await told(world, line["id"]) == [
        *(("due_soon", hefei, step, "writer") for step in (-7, -3, -1)),
        ("overdue", hefei, 1, "writer"),
        ("overdue", hefei, 3, "admin"),
        ("overdue", hefei, 7, "province"),
    ], "the milestone on that day is told as the line"


async def test_after_a_stop_only_the_latest_step_is_told(world: World) -> None:
    deadline = today() + timedelta(40)
    line = await due_line(world, deadline)
    await run(world, remind, CALENDAR.after(deadline, 9))
    assert [step for _, _, step, _ in await told(world, line["id"])] == [7]


async def test_a_deadline_that_moves_is_told_of_anew_and_what_is_done_or_suspended_is_not(world: World) -> None:
    deadline = today() + timedelta(40)
    line, done, suspended = [await due_line(world, deadline) for _ in range(3)]
    assert (await world.act("hefei", done, "reports", percent=100, done="…", finished=True)).status_code == 201
    assert (await world.act("province", suspended, "suspension", reason="…")).status_code == 201
    await run(world, remind, before(deadline, 1))
    later = deadline + timedelta(60)
    assert (await world.act("province", line, "deadline", deadline=str(later), cause="…")).status_code == 201
    await run(world, remind, CALENDAR.after(deadline, 3), before(later, 7))
    assert [step for _, _, step, _ in await told(world, line["id"])] == [-1, -7]
    assert await told(world, done["id"]) == await told(world, suspended["id"]) == []


async def test_an_order_is_told_of_before_its_deadline_alone(world: World) -> None:
    order = await issued(world)
    deadline = date.fromisoformat(order["deadline"])
    await run(world, remind, before(deadline, 3), CALENDAR.after(deadline, 3))
    assert await told(world, order["id"]) == [("due_soon", "zone:hefei", -3, "writer")]
    other = await issued(world)
    await taken(world, "province", other, "revocation", text="…")
    await run(world, remind, before(deadline, 3))
    assert await told(world, other["id"]) == []


async def test_all_of_an_office_on_a_day_is_one_event(world: World) -> None:
    deadline = today() + timedelta(40)
    lines = [await due_line(world, deadline), await due_line(world, deadline + timedelta(60), deadline)]
    await run(world, remind, before(deadline, 7))
    async with world.server() as server:
        found = [
            await server.fetch(
                "SELECT id FROM outbox WHERE type LIKE '%reminder.due_soon%' AND data LIKE $1", f"%{line['id']}%"
            )
            for line in lines
        ]
    assert found[0] == found[1] and len(found[0]) == 1
