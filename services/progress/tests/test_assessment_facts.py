"""What an assessment finds its scores by: facts of every basis, lines as they stood, risks that were declared."""

from datetime import date, datetime, time, timedelta

import pytest

from chassis.clock import SHANGHAI, today
from chassis.events import uuid7
from progress.lines.daily import judge
from services.progress.tests.test_assessment import YEARS, YESTERDAY, Json, announced, ask, drafted, moved
from services.progress.tests.worlds import World

FACTS = """
    WITH p AS (INSERT INTO period (id, kind, title, starts, ends, due, grace, locks, plans, reason, opened_by)
               VALUES ($3, 'month', '…', $2, $2, $2, $2, $2, '{}', '', '…') RETURNING id),
         f AS (INSERT INTO filing (id, period_id, line_id, jurisdiction, plan, office, percent, done, problems,
                                   next_steps, received_on, on_time)
               SELECT $4, id, $1, 'hefei', '1', 'zone:hefei', 0, '', '', '', CAST($2 AS date) + 1, false FROM p),
         o AS (INSERT INTO orders (id, year, serial, jurisdiction, title, requirement, source, basis, lead, members,
                                   state, first_deadline, deadline, issued_on, answered_on, registered_by)
               VALUES ($5, extract(year FROM CAST($2 AS date)), 1, 'hefei', '…', '…', 'meeting', '', 'zone:hefei', '{}',
                       'submitted', $2, $2, $2, $2, '…'))
    INSERT INTO innovation_case (id, zone, state, title, background, practice, effect_before, effect_after, figures,
                                 tasks, evidence, preconditions, credit, level, approved_on, drafted_by)
    VALUES ($6, 'hefei', 'approved', '…', '', '', '', '', '[]', '{}', '[]', '', '', 'zone', $2, '…')
"""


async def late(world: World) -> Json:
    """A line of Hefei that is past its deadline of yesterday."""
    line = await world.line(await world.publish(["swt", "hfs"]), "hefei")
    async with world.server() as server:
        await server.execute("UPDATE line SET due = $2, light_on = light_on - 1 WHERE id = $1", line["id"], YESTERDAY)
    async with world.database.session() as session:
        while await judge(session, today()):
            pass
    return await world.line({"code": line["task"]["code"]}, "hefei")


async def result(world: World, name: str, assessment: Json) -> Json:
    answer = await ask(world, name, "GET", f"/{assessment['id']}/results/zone:hefei")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def of_line(world: World, assessment: Json, line: Json) -> Json:
    facts = (await result(world, "hefei", assessment))["items"][0]["facts"]
    return next(dict(fact) for fact in facts if fact["id"] == line["id"])


async def test_each_basis_finds_its_facts(world: World) -> None:
    line, year = await world.line(await world.publish(["swt", "hfs"]), "hefei"), next(YEARS)
    async with world.server() as server:
        await server.execute(FACTS, line["id"], date(year, 2, 1), *(uuid7() for _ in range(4)))
    items = [
        {"code": basis, "title": basis, "basis": basis, "points": points}
        for basis, points in (("filings", 40), ("orders", 30), ("cases", 30))
    ]
    assessment = await drafted(world, year=year, items=items)
    found = (await ask(world, "province", "GET", f"/{assessment['id']}/results/zone:hefei")).json()
    assert {item["code"]: item["score"] for item in found["items"]} == {"filings": 20, "orders": 30, "cases": 30}


CASE = """
    INSERT INTO innovation_case (id, zone, state, title, background, practice, effect_before, effect_after, figures,
                                 tasks, evidence, preconditions, credit, level, approved_on, published_on, drafted_by)
    VALUES ($1, 'hefei', 'published', '…', '', '', '', '', '[]', '{}', '[]', '…', '', 'zone', $2, $2, '…')
"""
RETRACT = "UPDATE innovation_case SET state = 'retracted', reason = '…' WHERE id = $1"


@pytest.mark.parametrize(
    ("when", "worth", "movement"),
    [("never", 100, (0, 1)), ("after the publication", 100, (0, 1)), ("before", 0, None)],
)
async def test_a_case_that_was_taken_down_counts_only_where_it_was_published_with(
    world: World, when: str, worth: int, movement: tuple[int, int] | None
) -> None:
    """A trial does not count it; a result that is published stays as it is, and the next year shows what has left."""
    year, case = next(YEARS), uuid7()
    assert next(YEARS) == year + 1
    items = [{"code": "cases", "title": "…", "basis": "cases", "points": 100, "target": 1}]
    assessment = await moved(world, await drafted(world, year=year, items=items), "announcement")
    async with world.server() as server:
        await server.execute(CASE, case, date(year, 2, 1))
        assert (await result(world, "hefei", assessment))["items"][0]["score"] == 100
        if when == "before":
            await server.execute(RETRACT, case)
        assert (await result(world, "hefei", assessment))["items"][0]["score"] == worth
        await moved(world, assessment, "publication", {"objections_until": str(today())})
        if when == "after the publication":
            await server.execute(RETRACT, case)
    assert (await result(world, "hefei", assessment))["items"][0]["score"] == worth
    following = await moved(world, await drafted(world, year=year + 1, items=items), "announcement")
    told = (await result(world, "hefei", following))["items"][0]["movement"]
    assert (told and (told["entered"], told["left"])) == movement


