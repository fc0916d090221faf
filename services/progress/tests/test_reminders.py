"""What the clock says of unanswered problems and replications and of decisions: when, by table; once, and to whom."""

import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from chassis.clock import today
from chassis.tenancy import Session
from progress.calendar.rules import WorkCalendar
from progress.cases.rules import State
from progress.meetings import reminding as decisions
from progress.meetings import rules as meeting_rules
from progress.periods.rules import Reminder as Due
from progress.problems import reminding as problems
from progress.problems import rules as problem_rules
from progress.problems.rules import Reminder
from progress.replications import reminding as replications
from progress.replications import rules as replication_rules
from progress.replications.rules import Reminder as Asked
from services.progress.tests.steps import Json, raised, reply, seen, taken
from services.progress.tests.test_cases import brought
from services.progress.tests.test_isolation import _as
from services.progress.tests.test_meetings import decided, made
from services.progress.tests.worlds import World

CALENDAR = WorkCalendar()
LONG_AGO = date(2020, 1, 1)
Chore = Callable[[Session, date], Awaitable[int]]


@pytest.mark.parametrize(
    ("due", "day", "said"),
    [
        ("2026-09-30", "2026-09-23", Reminder.NONE),
        ("2026-09-30", "2026-09-24", Reminder.DUE_SOON),  # 中秋节 9 月 25 至 27 日
        ("2026-09-30", "2026-09-27", Reminder.DUE_SOON),
        ("2026-09-30", "2026-09-30", Reminder.DUE_SOON),
        ("2026-09-30", "2026-10-01", Reminder.OVERDUE),
        ("2026-09-30", "2026-10-20", Reminder.OVERDUE),  # 国庆节 10 月 1 至 7 日，10 月 10 日上班
        ("2026-09-30", "2026-10-21", Reminder.LONG_OVERDUE),
        ("2025-12-31", "2025-12-25", Reminder.NONE),
        ("2025-12-31", "2025-12-26", Reminder.DUE_SOON),
        ("2025-12-31", "2026-01-01", Reminder.OVERDUE),
        ("2025-12-31", "2026-01-15", Reminder.OVERDUE),  # 1 月 4 日上班
        ("2025-12-31", "2026-01-16", Reminder.LONG_OVERDUE),
        ("2026-10-10", "2026-10-08", Reminder.DUE_SOON),
        ("2026-10-07", "2026-09-27", Reminder.DUE_SOON),
        ("2026-10-07", "2026-09-23", Reminder.NONE),
    ],
)
def test_what_there_is_to_say_of_a_problem(due: str, day: str, said: Reminder) -> None:
    given = date.fromisoformat(due), LONG_AGO, date.fromisoformat(day)
    assert problem_rules.reminder(*given, CALENDAR) is said
    of_decision = Due.OVERDUE if said is Reminder.LONG_OVERDUE else Due(said)
    assert meeting_rules.reminder(*given, CALENDAR) is of_decision


@pytest.mark.parametrize("asked", [date(2026, 11, 24), date(2026, 11, 25)])
def test_on_the_day_of_the_question_nothing_is_due_soon(asked: date) -> None:
    due, day = date(2026, 11, 25), date(2026, 11, 24)
    assert problem_rules.reminder(due, asked, day, CALENDAR) is Reminder.NONE
    assert meeting_rules.reminder(due, asked, day, CALENDAR) is Due.NONE
    assert problem_rules.reminder(due, asked, due + timedelta(1), CALENDAR) is Reminder.OVERDUE


@pytest.mark.parametrize(
    ("published", "reminded", "day", "said"),
    [
        ("2026-11-24", None, "2026-12-22", Asked.NONE),
        ("2026-11-24", None, "2026-12-23", Asked.REMINDED),
        ("2025-12-10", None, "2026-01-08", Asked.NONE),  # 元旦 1 月 1 至 3 日，1 月 4 日上班
        ("2025-12-10", None, "2026-01-09", Asked.REMINDED),
        ("2026-02-10", None, "2026-03-16", Asked.NONE),  # 春节 2 月 15 至 23 日，2 月 14、28 日上班
        ("2026-02-10", None, "2026-03-17", Asked.REMINDED),
        ("2025-12-10", "2026-01-09", "2026-02-06", Asked.NONE),
        ("2025-12-10", "2026-01-09", "2026-02-07", Asked.ESCALATED),
        ("2024-02-01", None, "2024-03-05", Asked.NONE),  # 闰年；春节 2 月 10 至 17 日，2 月 4、18 日上班
        ("2024-02-01", None, "2024-03-06", Asked.REMINDED),
    ],
)
def test_what_there_is_to_say_of_an_unanswered_replication(
    published: str, reminded: str | None, day: str, said: Asked
) -> None:
    before = date.fromisoformat(reminded) if reminded else None
    given = date.fromisoformat(published), before, date.fromisoformat(day)
    assert replication_rules.reminder(*given, CALENDAR) is said


