"""Problems by the API, on a database of their own: answered, settled, escalated; who sees and does what."""

from datetime import timedelta

import pytest

from chassis.clock import today
from progress.problems.schemas import RaisedProblem
from services.progress.tests.steps import DEADLINE, Json, ask, raised, seen, step, taken
from services.progress.tests.test_isolation import _as
from services.progress.tests.worlds import World


async def test_a_problem_is_answered_asked_about_again_and_settled(world: World) -> None:
    problem = await raised(world)
    assert RaisedProblem.model_validate(problem).actions == ["withdraw"]
    assert (await seen(world, "fgw", f"/problems/{problem['id']}"))["actions"] == ["answer"]
    await taken(world, "fgw", problem, "answers", text="已安排")
    await taken(world, "fgw", problem, "answers", text="补充说明")
    problem = await taken(world, "hefei", problem, "follow-ups", text="仍不足", answer_due=str(DEADLINE))
    assert (problem["state"], problem["answered_on"]) == ("open", None)
    await taken(world, "fgw", problem, "answers", text="已追加")
    problem = await taken(world, "hefei", problem, "settlement", text="指标已到位")
    assert (problem["state"], problem["outcome"], problem["actions"]) == ("settled", "指标已到位", [])
    told = (await seen(world, "fgw", f"/problems/{problem['id']}/entries"))["items"]
    assert [entry["what"] for entry in told] == [
        *("raised", "answered", "answered", "followed_up", "answered", "settled"),
    ]


async def test_the_province_takes_a_problem_to_the_leading_group_and_notes_what_it_decides(world: World) -> None:
    problem = await raised(world, addressee="role:province")
    assert (await seen(world, "province", f"/problems/{problem['id']}"))["actions"] == ["answer", "escalate"]
    problem = await taken(world, "province", problem, "escalation", text="涉及多部门")
    assert (problem["state"], problem["actions"]) == ("escalated", ["settle"])
    assert (await step(world, "hefei", problem, "withdrawal", text="…")).status_code == 409
    await taken(world, "province", problem, "settlement", text="由省发展改革委牵头")
    async with world.server() as server:
        told = await server.fetch(
            "SELECT type, tenant FROM outbox WHERE data LIKE $1 ORDER BY position", f"%{problem['id']}%"
        )
    assert [(row["type"].split(".", 2)[2], row["tenant"]) for row in told] == [
        ("problem.raised.v1", "hefei"),
        ("problem.escalated.v1", "hefei"),
        ("problem.settled.v1", "hefei"),
    ]


SEERS = ["province", "auditor", "hefei", "wuhu", "swt", "fgw", "kjt"]


async def test_those_of_the_line_see_its_problems_and_the_one_asked_sees_no_line(world: World) -> None:
    line = await world.line(await world.publish(["swt", "hfs", "whs"]), "hefei")
    problem = await raised(world, line_id=line["id"])
    alone = await raised(world)
    for name in SEERS:
        answer = await ask(world, name, "GET", f"/problems/{problem['id']}")
        assert answer.status_code == (404 if name in ("wuhu", "kjt") else 200), name
        if answer.status_code == 200:
            assert (answer.json()["line"] is None) == (name == "fgw")
        assert (await ask(world, name, "GET", f"/problems/{alone['id']}/entries")).status_code == (
            404 if name in ("wuhu", "kjt", "swt") else 200
        )
        found = [each["id"] for each in (await seen(world, name, "/problems", line=line["id"]))["items"]]
        assert found == ([] if name in ("wuhu", "kjt", "fgw") else [problem["id"]]), name


