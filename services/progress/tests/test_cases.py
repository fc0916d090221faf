"""Cases and replications by the API on a database of their own: who sees and does what, and what is kept."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from chassis.clock import today
from progress.cases.rules import Action, Capacity, State, actions
from progress.cases.schemas import CaseOut, PublicCaseOut, Rounds
from services.progress.tests.steps import PDF, ask, attached, reply
from services.progress.tests.test_isolation import _as
from services.progress.tests.worlds import World

Json = dict[str, Any]
WRITTEN = {
    "title": "“一业一证”改革",
    "background": "多头许可",
    "practice": "一张综合许可证",
    "effect_before": "平均 30 天",
    "effect_after": "平均 3 天",
    "figures": [{"name": "办理时间", "measure": "天", "before": 30, "after": 3.5}],
    "evidence": [{"title": "实施方案", "link": "https://example.org/a"}],
}
POINTS = [
    {"criterion": name, "points": points}
    for name, points in (("创新性", 90), ("实施成效", 80), ("可复制可推广性", 80), ("风险可控性", 100))
]
SCORE = 86.0
WAY: dict[State, tuple[tuple[str, str, Json], ...]] = {
    State.DRAFT: (),
    State.SUBMITTED: (("hefei", "submission", {}),),
    State.EVALUATING: (("province", "rounds", {"units": ["swt", "kjt"]}),),
    State.EVALUATED: (("swt", "scores", {"points": POINTS}), ("province", "conclusion", {})),
    State.APPROVED: (("province", "approval", {"level": "provincial"}),),
    State.PUBLISHED: (("province", "publication", {"preconditions": "有综合窗口", "credit": "合肥市数据局"}),),
}
"""What leads to each state, after what leads to those before it."""


async def do(world: World, name: str, case: Json, what: str, body: Json, method: str = "POST") -> httpx.Response:
    async with world.client("province") as reader:
        now = (await reader.get(f"/cases/{case['id']}")).raise_for_status()
    async with world.client(name) as client:
        path = f"/cases/{case['id']}" + (f"/{what}" if what else "")
        return await client.request(method, path, json=body, headers={"If-Match": now.headers["ETag"]})


async def drafted(world: World, name: str = "hefei", **over: Any) -> Json:
    async with world.client(name) as client:
        answer = await client.post("/cases", json=WRITTEN | over)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def brought(world: World, state: State, *files: str, **over: Any) -> Json:
    """A case of Hefei's in a state, with attachments of these names."""
    case = await drafted(world, **over)
    for file in files:
        await attached(world, "hefei", "case", case["id"], file)
    for reached, acts in WAY.items():
        for name, what, body in acts:
            answer = await do(world, name, case, what, body)
            assert answer.status_code == 201, answer.text
            case = answer.json()
        if reached is state:
            return await seen(world, "province", case)
    raise AssertionError(state)


async def seen(world: World, name: str, case: Json) -> Json:
    async with world.client(name) as client:
        return dict((await client.get(f"/cases/{case['id']}")).raise_for_status().json())


async def files_of(world: World, case: Json) -> list[Json]:
    async with world.client("hefei") as client:
        found = (await client.get("/attachments", params={"kind": "case", "thing": case["id"]})).raise_for_status()
    return list(found.json()["items"])


async def status(world: World, name: str, path: str) -> int:
    async with world.client(name) as client:
        return (await client.get(path)).status_code


async def test_a_case_goes_its_way_to_publication(world: World) -> None:
    case = CaseOut.model_validate(await brought(world, State.PUBLISHED))
    assert (case.state, case.level, case.score, case.round) == ("published", "provincial", SCORE, 1)
    assert case.submitted_on == case.approved_on == case.published_on == today()
    assert (case.preconditions, case.credit, case.zone_name) == ("有综合窗口", "合肥市数据局", "合肥市片区")
    assert (case.figures[0].before, case.figures[0].after) == (30, 3.5)
    assert case.actions == [Action.RETRACT]