async def run(world: World, chore: Chore, *days: date) -> None:
    for day in days:
        async with world.database.session() as session:
            while await chore(session, day):
                pass


async def told(world: World, thing: str, key: str) -> list[tuple[str, str]]:
    """What happened to a thing of this id, and on which topic it was told."""
    async with world.server() as server:
        rows = await server.fetch(
            "SELECT type, topic, data FROM outbox WHERE type LIKE $1 AND data LIKE $2 ORDER BY position",
            f"zoneportal.progress.{thing}.%",
            f"%{key}%",
        )
    return [(row["type"].split(".")[3], row["topic"]) for row in rows]


async def test_those_who_are_asked_are_urged_and_at_last_the_province_is_to_escalate(world: World) -> None:
    due = today() + timedelta(30)
    problem = await raised(world, answer_due=str(due))
    days = [due - timedelta(20), due, due, due + timedelta(1), due + timedelta(1)]
    await run(world, problems.remind, *days)

    async def waits() -> tuple[list[str], list[str]]:
        pages = [await seen(world, "province", "/problems", **{name: "true"}) for name in ("waiting", "long_overdue")]
        waiting, listed = ([each["id"] for each in page["items"] if each["id"] == problem["id"]] for page in pages)
        return waiting, listed

    assert await waits() == ([], [])
    late = CALENDAR.after(due, problem_rules.LONG) + timedelta(1)
    await run(world, problems.remind, late, late)
    assert await waits() == ([problem["id"]], [problem["id"]])
    assert (await seen(world, "fgw", f"/problems/{problem['id']}"))["long_overdue"]
    story = (await seen(world, "fgw", f"/problems/{problem['id']}/entries"))["items"]
    happened = ["raised", "due_soon", "overdue", "long_overdue"]
    assert [(each["what"], each["office"]) for each in story[1:]] == [(what, "clock") for what in happened[1:]]
    assert await told(world, "problem", problem["id"]) == [(what, "progress.hefei") for what in happened]
    await taken(world, "fgw", problem, "answers", text="已安排")
    assert await waits() == ([], [])
    await taken(world, "hefei", problem, "follow-ups", text="仍不足", answer_due=str(due))
    await run(world, problems.remind, due)
    assert [what for what, _ in await told(world, "problem", problem["id"])][-1] == "due_soon"
    await taken(world, "province", problem, "escalation", text="涉及多部门")
    await run(world, problems.remind, late)
    assert [what for what, _ in await told(world, "problem", problem["id"])][-1] == "escalated"


async def test_a_decision_is_urged_once_before_and_once_after(world: World) -> None:
    due = today() + timedelta(30)
    decision, done = await decided(world, due=due), await decided(world, due=due)
    await made(world, f"/decisions/{done['id']}/completion", 1, outcome="已建成")
    await run(world, decisions.remind, due - timedelta(20), due, due, due + timedelta(1), due + timedelta(60))
    happened = ["made", "due_soon", "overdue"]
    assert await told(world, "decision", decision["id"]) == [(what, "progress.province") for what in happened]
    assert [what for what, _ in await told(world, "decision", done["id"])] == ["made", "completed"]
    await made(world, f"/decisions/{decision['id']}/completion", 3, outcome="已建成")


async def invited(world: World, name: str, case: Json) -> list[str]:
    found = (await seen(world, name, "/replications", waiting="true", case=case["id"]))["items"]
    return [each["zone"] for each in found]


async def test_a_zone_that_does_not_answer_is_asked_once_more_and_then_the_province_told(world: World) -> None:
    case = await brought(world, State.PUBLISHED)
    first = CALENDAR.after(today(), replication_rules.REMIND_AFTER) + timedelta(1)
    later = CALENDAR.after(first, replication_rules.ESCALATE_AFTER) + timedelta(1)
    assert [await invited(world, name, case) for name in ("wuhu", "hefei", "province", "swt")] == [["wuhu"], [], [], []]
    answer = await reply(world, "bengbu", case, "refusal", {"reason": "没有综合窗口"})
    assert answer.status_code == 201
    assert await invited(world, "bengbu", case) == []
    await run(world, replications.remind, first - timedelta(1), first, first, later - timedelta(1))
    assert await invited(world, "wuhu", case) == ["wuhu"]
    answer = await reply(world, "wuhu", case, "start", {})
    assert answer.status_code == 409
    await run(world, replications.remind, later, later + timedelta(60))
    found = await told(world, "replication", case["id"])
    assert [what for what, topic in found if topic == "progress.wuhu"] == ["reminded", "escalated"]
    assert [what for what, topic in found if topic == "progress.bengbu"] == ["declined"]
    async with world.server() as server:
        (kept,) = await server.fetch("SELECT * FROM replication WHERE case_id = $1 AND zone = 'wuhu'", case["id"])
    assert (kept["state"], kept["reminded_on"], kept["escalated_on"]) == ("unanswered", first, later)
    assert (await reply(world, "wuhu", case, "adoption", {"plan": "先行试点"})).status_code == 201
    assert await invited(world, "wuhu", case) == []