@pytest.mark.parametrize(
    ("path", "body", "may", "never"),
    [
        ("answers", {"text": "…"}, {"fgw"}, {"province", "hefei", "swt", "auditor"}),
        ("follow-ups", {"text": "…", "answer_due": str(DEADLINE)}, {"hefei"}, {"province", "fgw", "swt", "auditor"}),
        ("settlement", {"text": "…"}, {"hefei", "province"}, {"fgw", "swt", "auditor"}),
        ("withdrawal", {"text": "…"}, {"hefei"}, {"province", "fgw", "swt", "auditor"}),
        ("escalation", {"text": "…"}, {"province"}, {"hefei", "fgw", "swt", "auditor", "wuhu", "kjt"}),
    ],
)
async def test_who_may_take_which_step(world: World, path: str, body: Json, may: set[str], never: set[str]) -> None:
    line = await world.line(await world.publish(["swt", "hfs"]), "hefei")
    problem = await raised(world, line_id=line["id"])
    for name in SEERS:
        status = (await ask(world, name, "POST", f"/problems/{problem['id']}/{path}", body, 99)).status_code
        assert status == (412 if name in may else 403 if name in never else 404), name


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"addressee": "zone:hefei"}, "/body/addressee"),
        ({"addressee": "zone:nowhere"}, "/body/addressee"),
        ({"addressee": "unit:nobody"}, "/body/addressee"),
        ({"addressee": "unit:hfs"}, "/body/addressee"),
        ({"answer_due": str(today() - timedelta(1))}, "/body/answer_due"),
        ({"answer_due": "9999-01-01"}, "/body/answer_due"),
        ({"line_id": "0193a1b2-7c00-7000-8000-000000000001"}, "/body/line_id"),
        ({"title": ""}, "/body/title"),
    ],
)
async def test_bad_problems_are_refused_with_the_field(world: World, changed: Json, pointer: str) -> None:
    given = {"title": "…", "description": "…", "addressee": "unit:fgw", "answer_due": str(DEADLINE)}
    answer = await ask(world, "hefei", "POST", "/problems", given | changed)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])


async def test_nobody_asks_itself_or_on_the_line_of_another(world: World) -> None:
    line = await world.line(await world.publish(["swt", "whs"]), "wuhu")
    given = {"title": "…", "description": "…", "addressee": "unit:fgw", "answer_due": str(DEADLINE)}
    assert (await ask(world, "fgw", "POST", "/problems", given)).status_code == 422
    assert (await ask(world, "hefei", "POST", "/problems", given | {"line_id": line["id"]})).status_code == 422
    assert (await ask(world, "province", "POST", "/problems", given)).status_code == 403
    assert (await ask(world, "auditor", "POST", "/problems", given)).status_code == 403


async def test_lists_say_whose_turn_it_is(world: World) -> None:
    problem = await raised(world, "bengbu", addressee="unit:hfhg")

    async def turns() -> list[str]:
        pages = {name: await seen(world, name, "/problems", waiting="true") for name in ("province", "bengbu", "hfhg")}
        return [name for name, page in pages.items() if problem["id"] in [each["id"] for each in page["items"]]]

    assert await turns() == ["hfhg"]
    await taken(world, "hfhg", problem, "answers", text="…")
    assert await turns() == ["bengbu"]
    await taken(world, "province", problem, "escalation", text="…")
    assert await turns() == ["province"]
    await taken(world, "province", problem, "settlement", text="…")
    assert await turns() == []


async def test_the_overview_counts_the_problems_that_its_reader_sees(world: World) -> None:
    async def count(name: str) -> int:
        return int((await seen(world, name, "/overview"))["problems"]["open"])

    before = {name: await count(name) for name in ("province", "hefei", "wuhu", "fgw")}
    problem = await raised(world)
    after = {name: await count(name) - before[name] for name in before}
    assert after == {"province": 1, "hefei": 1, "wuhu": 0, "fgw": 1}
    await taken(world, "hefei", problem, "withdrawal", text="…")
    assert {name: await count(name) for name in before} == before


@pytest.mark.parametrize(
    ("scope", "tenant", "unit", "touched"),
    [
        ("tenant", "wuhu", "", 0),
        ("unit", "", "kjt", 0),
        ("audit", "", "", 0),
        ("unit", "", "fgw", 1),
        ("all", "", "", 1),
    ],
)
async def test_the_database_itself_lets_nobody_else_answer(
    world: World, scope: str, tenant: str, unit: str, touched: int
) -> None:
    problem = await raised(world)
    update = "UPDATE problem SET state = 'answered' WHERE id = $1"
    assert await _as(world, scope, tenant, unit, update, problem["id"]) == f"UPDATE {touched}"