@pytest.mark.parametrize("state", WAY)
async def test_who_sees_a_case_and_what_they_may_do_with_it(world: World, state: State) -> None:
    case = await brought(world, state)
    waiting = Capacity.EVALUATOR if state is State.EVALUATING else Capacity.READER
    capacities = {"province": Capacity.PROVINCE, "hefei": Capacity.ORIGIN, "auditor": Capacity.READER}
    if state not in (State.DRAFT, State.SUBMITTED):
        capacities |= {"kjt": waiting, "swt": waiting}
    if state is State.PUBLISHED:
        capacities |= dict.fromkeys(("wuhu", "bengbu", "fgw"), Capacity.READER)
    for name in ("province", "hefei", "wuhu", "bengbu", "auditor", "swt", "kjt", "fgw", "operator", "integrator"):
        found = await status(world, name, f"/cases/{case['id']}")
        if name in capacities:
            shown = await seen(world, name, case)
            assert shown["actions"] == actions(state, capacities[name]), name
        else:
            assert found == (403 if name in ("operator", "integrator") else 404), name


@pytest.mark.parametrize("state", WAY)
@pytest.mark.parametrize(
    ("what", "action", "body", "method"),
    [
        ("", Action.EDIT, WRITTEN, "PUT"),
        ("submission", Action.SUBMIT, {}, "POST"),
        ("rounds", Action.INVITE, {"units": ["fgw"]}, "POST"),
        ("scores", Action.SCORE, {"points": POINTS}, "POST"),
        ("conclusion", Action.CONCLUDE, {}, "POST"),
        ("approval", Action.APPROVE, {"level": "zone"}, "POST"),
        ("return", Action.RETURN, {"reason": "补充数据"}, "POST"),
        ("rejection", Action.REJECT, {"reason": "已有先例"}, "POST"),
        ("publication", Action.PUBLISH, {"preconditions": "无"}, "POST"),
        ("withdrawal", Action.WITHDRAW, {"reason": "补充数据"}, "POST"),
        ("retraction", Action.RETRACT, {"reason": "政策已调整"}, "POST"),
    ],
)
async def test_nothing_is_done_outside_of_the_table(
    world: World, state: State, what: str, action: Action, body: Json, method: str
) -> None:
    case = await brought(world, state)
    for name, capacity in (("wuhu", Capacity.READER), ("hefei", Capacity.ORIGIN), ("fgw", Capacity.READER)):
        answer = await do(world, name, case, what, body, method)
        if action in actions(state, capacity):
            assert answer.status_code in (200, 201), answer.text
            return
        assert answer.status_code in (403, 404, 409), answer.text
    given = body | {"expert": "王专家"} if what == "scores" else body
    answer = await do(world, "province", case, what, given, method)
    if action in actions(state, Capacity.PROVINCE):
        assert answer.status_code == 201 or answer.json()["type"] == "/problems/not-scored", answer.text
    else:
        assert answer.status_code in (403, 409), answer.text


async def test_an_incomplete_draft_is_kept_but_not_submitted(world: World) -> None:
    case = await drafted(world, practice="", effect_after="")
    answer = await do(world, "hefei", case, "submission", {})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/case-incomplete")
    assert "主要做法、改革后成效" in answer.json()["detail"]
    assert (await do(world, "hefei", case, "", WRITTEN, "PUT")).status_code == 200
    assert (await do(world, "hefei", case, "submission", {})).status_code == 201


async def test_a_returned_case_says_why_and_comes_again(world: World) -> None:
    case = await brought(world, State.SUBMITTED)
    returned = await do(world, "province", case, "return", {"reason": "补充对比数据"})
    assert (returned.json()["state"], returned.json()["reason"]) == ("returned", "补充对比数据")
    again = await do(world, "hefei", case, "submission", {})
    assert (again.json()["state"], again.json()["reason"]) == ("submitted", None)


async def test_tasks_are_linked_with_the_line_of_the_zone_for_those_who_see_it(world: World) -> None:
    task = await world.publish(["swt", "hfs", "whs"])
    line = await world.line(task, "hefei")
    case = await brought(world, State.PUBLISHED, tasks=[task["code"]])
    linked = {"code": task["code"], "number": task["number"], "title": task["title"]}
    assert case["tasks"] == [linked | {"line_id": line["id"]}]
    assert (await seen(world, "wuhu", case))["tasks"] == [linked | {"line_id": None}]
    async with world.client("hefei") as client:
        answer = await client.post("/cases", json=WRITTEN | {"tasks": ["no-such-task"]})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/tasks")


