"""Assessments by the API: the way from the scheme to the final result, what it rests on, and who sees what."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from chassis.clock import SHANGHAI, today
from chassis.events import uuid7
from progress.assessment.schemas import AssessmentOut, ExemptionOut, ResultDetail, ResultsOut
from progress.lines.daily import judge
from services.progress.tests.worlds import World

Json = dict[str, Any]
YEARS = count(2040)
YESTERDAY = today() - timedelta(1)
ITEMS = [
    {"code": "lines", "title": "按时推进", "basis": "lines", "points": 60},
    {"code": "innovation", "title": "改革创新", "basis": "hand", "points": 40},
]


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


async def ask(
    world: World, name: str, method: str, path: str, body: Json | None = None, version: int | None = None
) -> httpx.Response:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    async with world.client(name) as client:
        return await client.request(method, f"/assessments{path}", json=body, headers=headers)


async def drafted(world: World, **over: Any) -> Json:
    given = {"year": next(YEARS), "title": "年度考评", "items": ITEMS} | over
    answer = await ask(world, "province", "POST", "", given)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def moved(world: World, assessment: Json, what: str, body: Json | None = None) -> Json:
    now = (await ask(world, "province", "GET", f"/{assessment['id']}")).json()
    answer = await ask(world, "province", "POST", f"/{assessment['id']}/{what}", body, now["version"])
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def announced(world: World) -> Json:
    return await moved(world, await drafted(world), "announcement")


async def scored(world: World, assessment: Json, office: str, points: float) -> Json:
    path = f"/{assessment['id']}/scores/{office}/innovation"
    answer = await ask(world, "province", "PUT", path, {"points": points, "reason": "…"}, assessment["version"])
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def published(world: World) -> Json:
    assessment = await scored(world, await announced(world), "zone:hefei", 35.5)
    return await moved(world, assessment, "publication", {"objections_until": str(today() + timedelta(7))})


async def test_the_way_of_an_assessment(world: World) -> None:
    await world.publish(["swt", "hfs"])
    assessment = await published(world)
    AssessmentOut.model_validate(assessment)
    assert assessment["actions"] == ["answer"]
    for name, offices in (("hefei", {"zone:hefei"}), ("swt", {"unit:swt"})):
        found = ResultsOut.model_validate((await ask(world, name, "GET", f"/{assessment['id']}/results")).json())
        assert ({each.office for each in found.items}, found.trial) == (offices, False)
    everyone = (await ask(world, "auditor", "GET", f"/{assessment['id']}/results")).json()["items"]
    assert {"zone:hefei", "zone:wuhu", "unit:swt"} <= {each["office"] for each in everyone}
    detail = ResultDetail.model_validate(
        (await ask(world, "hefei", "GET", f"/{assessment['id']}/results/zone:hefei")).json()
    )
    lines, innovation = detail.items
    assert (lines.score, innovation.score, innovation.reason) == (60, 35.5, "…")
    assert {fact.href for fact in lines.facts} == {f"/lines/{line['id']}" for line in await world.lines("hefei")}
    assert detail.total == 95.5


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


async def test_an_objection_is_answered_and_corrects(world: World) -> None:
    assessment = await published(world)
    given = {"item": "innovation", "text": "漏计一项"}
    raised = await ask(world, "hefei", "POST", f"/{assessment['id']}/objections", given, assessment["version"])
    assert raised.status_code == 201, raised.text
    again = await ask(world, "hefei", "POST", f"/{assessment['id']}/objections", given, assessment["version"])
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-in-this-state")
    path = f"/{assessment['id']}/objections/{raised.json()['id']}/answer"
    answered = await ask(world, "province", "POST", path, {"answer": "采纳", "points": 40}, 1)
    assert answered.status_code == 201, answered.text
    detail = (await ask(world, "hefei", "GET", f"/{assessment['id']}/results/zone:hefei")).json()
    assert (detail["items"][1]["score"], detail["items"][1]["corrected"]) == (40, True)
    assert detail["objections"][0]["answer"] == "采纳"
    now = (await ask(world, "province", "GET", f"/{assessment['id']}")).json()
    early = await ask(world, "province", "POST", f"/{assessment['id']}/closing", None, now["version"])
    assert early.status_code == 409


async def test_after_the_time_nobody_objects_and_the_result_becomes_final(world: World) -> None:
    assessment = await published(world)
    listed = {each["id"]: each for each in (await ask(world, "hefei", "GET", "")).json()["items"]}
    assert listed[assessment["id"]]["actions"] == ["object"]
    given = {"item": "innovation", "text": "漏计一项"}
    path = f"/{assessment['id']}/objections"
    unassessed = await ask(world, "kjt", "POST", path, given, assessment["version"])
    assert (unassessed.status_code, unassessed.json()["type"]) == (409, "/problems/not-in-this-state")
    async with world.server() as server:
        await server.execute("UPDATE assessment SET objections_until = $2 WHERE id = $1", assessment["id"], YESTERDAY)
    late = await ask(world, "hefei", "POST", path, given, assessment["version"])
    assert (late.status_code, late.json()["type"]) == (409, "/problems/not-in-this-state")
    for name, actions in (("hefei", []), ("province", ["answer", "close"])):
        assert (await ask(world, name, "GET", f"/{assessment['id']}")).json()["actions"] == actions
    final = await moved(world, assessment, "closing")
    assert (final["status"], final["actions"]) == ("final", [])


async def test_a_trial_says_what_today_would_give_and_saves_nothing(world: World) -> None:
    assessment = await announced(world)
    for name, office in (("hefei", "zone:hefei"), ("swt", "unit:swt"), ("province", "zone:wuhu")):
        answer = await ask(world, name, "GET", f"/{assessment['id']}/results/{office}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["trial"] is True
    async with world.server() as server:
        assert not await server.fetchval(
            "SELECT count(*) FROM assessment_result WHERE assessment_id = $1", assessment["id"]
        )


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"items": ITEMS[:1]}, "/body/items"),
        ({"items": [ITEMS[0], {**ITEMS[1], "code": "lines"}]}, "/body/items"),
        ({"items": []}, "/body/items"),
        ({"year": 1999}, "/body/year"),
        ({"title": " "}, "/body/title"),
    ],
)
async def test_a_scheme_that_does_not_hold_together_says_why(world: World, body: Json, pointer: str) -> None:
    given = {"year": 2099, "title": "…", "items": ITEMS} | body
    answer = await ask(world, "province", "POST", "", given)
    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


async def test_one_scheme_a_year(world: World) -> None:
    assessment = await drafted(world)
    answer = await ask(world, "province", "POST", "", {"year": assessment["year"], "title": "…", "items": ITEMS})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/year-taken")


async def test_scores_by_hand_are_for_items_of_hand(world: World) -> None:
    assessment = await announced(world)
    for item, points, status in (("lines", 1, 409), ("innovation", 40.5, 422), ("no-such", 1, 404)):
        path = f"/{assessment['id']}/scores/zone:hefei/{item}"
        answer = await ask(world, "province", "PUT", path, {"points": points, "reason": "…"}, assessment["version"])
        assert answer.status_code == status, item


async def test_who_sees_what(world: World) -> None:
    draft, shown = await drafted(world), await published(world)
    for name in ("hefei", "swt"):
        assert (await ask(world, name, "GET", f"/{draft['id']}")).status_code == 404
        listed = {each["id"] for each in (await ask(world, name, "GET", "")).json()["items"]}
        assert draft["id"] not in listed
        assert shown["id"] in listed
        assert (await ask(world, name, "GET", f"/{shown['id']}/results/zone:wuhu")).status_code == 404
        assert (await ask(world, name, "POST", f"/{shown['id']}/closing", None, 1)).status_code == 403
    assert (await ask(world, "auditor", "GET", f"/{draft['id']}")).status_code == 200
    for name in ("integrator", "operator", "security", "nobody"):
        assert (await ask(world, name, "GET", f"/{shown['id']}")).status_code == 403


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


async def exempted(world: World, assessment: Json, line: Json) -> Json:
    path = f"/{assessment['id']}/results/zone:hefei/exemptions"
    given = {"item": "lines", "fact": line["id"], "reason": "规划调整，非本单位原因"}
    now = (await ask(world, "province", "GET", f"/{assessment['id']}")).json()
    answer = await ask(world, "province", "POST", path, given, now["version"])
    assert answer.status_code == 201, answer.text
    return ExemptionOut.model_validate(answer.json()).model_dump(mode="json")


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


async def test_an_exempt_line_does_not_count_until_the_exemption_is_lifted(world: World) -> None:
    line, assessment = await late(world), await announced(world)
    before = await result(world, "hefei", assessment)
    exemption = await exempted(world, assessment, line)
    shown = await result(world, "hefei", assessment)
    assert (await of_line(world, assessment, line))["exempt"] == "规划调整，非本单位原因"
    assert shown["items"][0]["score"] > before["items"][0]["score"]
    assert [each["title"] for each in (await result(world, "auditor", assessment))["exemptions"]] == [
        line["task"]["title"]
    ]
    again = {"item": "lines", "fact": line["id"], "reason": "…"}
    now = (await ask(world, "province", "GET", f"/{assessment['id']}")).json()["version"]
    path = f"/{assessment['id']}/results/zone:hefei/exemptions"
    assert (await ask(world, "province", "POST", path, again, now)).status_code == 409
    lifting = f"/{assessment['id']}/exemptions/{exemption['id']}/lifting"
    lifted = await ask(world, "province", "POST", lifting, {"reason": "理由不成立"}, 1)
    assert lifted.status_code == 201, lifted.text
    after = await result(world, "hefei", assessment)
    assert after["items"] == before["items"]
    assert after["exemptions"][0]["lifted_reason"] == "理由不成立"
    assert (await ask(world, "province", "POST", lifting, {"reason": "…"}, 2)).status_code == 409
    await exempted(world, assessment, line)


async def test_tolerance_is_frozen_with_the_results(world: World) -> None:
    line, assessment = await late(world), await announced(world)
    exemption = await exempted(world, assessment, line)
    await moved(world, assessment, "publication", {"objections_until": str(today())})
    assert (await of_line(world, assessment, line))["exempt"]
    version = (await ask(world, "province", "GET", f"/{assessment['id']}")).json()["version"]
    lifting = f"/{assessment['id']}/exemptions/{exemption['id']}/lifting"
    given = {"item": "lines", "fact": line["id"], "reason": "…"}
    granting = f"/{assessment['id']}/results/zone:hefei/exemptions"
    for path, body, of in ((lifting, {"reason": "…"}, 1), (granting, given, version)):
        answer = await ask(world, "province", "POST", path, body, of)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-in-this-state")


@pytest.mark.parametrize(
    ("over", "status", "pointer"),
    [
        ({"fact": "no-such"}, 422, "/body/fact"),
        ({"item": "innovation"}, 422, "/body/fact"),
        ({"item": "no-such"}, 422, "/body/item"),
        ({"reason": " "}, 422, "/body/reason"),
        ({"fact": "a b"}, 422, "/body/fact"),
    ],
)
async def test_what_cannot_be_exempt_says_why(world: World, over: Json, status: int, pointer: str) -> None:
    line, assessment = await late(world), await announced(world)
    given = {"item": "lines", "fact": line["id"], "reason": "…"} | over
    path = f"/{assessment['id']}/results/zone:hefei/exemptions"
    answer = await ask(world, "province", "POST", path, given, assessment["version"])
    assert answer.status_code == status
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_who_may_exempt_and_who_sees_it(world: World) -> None:
    line, assessment = await late(world), await announced(world)
    exemption = await exempted(world, assessment, line)
    given = {"item": "lines", "fact": line["id"], "reason": "…"}
    for name in ("hefei", "swt", "auditor", "integrator", "nobody"):
        for path, body in (
            (f"/{assessment['id']}/results/zone:hefei/exemptions", given),
            (f"/{assessment['id']}/exemptions/{exemption['id']}/lifting", {"reason": "…"}),
        ):
            assert (await ask(world, name, "POST", path, body, 1)).status_code == 403, name
    nowhere = f"/{assessment['id']}/results/zone:nowhere/exemptions"
    version = (await ask(world, "province", "GET", f"/{assessment['id']}")).json()["version"]
    assert (await ask(world, "province", "POST", nowhere, given, version)).status_code == 404
    async with world.server() as server:
        seen = {
            (scope, tenant): await _seen_as(server, scope, tenant)
            for scope, tenant in (("tenant", "hefei"), ("tenant", "wuhu"), ("audit", ""), ("none", ""))
        }
    assert seen[("tenant", "hefei")] == seen[("audit", "")] > 0
    assert seen[("tenant", "wuhu")] == seen[("none", "")] == 0


async def _seen_as(server: Any, scope: str, tenant: str) -> int:
    """How many exemptions row-level security lets a caller read."""
    async with server.transaction():
        await server.execute("SET LOCAL ROLE progress_api")
        for name, value in (("app.scope", scope), ("app.tenant", tenant), ("app.unit", "")):
            await server.execute("SELECT set_config($1, $2, true)", name, value)
        return int(await server.fetchval("SELECT count(*) FROM exemption"))


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
