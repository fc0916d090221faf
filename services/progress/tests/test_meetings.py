"""Meetings and decisions by the API, on a database of their own: what each becomes, who reads it, what is kept."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.clock import today
from progress.meetings.schemas import DecisionOut, MeetingOut
from services.progress.tests.steps import DEADLINE, SIGN_DUE, attached, seen, taken
from services.progress.tests.test_isolation import _as
from services.progress.tests.worlds import World

UNITS = ["swt", "hfhg", "hfs", "whs"]
Json = dict[str, Any]


async def ask(
    world: World, name: str, method: str, path: str, version: int | None = None, **given: Any
) -> httpx.Response:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    async with world.client(name) as client:
        return await client.request(method, path, headers=headers, **given)


async def made(world: World, path: str, version: int | None = None, **body: Any) -> Json:
    answer = await ask(world, "province", "POST", path, version, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def held(world: World, day: date | None = None) -> Json:
    given: Json = {"title": "领导小组会议", "held_on": str(day or today()), "agenda": ["听取汇报", "审议方案"]}
    meeting = await made(world, "/meetings", **given)
    return await made(world, f"/meetings/{meeting['id']}/conclusion", meeting["version"])


async def decided(
    world: World, office: str = "zone:hefei", meeting: Json | None = None, due: date | None = None
) -> Json:
    meeting = meeting or await held(world)
    given: Json = {"text": "加快建设保税仓库", "office": office, "due": str(due or today() + timedelta(30))}
    return await made(world, f"/meetings/{meeting['id']}/decisions", meeting["version"], **given)


async def test_a_meeting_is_planned_changed_and_held(world: World) -> None:
    given: Json = {"title": "第一次会议", "held_on": str(today()), "agenda": ["听取汇报"]}
    meeting = await made(world, "/meetings", **given)
    assert MeetingOut.model_validate(meeting).actions == ["edit", "conclude"]
    path = f"/meetings/{meeting['id']}"
    changed = await ask(world, "province", "PUT", path, 1, json=given | {"agenda": ["甲", "乙"]})
    assert (changed.status_code, changed.json()["agenda"]) == (200, ["甲", "乙"])
    assert (await ask(world, "province", "PUT", path, 1, json=given)).status_code == 412
    early = {"text": "…", "office": "zone:hefei", "due": str(today())}
    assert (await ask(world, "province", "POST", f"{path}/decisions", 2, json=early)).status_code == 409
    assert (await made(world, f"{path}/conclusion", 2))["actions"] == ["decide"]
    assert (await ask(world, "province", "PUT", path, 3, json=given)).status_code == 409


async def test_a_meeting_to_come_was_not_held(world: World) -> None:
    given: Json = {"title": "…", "held_on": str(today() + timedelta(1)), "agenda": ["…"]}
    meeting = await made(world, "/meetings", **given)
    answer = await ask(world, "province", "POST", f"/meetings/{meeting['id']}/conclusion", 1)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not-held")


async def test_a_decision_is_noted_on_a_line_in_one_step(world: World) -> None:
    line = await world.line(await world.publish(UNITS), "hefei")
    decision = await decided(world)
    assert DecisionOut.model_validate(decision).actions == ["note", "order", "propose", "complete"]
    assert (decision["number"], decision["office_name"], decision["standing"]) == (1, "合肥市片区", "open")
    noted = await made(world, f"/decisions/{decision['id']}/note", 1, line_id=line["id"])
    assert (noted["status"], noted["line_id"], noted["actions"]) == ("noted", line["id"], ["complete"])
    async with world.client("hefei") as client:
        story = (await client.get(f"/lines/{line['id']}/history")).json()["items"]
    assert (story[-1]["what"], story[-1]["reason"]) == ("decision_noted", "领导小组会议第1项：加快建设保税仓库")
    again = await ask(world, "province", "POST", f"/decisions/{decision['id']}/note", 2, json={"line_id": line["id"]})
    assert again.status_code == 409


async def test_a_decision_becomes_a_proposal_for_the_catalog(world: World) -> None:
    task, decision = await world.publish(UNITS), await decided(world)
    path = f"/decisions/{decision['id']}/proposal"
    unknown = await ask(world, "province", "POST", path, 1, json={"plan": "nowhere", "title": "…"})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/body/plan")
    proposed = await made(world, path, 1, plan=task["plan"]["code"], title="建设保税仓库")
    assert (proposed["status"], proposed["plan"], proposed["task_title"]) == (
        "proposed",
        task["plan"]["code"],
        "建设保税仓库",
    )


async def ordered(world: World, decision: Json, **over: Any) -> Json:
    given: Json = {
        "title": "建设保税仓库",
        "requirement": "请报方案。",
        "lead": "zone:hefei",
        "deadline": str(DEADLINE),
    }
    return await made(world, f"/decisions/{decision['id']}/order", decision["version"], **given | over)


async def seen_now(world: World, name: str, decision: Json) -> Json:
    return dict(await seen(world, name, f"/decisions/{decision['id']}"))


async def test_a_decision_becomes_an_order_in_one_step_and_is_done_with_it(world: World) -> None:
    decision = await ordered(world, await decided(world))
    assert DecisionOut.model_validate(decision).actions == []
    order = await seen(world, "province", f"/orders/{decision['order_id']}")
    assert (order["source"], order["basis"]) == ("meeting", "领导小组会议第1项")
    assert order["decision"] == {"id": decision["id"], "meeting_title": "领导小组会议", "number": 1}
    hidden = await seen_now(world, "hefei", decision)
    assert (hidden["order"], hidden["order_id"], hidden["status"]) == (None, None, "ordered")
    for name, path, said in (
        ("province", "issuance", {"sign_due": str(SIGN_DUE)}),
        ("hefei", "receipt", {}),
        ("hefei", "application", {"text": "已建成"}),
        ("province", "conclusion", {}),
        ("province", "verification", {"text": "属实"}),
    ):
        await taken(world, name, order, path, **said)
        assert (await seen_now(world, "province", decision))["status"] == "ordered"
    shown = (await seen_now(world, "hefei", decision))["order"]
    assert (shown["id"], shown["state"]) == (order["id"], "verified")
    assert (await seen(world, "hefei", f"/orders/{order['id']}"))["decision"]["id"] == decision["id"]
    await attached(world, "province", "order", order["id"])
    await taken(world, "province", order, "closure", text="已投入使用", evidence="验收报告")
    finished = await seen_now(world, "hefei", decision)
    assert (finished["status"], finished["standing"], finished["done_by"]) == ("done", "done", "province")
    assert finished["outcome"] == "已投入使用\n验收报告"


async def test_a_decision_whose_order_is_revoked_is_undecided_again(world: World) -> None:
    decision = await ordered(world, await decided(world))
    order = await seen(world, "province", f"/orders/{decision['order_id']}")
    await taken(world, "province", order, "issuance", sign_due=str(SIGN_DUE))
    await taken(world, "province", order, "revocation", text="另行安排")
    now = await seen_now(world, "province", decision)
    assert (now["status"], now["order"], now["actions"]) == ("open", None, ["note", "order", "propose", "complete"])
    assert (await ordered(world, now))["order_id"] != order["id"]
    async with world.server() as server:
        kept = await server.fetch("SELECT action FROM audit WHERE thing_id = $1 ORDER BY number", decision["id"])
    assert [row["action"].removeprefix("decision.") for row in kept] == ["made", "ordered", "reopened", "ordered"]


async def test_an_ordered_decision_is_due_when_its_order_is(world: World) -> None:
    meeting = await held(world, today() - timedelta(9))
    late = await decided(world, meeting=meeting, due=today() - timedelta(1))
    assert late["standing"] == "overdue"
    assert (await ordered(world, late))["standing"] == "open"
    listed = await seen(world, "province", "/decisions", meeting=meeting["id"], standing="open")
    assert [each["id"] for each in listed["items"]] == [late["id"]]


@pytest.mark.parametrize(
    ("over", "pointer"),
    [
        ({"lead": "unit:hfs"}, "/body/lead"),
        ({"lead": "unit:nobody"}, "/body/lead"),
        ({"members": ["zone:hefei"]}, "/body/members"),
        ({"lines": ["0193a1b2-7c00-7000-8000-000000000009"]}, "/body/lines"),
        ({"deadline": str(today() - timedelta(1))}, "/body/deadline"),
        ({"requirement": ""}, "/body/requirement"),
    ],
)
async def test_an_order_that_cannot_be_says_why_and_leaves_the_decision(world: World, over: Json, pointer: str) -> None:
    decision = await decided(world)
    given: Json = {"title": "…", "requirement": "…", "lead": "zone:hefei", "deadline": str(DEADLINE)}
    answer = await ask(world, "province", "POST", f"/decisions/{decision['id']}/order", 1, json=given | over)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (await seen_now(world, "province", decision))["status"] == "open"
    for name in ("hefei", "swt", "auditor"):
        refused = await ask(world, name, "POST", f"/decisions/{decision['id']}/order", 1, json=given)
        assert refused.status_code == 403


async def test_a_proposed_task_is_linked_once_an_edition_has_it(world: World) -> None:
    task, decision = await world.publish(UNITS), await decided(world)
    path, plan = f"/decisions/{decision['id']}/proposal", task["plan"]
    proposed = await made(world, path, 1, plan=plan["code"], title="建设进口商品保税仓库")
    assert proposed["task"] is None
    published = await world.publish(UNITS, plan=plan, title="建设进口商品保税仓库")
    assert (await seen_now(world, "province", decision))["task"] == published["code"]


async def test_what_became_of_earlier_decisions_is_seen_at_the_next_meeting(world: World) -> None:
    earlier = await held(world, today() - timedelta(40))
    late = await decided(world, meeting=earlier, due=today() - timedelta(1))
    finished = await decided(world, meeting=earlier, due=today() - timedelta(1))
    await made(world, f"/decisions/{finished['id']}/completion", 1, outcome="已建成")
    running = await decided(world, meeting=earlier)
    meeting = await held(world)
    found = await ask(world, "province", "GET", "/decisions", params={"before": meeting["held_on"], "limit": 200})
    standings = {each["id"]: each["standing"] for each in found.json()["items"]}
    assert [standings[each["id"]] for each in (late, finished, running)] == ["overdue", "done", "open"]
    for standing, each in (("overdue", late), ("done", finished), ("open", running)):
        own = {"meeting": earlier["id"], "standing": standing}
        listed = await ask(world, "auditor", "GET", "/decisions", params=own)
        assert [one["id"] for one in listed.json()["items"]] == [each["id"]]


@pytest.mark.parametrize(
    ("office", "seen"), [("zone:hefei", {"hefei"}), ("zone:wuhu", {"wuhu"}), ("unit:swt", {"swt"})]
)
async def test_an_office_reads_the_decisions_that_it_leads_and_no_meetings(
    world: World, office: str, seen: set[str]
) -> None:
    decision = await decided(world, office)
    nothing = (await ask(world, "hefei", "GET", f"/decisions/{uuid4()}")).json()
    for name in ("hefei", "wuhu", "swt", "kjt", "province", "auditor"):
        answer = await ask(world, name, "GET", f"/decisions/{decision['id']}")
        allowed = name in seen | {"province", "auditor"}
        assert answer.status_code == (200 if allowed else 404)
        assert allowed or answer.json() | {"trace": None} == nothing | {"trace": None}
        found = (await ask(world, name, "GET", "/decisions", params={"limit": 200})).json()["items"]
        assert (decision["id"] in {each["id"] for each in found}) == allowed
        meeting = await ask(world, name, "GET", f"/meetings/{decision['meeting_id']}")
        assert meeting.status_code == (200 if name in ("province", "auditor") else 403)


@pytest.mark.parametrize("name", ["hefei", "swt", "auditor", "operator"])
async def test_the_province_alone_writes(world: World, name: str) -> None:
    decision = await decided(world)
    for path, body in (
        ("/meetings", {"title": "…", "held_on": str(today()), "agenda": ["…"]}),
        (f"/meetings/{decision['meeting_id']}/conclusion", {}),
        (f"/decisions/{decision['id']}/completion", {"outcome": "…"}),
    ):
        assert (await ask(world, name, "POST", path, 1, json=body)).status_code == 403


@pytest.mark.parametrize(
    ("over", "pointer"),
    [
        ({"office": "zone:nowhere"}, "/body/office"),
        ({"office": "hefei"}, "/body/office"),
        ({"due": str(today() - timedelta(1))}, "/body/due"),
        ({"text": " "}, "/body/text"),
    ],
)
async def test_bad_decisions_say_what_is_wrong(world: World, over: Json, pointer: str) -> None:
    meeting = await held(world)
    given: Json = {"text": "…", "office": "zone:hefei", "due": str(today())} | over
    path = f"/meetings/{meeting['id']}/decisions"
    answer = await ask(world, "province", "POST", path, meeting["version"], json=given)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_every_change_is_told_and_audited(world: World) -> None:
    decision = await decided(world, "unit:swt")
    await made(world, f"/decisions/{decision['id']}/completion", 1, outcome="已建成")
    things = [decision["meeting_id"], decision["id"]]
    async with world.server() as server:
        told = await server.fetch(
            "SELECT type, tenant, data FROM outbox WHERE subject = ANY($1) ORDER BY position", things
        )
        kept = await server.fetch("SELECT action FROM audit WHERE thing_id = ANY($1) ORDER BY number", things)
    happened = [row["type"].split(".", 2)[2].removesuffix(".v1") for row in told]
    assert happened == ["meeting.planned", "meeting.concluded", "decision.made", "decision.completed"]
    assert [row["action"] for row in kept] == happened
    assert {row["tenant"] for row in told} == {"province"}
    assert json.loads(told[-1]["data"])["decision"]["outcome"] == "已建成"


async def test_the_database_itself_keeps_what_is_done_and_lets_the_province_alone_write(world: World) -> None:
    decision = await decided(world)
    change = "UPDATE decision SET plan = plan WHERE id = $1"
    add = """INSERT INTO meeting (id, title, held_on, agenda, prepared_by)
             VALUES (uuidv7(), '', '2026-01-01', '{…}', '')"""
    for scope, tenant, unit in (("tenant", "hefei", ""), ("unit", "", "swt"), ("audit", "", "")):
        assert await _as(world, scope, tenant, unit, change, decision["id"]) == "UPDATE 0"
        assert await _as(world, scope, tenant, unit, add) == "refused"
    assert await _as(world, "all", "", "", change, decision["id"]) == "UPDATE 1"
    await made(world, f"/decisions/{decision['id']}/completion", 1, outcome="已建成")
    assert await _as(world, "all", "", "", change, decision["id"]) == "UPDATE 0"
    assert await _as(world, "all", "", "", "DELETE FROM decision WHERE id = $1", decision["id"]) == "refused"