async def test_each_evaluator_scores_once_a_round_and_sees_its_own_sheet(world: World) -> None:
    case = await brought(world, State.EVALUATING)
    scored = await do(world, "swt", case, "scores", {"points": POINTS, "opinion": "同意推广"})
    assert (scored.status_code, scored.json()["actions"]) == (201, [])
    assert (await do(world, "swt", case, "scores", {"points": POINTS})).status_code == 409
    expert = {"points": [each | {"points": 60} for each in POINTS], "expert": "王教授"}
    assert (await do(world, "province", case, "scores", expert)).status_code == 201
    twice = await do(world, "province", case, "scores", expert)
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/scored-before")
    sheets = {}
    for name in ("province", "auditor", "hefei", "swt", "kjt"):
        async with world.client(name) as client:
            answer = await client.get(f"/cases/{case['id']}/rounds")
        (first,) = Rounds.model_validate_json(answer.content).items
        sheets[name] = {each.evaluator: each.total for each in first.scores}
    everything = {"unit:swt": SCORE, "unit:kjt": None, "expert:王教授": 60.0}
    assert sheets == {
        "province": everything,
        "auditor": everything,
        "hefei": {},
        "swt": {"unit:swt": SCORE},
        "kjt": {"unit:kjt": None},
    }
    concluded = await do(world, "province", case, "conclusion", {})
    assert concluded.json()["score"] == 73.0
    assert (await do(world, "kjt", case, "scores", {"points": POINTS})).status_code == 409


async def test_a_second_round_is_scored_anew(world: World) -> None:
    case = await brought(world, State.EVALUATED)
    again = await do(world, "province", case, "rounds", {"units": ["swt"], "due": str(today())})
    assert (again.json()["round"], again.json()["state"]) == (2, "evaluating")
    assert (await do(world, "kjt", case, "scores", {"points": POINTS})).status_code == 403
    low = [each | {"points": 50} for each in POINTS]
    assert (await do(world, "swt", case, "scores", {"points": low})).status_code == 201
    assert (await do(world, "province", case, "conclusion", {})).json()["score"] == 50


async def test_a_score_that_is_being_given_counts_or_is_refused(world: World) -> None:
    case = await brought(world, State.EVALUATING)
    assert (await do(world, "swt", case, "scores", {"points": POINTS})).status_code == 201
    low = [each | {"points": 50} for each in POINTS]
    late, concluded = await asyncio.gather(
        do(world, "kjt", case, "scores", {"points": low}), do(world, "province", case, "conclusion", {})
    )
    assert concluded.status_code == 201, concluded.text
    assert late.status_code in (201, 409, 412), late.text
    assert concluded.json()["score"] == (68.0 if late.status_code == 201 else SCORE)


async def test_experts_alone_may_evaluate(world: World) -> None:
    case = await brought(world, State.SUBMITTED)
    past = {"units": [], "due": str(today() - timedelta(1))}
    assert (await do(world, "province", case, "rounds", past)).json()["errors"][0]["pointer"] == "/body/due"
    assert (await do(world, "province", case, "rounds", {"units": []})).status_code == 201
    sheet = {"points": POINTS, "expert": "张三（中国科学技术大学）"}
    assert (await do(world, "province", case, "scores", sheet)).status_code == 201
    assert (await do(world, "province", case, "conclusion", {})).json()["score"] == SCORE


@pytest.mark.parametrize("units", [["no-such-unit"], ["whs", "nobody"]])
async def test_only_units_that_there_are_are_invited(world: World, units: list[str]) -> None:
    case = await brought(world, State.SUBMITTED)
    answer = await do(world, "province", case, "rounds", {"units": units})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/units")


