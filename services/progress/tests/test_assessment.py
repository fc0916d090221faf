"""Assessments by the API: the way from the scheme to the final result, what it rests on, and who sees what."""

from datetime import timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from chassis.clock import today
from progress.assessment.schemas import AssessmentOut, ResultDetail, ResultsOut
from services.progress.tests.worlds import World

Json = dict[str, Any]
YEARS = count(2040)
YESTERDAY = today() - timedelta(1)
ITEMS = [
    {"code": "lines", "title": "按时推进", "basis": "lines", "points": 60},
    {"code": "innovation", "title": "改革创新", "basis": "hand", "points": 40},
]


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
    unassessed = await ask(world, "idle department", "POST", path, given, assessment["version"])
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
