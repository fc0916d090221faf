"""A published case is taken over by zones, or declined: what they answer, by the API, and who sees it."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from chassis.clock import today
from chassis.events import uuid7
from progress.cases.rules import State
from progress.replications.schemas import ReplicationOut
from services.progress.tests.steps import reply
from services.progress.tests.test_cases import Json, brought, do, status
from services.progress.tests.worlds import World


async def test_a_zone_takes_a_case_over_to_the_end(world: World) -> None:
    case = await brought(world, State.PUBLISHED)
    async with world.client("wuhu") as client:
        waiting = (await client.get("/replications", params={"case": case["id"]})).json()["items"]
    assert [(each["zone"], each["state"], each["actions"]) for each in waiting] == [
        ("wuhu", "unanswered", ["adopt", "decline"])
    ]
    for what, body, state in (
        ("adoption", {"plan": "先在港口试行", "differences": "窗口在街道", "due": str(today())}, "planned"),
        ("start", {"progress": "方案已印发"}, "under_way"),
        ("result", {"result": "已全面施行", "effect_before": "20 天", "effect_after": "2 天"}, "adopted"),
    ):
        answer = await reply(world, "wuhu", case, what, body)
        assert answer.status_code == 201, answer.text
        assert ReplicationOut.model_validate(answer.json()).state == state
    assert (answer.json()["differences"], answer.json()["actions"]) == ("窗口在街道", [])
    assert (await reply(world, "wuhu", case, "refusal", {"reason": "…"})).status_code == 409
    for name in ("bengbu", "fgw"):
        async with world.client(name) as client:
            found = (await client.get("/replications", params={"case": case["id"], "state": "adopted"})).json()["items"]
        assert [each["zone"] for each in found] == ["wuhu"]


async def test_a_zone_declines_with_a_reason_and_may_think_again(world: World) -> None:
    case = await brought(world, State.PUBLISHED)
    assert (await reply(world, "wuhu", case, "refusal", {"reason": ""})).status_code == 422
    declined = await reply(world, "wuhu", case, "refusal", {"reason": "没有综合窗口"})
    assert (declined.json()["state"], declined.json()["reason"]) == ("declined", "没有综合窗口")
    past = {"plan": "窗口建成后推广", "due": str(today() - timedelta(1))}
    assert (await reply(world, "wuhu", case, "adoption", past)).json()["errors"][0]["pointer"] == "/body/due"
    adopted = await reply(world, "wuhu", case, "adoption", {"plan": "窗口建成后推广"})
    assert (adopted.json()["state"], adopted.json()["reason"]) == ("planned", "")
    kept = [{"reason": "没有综合窗口", "on": str(today()), "by": declined.json()["moved_by"]}]
    assert adopted.json()["refusals"] == declined.json()["refusals"] == kept
    for what, body in (("start", {}), ("result", {"result": "已施行"})):
        assert (await reply(world, "wuhu", case, what, body)).status_code == 201
    for name, seen in (("hefei", kept), ("province", kept), ("auditor", kept), ("bengbu", []), ("swt", [])):
        async with world.client(name) as client:
            shown = (await client.get(f"/cases/{case['id']}/replications/wuhu")).json()
        assert (name, shown["refusals"]) == (name, seen)


async def test_who_has_not_answered_is_seen_by_those_whom_it_concerns(world: World) -> None:
    case = await brought(world, State.PUBLISHED)
    assert (await reply(world, "wuhu", case, "refusal", {"reason": "没有综合窗口"})).status_code == 201
    expected = {
        "province": {"wuhu": "declined", "bengbu": "unanswered"},
        "auditor": {"wuhu": "declined", "bengbu": "unanswered"},
        "hefei": {"wuhu": "declined", "bengbu": "unanswered"},
        "wuhu": {"wuhu": "declined"},
        "bengbu": {"bengbu": "unanswered"},
        "swt": {},
    }
    for name, states in expected.items():
        async with world.client(name) as client:
            found = (await client.get("/replications", params={"case": case["id"]})).json()["items"]
        told = {each["zone"]: each["state"] for each in found}
        assert {zone: state for zone, state in told.items() if zone in ("wuhu", "bengbu")} == states, name
    for name, zone, found_ in (
        ("swt", "wuhu", 404),
        ("bengbu", "wuhu", 404),
        ("hefei", "bengbu", 200),
        ("hefei", "hefei", 404),
    ):
        assert await status(world, name, f"/cases/{case['id']}/replications/{zone}") == found_
    assert (await reply(world, "hefei", case, "adoption", {"plan": "…"}, "bengbu")).status_code == 403
    assert (await reply(world, "bengbu", case, "adoption", {"plan": "…"}, "wuhu")).status_code == 404
    assert (await reply(world, "hefei", case, "adoption", {"plan": "…"}, "hefei")).status_code == 404


async def test_what_is_good_for_one_zone_asks_nobody_but_may_be_taken_over(world: World) -> None:
    case = await brought(world, State.EVALUATED)
    assert (await do(world, "province", case, "approval", {"level": "zone"})).status_code == 201
    assert (await do(world, "province", case, "publication", {"preconditions": "无"})).status_code == 201
    async with world.client("province") as client:
        assert (await client.get("/replications", params={"case": case["id"]})).json()["items"] == []
    assert (await reply(world, "wuhu", case, "adoption", {"plan": "自愿采用"})).status_code == 201
    async with world.client("province") as client:
        found = (await client.get("/replications", params={"case": case["id"]})).json()["items"]
    assert [each["zone"] for each in found] == ["wuhu"]


async def test_a_zone_that_joins_later_is_asked_as_well(world: World) -> None:
    case = await brought(world, State.PUBLISHED)
    code = f"ld{uuid7().hex[-6:]}"
    zone = {"id": uuid7(), "code": code, "name": "黄山联动创新区", "kind": "linked", "city": None}
    await world.feed(("zone.published", 1, zone))
    async with world.client("province") as client:
        found = (await client.get("/replications", params={"case": case["id"], "zone": code})).json()["items"]
    assert [each["state"] for each in found] == ["unanswered"]


async def test_two_answers_at_once_make_one(world: World) -> None:
    case = await brought(world, State.PUBLISHED)
    answers = await asyncio.gather(*(reply(world, "wuhu", case, "adoption", {"plan": "试行"}) for _ in range(4)))
    first, *others = sorted(answer.status_code for answer in answers)
    assert first == 201 and set(others) <= {409, 412}


async def test_nobody_goes_on_with_a_case_that_was_taken_from_the_public_list(world: World) -> None:
    case = await brought(world, State.PUBLISHED)
    assert (await reply(world, "wuhu", case, "adoption", {"plan": "试行"})).status_code == 201
    taken = await do(world, "province", case, "retraction", {"reason": "政策已调整"})
    assert (taken.status_code, taken.json()["state"], taken.json()["actions"]) == (201, "retracted", [])
    assert await status(world, "wuhu", f"/public/cases/{case['id']}") == 404
    own = f"/cases/{case['id']}/replications/wuhu"
    for name, found in (("province", 200), ("hefei", 200), ("wuhu", 200), ("bengbu", 404), ("fgw", 404)):
        for path in (f"/cases/{case['id']}", own):
            assert (name, await status(world, name, path)) == (name, found)
    async with world.client("wuhu") as client:
        (kept,) = (await client.get("/replications", params={"case": case["id"]})).json()["items"]
    assert (kept["state"], kept["retracted"], kept["actions"]) == ("planned", True, [])
    answer = await reply(world, "wuhu", case, "start", {})
    assert answer.status_code == 409 and "已撤下" in answer.json()["detail"]
    assert (await reply(world, "bengbu", case, "adoption", {"plan": "…"})).status_code == 404


@pytest.mark.parametrize(
    ("level", "acts", "told"),
    [
        ("provincial", {}, {"wuhu": "unanswered", "bengbu": "unanswered"}),
        ("zone", {}, {}),
        ("provincial", {"wuhu": ("adoption",), "bengbu": ("refusal",)}, {"wuhu": "planned"}),
        ("zone", {"wuhu": ("adoption", "start", "result")}, {"wuhu": "adopted"}),
    ],
)
async def test_zones_that_were_asked_or_take_it_over_are_told_of_a_retraction(
    world: World, level: str, acts: Mapping[str, Sequence[str]], told: Mapping[str, str]
) -> None:
    case = await brought(world, State.EVALUATED)
    for what, body in (("approval", {"level": level}), ("publication", {"preconditions": "无"})):
        assert (await do(world, "province", case, what, body)).status_code == 201
    bodies = {"adoption": {"plan": "…"}, "refusal": {"reason": "…"}, "result": {"result": "…"}}
    for zone, steps in acts.items():
        for what in steps:
            assert (await reply(world, zone, case, what, bodies.get(what, {}))).status_code == 201
    assert (await do(world, "province", case, "retraction", {"reason": "政策已调整"})).status_code == 201
    data = await last_event(world, case)
    zones = {zone["code"]: zone["replication"] for zone in data["zones"]}
    assert {code: state for code, state in zones.items() if code in ("wuhu", "bengbu")} == told
    assert data["reason"] == "政策已调整" and case["zone"] not in zones


async def last_event(world: World, case: Json) -> Json:
    async with world.server() as server:
        return dict(
            json.loads(
                await server.fetchval(
                    "SELECT data FROM outbox WHERE data LIKE '%' || $1 || '%' ORDER BY position DESC LIMIT 1",
                    case["id"],
                )
            )
        )


async def test_a_withdrawn_case_is_a_draft_again_and_may_be_submitted_anew(world: World) -> None:
    case = await brought(world, State.EVALUATING)
    back = await do(world, "hefei", case, "withdrawal", {"reason": "补充数据"})
    told = back.json()
    assert (back.status_code, told["state"], told["reason"], told["submitted_on"]) == (201, "draft", "补充数据", None)
    assert told["actions"] == ["edit", "submit"]
    assert {unit["code"] for unit in (await last_event(world, case))["units"]} == {"swt", "kjt"}
    for name in ("swt", "kjt"):
        for path in (f"/cases/{case['id']}", f"/cases/{case['id']}/rounds"):
            assert await status(world, name, path) == 404
    async with world.client("hefei") as client:
        (ended,) = (await client.get(f"/cases/{case['id']}/rounds")).json()["items"]
    assert (ended["withdrawn_on"], ended["concluded_on"], ended["score"]) == (str(today()), None, None)
    assert (await do(world, "hefei", case, "submission", {})).json()["reason"] is None
    assert (await do(world, "province", case, "rounds", {"units": ["swt"]})).json()["round"] == 2
    assert (await status(world, "swt", f"/cases/{case['id']}"), await status(world, "kjt", f"/cases/{case['id']}")) == (
        200,
        404,
    )