async def test_the_scheme_is_the_provinces_and_a_round_keeps_its_own(world: World) -> None:
    case = await brought(world, State.EVALUATING)
    async with world.client("province") as client:
        before = await client.get("/case-scheme")
        new = {"criteria": [{"name": "制度创新", "weight": 1}]}
        headers = {"If-Match": before.headers["ETag"]}
        changed = await client.put("/case-scheme", json=new, headers=headers)
        assert (changed.status_code, changed.json()["criteria"]) == (200, new["criteria"])
        assert (await client.put("/case-scheme", json=new, headers=headers)).status_code == 412
        twice = {"criteria": new["criteria"] * 2}
        tag = {"If-Match": changed.headers["ETag"]}
        assert (await client.put("/case-scheme", json=twice, headers=tag)).status_code == 422
        assert (await do(world, "swt", case, "scores", {"points": POINTS})).status_code == 201
        old = {"criteria": before.json()["criteria"]}
        assert (await client.put("/case-scheme", json=old, headers=tag)).status_code == 200
    async with world.client("hefei") as client:
        assert (await client.get("/case-scheme")).json()["actions"] == []
        assert (await client.put("/case-scheme", json=old, headers=tag)).status_code == 403


async def test_the_public_reads_what_is_published_and_nothing_else(world: World) -> None:
    cases = {state: await brought(world, state, "办法.pdf") for state in WAY}
    files = {state: await files_of(world, case) for state, case in cases.items()}
    rejected = await brought(world, State.SUBMITTED)
    assert (await do(world, "province", rejected, "rejection", {"reason": "已有先例"})).status_code == 201
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(world.app), base_url="http://p/api/progress/v1"
    ) as client:
        found: list[str] = []
        cursor: str | None = None
        while cursor != "":
            page = (
                await client.get("/public/cases", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
            ).json()
            found += [case["id"] for case in page["items"]]
            cursor = page["next"] or ""
        for case in (*cases.values(), rejected):
            shown = await client.get(f"/public/cases/{case['id']}")
            published = case["id"] == cases[State.PUBLISHED]["id"]
            assert (shown.status_code, case["id"] in found) == ((200, True) if published else (404, False))
        shown = await client.get(f"/public/cases/{cases[State.PUBLISHED]['id']}")
        told = PublicCaseOut.model_validate_json(shown.content)
        assert (told.zone_name, told.level, told.preconditions) == ("合肥市片区", "provincial", "有综合窗口")
        assert shown.json().keys().isdisjoint({"evidence", "score", "remark", "drafted_by", "tasks"})
        (file,) = files[State.PUBLISHED]
        assert [(each.id, each.name) for each in told.attachments] == [(UUID(file["id"]), "办法.pdf")]
        own = f"/attachments/{file['id']}"
        for path in ("/cases", f"/cases/{cases[State.PUBLISHED]['id']}", "/replications", own, f"{own}/content"):
            assert (await client.get(path)).status_code == 401
        for of, case in cases.items():
            for state, (each,) in files.items():
                answer = await client.get(f"/public/cases/{case['id']}/attachments/{each['id']}/content")
                reachable = of is state is State.PUBLISHED
                assert (answer.status_code, answer.content == PDF) == ((200, True) if reachable else (404, False))


async def test_a_published_case_shows_the_public_none_of_what_was_removed_before(world: World) -> None:
    case = await brought(world, State.DRAFT, "误.pdf", "办法.pdf")
    mistaken, kept = await files_of(world, case)
    path = f"/attachments/{mistaken['id']}/removal"
    assert (await ask(world, "hefei", "POST", path, {"reason": "传错了"}, 1)).status_code == 200
    for acts in WAY.values():
        for name, what, body in acts:
            assert (await do(world, name, case, what, body)).status_code == 201
    path = f"/public/cases/{case['id']}"
    async with world.client("auditor") as client:
        assert [each["id"] for each in (await client.get(path)).json()["attachments"]] == [kept["id"]]
        assert (await client.get(f"{path}/attachments/{mistaken['id']}/content")).status_code == 404


async def test_the_credit_stays_as_written_unless_the_province_says_another(world: World) -> None:
    case = await brought(world, State.APPROVED, credit="合肥市数据局")
    assert (await do(world, "province", case, "publication", {"preconditions": "无"})).json()[
        "credit"
    ] == "合肥市数据局"


async def test_every_step_is_told_and_noted(world: World) -> None:
    case = await brought(world, State.PUBLISHED)
    assert (await reply(world, "wuhu", case, "adoption", {"plan": "试行"})).status_code == 201
    async with world.server() as server:
        events = await server.fetch(
            "SELECT topic, type, data FROM outbox WHERE data LIKE '%' || $1 || '%' ORDER BY position", case["id"]
        )
        noted = await server.fetch("SELECT action FROM audit WHERE thing_id = $1 ORDER BY at, number", case["id"])
    told = [(row["topic"], row["type"].split(".", 2)[2]) for row in events]
    assert told == [
        *(("progress.hefei", f"case.{what}.v1") for what in ("submitted", "invited", "scored", "concluded")),
        *(("progress.hefei", f"case.{what}.v1") for what in ("approved", "published")),
        ("progress.wuhu", "replication.planned.v1"),
    ]
    assert "points" not in events[2]["data"]
    asked = {zone["code"] for zone in json.loads(events[5]["data"])["zones"]}
    assert {"wuhu", "bengbu"} <= asked and "hefei" not in asked
    assert {row["action"] for row in noted} == {
        f"case.{what}" for what in ("drafted", "submitted", "invited", "scored", "concluded", "approved", "published")
    }


FORGED = (
    ("tenant", "hefei", "", "UPDATE innovation_case SET state = 'evaluated' WHERE id = $1", "refused"),
    ("tenant", "wuhu", "", "UPDATE innovation_case SET title = '' WHERE id = $1", "UPDATE 0"),
    ("all", "", "", "UPDATE innovation_case SET title = '' WHERE id = $1", "UPDATE 0"),
    ("all", "", "", "DELETE FROM innovation_case WHERE id = $1", "refused"),
    ("tenant", "hefei", "", "UPDATE case_scheme SET criteria = '[]' WHERE $1 <> uuidv7()", "UPDATE 0"),
    ("unit", "", "swt", "INSERT INTO case_round SELECT $1, 9, '[]', NULL, '', current_date", "refused"),
    ("all", "", "", "INSERT INTO replication VALUES (uuidv7(), $1, 'wuhu', 'hefei')", "refused"),
    ("tenant", "wuhu", "", "INSERT INTO replication VALUES (uuidv7(), $1, 'wuhu', 'hefei')", "refused"),
)


@pytest.mark.parametrize(("scope", "tenant", "unit", "sql", "answer"), FORGED)
async def test_the_database_refuses_what_no_route_asks(
    world: World, scope: str, tenant: str, unit: str, sql: str, answer: str
) -> None:
    case = await drafted(world)
    assert await _as(world, scope, tenant, unit, sql, case["id"]) == answer


@pytest.mark.parametrize(
    ("scope", "tenant", "unit", "published"),
    [("tenant", "wuhu", "", 1), ("unit", "", "fgw", 1), ("public", "", "", 1), ("none", "", "", 0)],
)
async def test_the_database_shows_others_nothing_unpublished(
    world: World, scope: str, tenant: str, unit: str, published: int
) -> None:
    evaluating, public = [await brought(world, state, "办法.pdf") for state in (State.EVALUATING, State.PUBLISHED)]
    for case, shown in ((evaluating, 0), (public, published)):
        for table in ("attachment", "attachment_set"):
            sql = f"SELECT FROM {table} WHERE thing_id = $1"
            assert await _as(world, scope, tenant, unit, sql, case["id"]) == f"SELECT {shown}"
    seen_ = "SELECT FROM innovation_case WHERE id = $1"
    assert await _as(world, scope, tenant, unit, seen_, evaluating["id"]) == "SELECT 0"
    assert await _as(world, scope, tenant, unit, seen_, public["id"]) == f"SELECT {published}"
    for table in ("case_score", "case_round"):
        sql = f"SELECT FROM {table} WHERE case_id = $1"
        assert await _as(world, scope, tenant, unit, sql, public["id"]) == "SELECT 0"