async def test_lines_count_in_a_year_that_is_over_as_they_stood_at_its_end(world: World) -> None:
    known, new = await late(world), await late(world)
    async with world.server() as server:
        await server.execute(
            "UPDATE line_history SET at = at - interval '1 year' WHERE line_id = $1 AND what = 'opened'", known["id"]
        )
    assessment = await moved(world, await drafted(world, year=today().year - 1), "announcement")
    assert (await of_line(world, assessment, known))["note"] == "未逾期"
    found = (await result(world, "hefei", assessment))["items"][0]["facts"]
    assert new["id"] not in {fact["id"] for fact in found}
    assert (await of_line(world, await announced(world), new))["worth"] == 0


LATELY = today() - timedelta(20)
REPORTED = """
    INSERT INTO report (id, line_id, number, status, percent, done, problems, next_steps, finished, office,
                        submitted_by, submitted_at, reason)
    VALUES ($1, $2, $3, $4, 1, '…', $5, $6, false, 'zone:hefei', '…', $7, '…')
"""
RAISED = """
    INSERT INTO problem (id, jurisdiction, line_id, title, description, raiser, addressee, answer_due, state, ended_on,
                         raised_by, raised_at)
    VALUES ($1, 'hefei', $2, '…', '…', $3, 'unit:fgw', $4, $5, $6, '…',
            (CAST($4 AS date) + time '23:59') AT TIME ZONE 'Asia/Shanghai')
"""


@pytest.mark.parametrize(
    ("reports", "worth"),
    [
        ([("confirmed", "缺用地", "申请调剂", LATELY)], 50),
        ([("submitted", "缺用地", "申请调剂", YESTERDAY)], 50),
        ([("confirmed", "缺用地", "", LATELY)], 0),
        ([("confirmed", "", "申请调剂", LATELY)], 0),
        ([("returned", "缺用地", "申请调剂", LATELY)], 0),
        ([("confirmed", "缺用地", "申请调剂", today())], 0),
        ([("confirmed", "缺用地", "申请调剂", LATELY), ("confirmed", "", "", YESTERDAY)], 0),
        ([("confirmed", "", "", LATELY), ("confirmed", "缺用地", "申请调剂", today())], 0),
    ],
)
async def test_problems_and_next_steps_of_the_last_report_declare_a_risk(
    world: World, reports: list[tuple[str, str, str, date]], worth: int
) -> None:
    line = await late(world)
    async with world.server() as server:
        for number, (status, problems, next_steps, on) in enumerate(reports, 1):
            at = datetime.combine(on, time(23, 59), SHANGHAI)
            await server.execute(
                REPORTED,
                *(uuid7(), line["id"], number, status, problems, next_steps, at),
            )
        await server.execute("UPDATE line SET state = state WHERE id = $1", line["id"])  # learns of its last report
    assert (await of_line(world, await announced(world), line))["worth"] == worth


@pytest.mark.parametrize(
    ("raiser", "on", "state", "worth"),
    [
        ("zone:hefei", LATELY, "open", 50),
        ("zone:hefei", LATELY, "withdrawn", 0),
        ("zone:hefei", today(), "open", 0),
        ("unit:swt", LATELY, "open", 0),
    ],
)
async def test_a_problem_that_its_office_raised_declares_a_risk(
    world: World, raiser: str, on: date, state: str, worth: int
) -> None:
    line = await late(world)
    async with world.server() as server:
        ended = on if state == "withdrawn" else None
        await server.execute(RAISED, uuid7(), line["id"], raiser, on, state, ended)
    assert (await of_line(world, await announced(world), line))["worth"] == worth


FILED = """
    WITH p AS (INSERT INTO period (id, kind, title, starts, ends, due, grace, locks, plans, reason, opened_by)
               VALUES ($2, 'month', '…', $3, $3, $3, $3, $3, '{}', '', '…') RETURNING id)
    INSERT INTO filing (id, period_id, line_id, jurisdiction, plan, office, state, percent, done, problems, next_steps,
                        received_on, on_time)
    SELECT id, id, $1, 'hefei', '1', 'zone:hefei', $4, 0, '…', '缺用地', '申请调剂', $3, true FROM p
"""


@pytest.mark.parametrize(
    ("state", "on", "worth"),
    [
        ("checked", YESTERDAY, 50),
        ("accepted", LATELY, 50),
        ("approved", LATELY, 50),
        ("returned", LATELY, 0),
        ("checked", today(), 0),
    ],
)
async def test_a_filing_that_came_before_the_deadline_declares_a_risk(
    world: World, state: str, on: date, worth: int
) -> None:
    line = await late(world)
    async with world.server() as server:
        await server.execute(FILED, line["id"], uuid7(), on, state)
    assert (await of_line(world, await announced(world), line))["worth"] == worth