@pytest.mark.parametrize(
    ("state", "due", "day", "late"),
    [
        ("planned", "2026-12-31", "2026-12-31", False),
        ("planned", "2026-12-31", "2027-01-01", True),
        ("under_way", "2028-02-28", "2028-02-29", True),
        ("planned", None, "2027-01-01", False),
        ("unanswered", "2026-12-31", "2027-01-01", False),
        ("adopted", "2026-12-31", "2027-01-01", False),
        ("declined", "2026-12-31", "2027-01-01", False),
    ],
)
def test_a_replication_is_late_after_the_day_that_its_zone_set(
    state: str, due: str | None, day: str, late: bool
) -> None:
    until = date.fromisoformat(due) if due else None
    assert replication_rules.is_late(replication_rules.State(state), until, date.fromisoformat(day)) is late


async def test_a_zone_that_is_late_is_urged_once_for_each_day_that_it_sets(world: World) -> None:
    case, due = await brought(world, State.PUBLISHED), today() + timedelta(10)
    for what, body in (("adoption", {"plan": "试行", "due": str(due)}), ("start", {})):
        assert (await reply(world, "wuhu", case, what, body)).status_code == 201
    await run(world, replications.remind, due, due + timedelta(1), due + timedelta(2))
    again = {"plan": "再试", "due": str(due + timedelta(10))}
    for what, body in (("refusal", {"reason": "条件不具备"}), ("adoption", again)):
        assert (await reply(world, "wuhu", case, what, body)).status_code == 201
    await run(world, replications.remind, due + timedelta(3), due + timedelta(11), due + timedelta(12))
    found = [what for what, topic in await told(world, "replication", case["id"]) if topic == "progress.wuhu"]
    assert found == ["planned", "under_way", "reminded", "declined", "planned", "reminded"]


async def test_nobody_is_reminded_of_what_is_good_for_its_zone_alone(world: World) -> None:
    case = await brought(world, State.PUBLISHED)
    async with world.server() as server:
        await server.execute("UPDATE innovation_case SET level = 'zone' WHERE id = $1", case["id"])
    assert await invited(world, "wuhu", case) == []
    await run(world, replications.remind, today() + timedelta(200))
    assert await told(world, "replication", case["id"]) == []


async def test_a_zone_is_asked_and_learns_nothing_of_a_line_that_it_may_not_see(world: World) -> None:
    line = await world.line(await world.publish(["swt", "hfs"]), "hefei")
    problem = await raised(world, addressee="zone:wuhu", line_id=line["id"])
    by_unit = await raised(world, "swt", addressee="zone:wuhu", line_id=line["id"])
    for given, place in ((problem, "hefei"), (by_unit, "province")):
        shown = await seen(world, "wuhu", f"/problems/{given['id']}")
        assert (shown["line"], shown["line_id"], shown["jurisdiction"]) == (None, None, place)
        assert shown["actions"] == ["answer"]
        assert (await seen(world, "hefei", f"/problems/{given['id']}"))["line_id"] == line["id"]
    for name, found in (("wuhu", []), ("bengbu", []), ("hefei", [by_unit["id"], problem["id"]])):
        items = (await seen(world, name, "/problems", line=line["id"]))["items"]
        assert [each["id"] for each in items] == found
    waiting = (await seen(world, "wuhu", "/problems", waiting="true"))["items"]
    assert {problem["id"], by_unit["id"]} <= {each["id"] for each in waiting}
    assert "line" not in json.dumps((await seen(world, "wuhu", f"/problems/{by_unit['id']}/entries"))["items"])
    problem = await taken(world, "wuhu", problem, "answers", text="可以共用")
    assert (problem["state"], problem["line_id"]) == ("answered", None)
    assert await told(world, "problem", problem["id"]) == [("raised", "progress.hefei"), ("answered", "progress.hefei")]
    await taken(world, "hefei", problem, "settlement", text="已解决")
    async with world.server() as server:
        (kept,) = await server.fetch(
            "SELECT tenant FROM audit WHERE thing_id = $1 AND action = 'problem.answered'", problem["id"]
        )
    assert kept["tenant"] == "wuhu"


@pytest.mark.parametrize(
    ("scope", "tenant", "touched"),
    [("tenant", "wuhu", "UPDATE 1"), ("tenant", "bengbu", "UPDATE 0"), ("tenant", "hefei", "refused")],
)
async def test_the_database_itself_lets_the_zone_that_is_asked_answer(
    world: World, scope: str, tenant: str, touched: str
) -> None:
    problem = await raised(world, addressee="zone:wuhu")
    answer = "UPDATE problem SET state = 'answered' WHERE id = $1"
    assert await _as(world, scope, tenant, "", answer, problem["id"]) == touched
    line = "UPDATE problem SET addressee = 'zone:hefei' WHERE id = $1"
    assert await _as(world, scope, tenant, "", line, problem["id"]) == "refused"
