"""A closed zone: all of it stays to be read, nothing is written in it, nothing new comes to it; it can go on."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import pytest

from chassis.clock import today
from progress.cases.rules import State
from progress.lines.schemas import LineOut
from progress.orders.taking import urge
from services.progress.tests.steps import (
    DEADLINE,
    SIGN_DUE,
    Json,
    ask,
    attached,
    issued,
    raised,
    registered,
    reply,
    seen,
    step,
    taken,
    upload,
)
from services.progress.tests.test_cases import brought
from services.progress.tests.test_meetings import decided, ordered
from services.progress.tests.worlds import CITIES, World
from tests.isolation.operations import OPERATIONS
from tests.isolation.things import nothing

REASON = "片区调整，并入皖江片区"
WRITES = [
    operation
    for operation in OPERATIONS
    if operation.service == "progress" and operation.method != "GET" and operation.rights["city"] != "-"
]
VERSIONS = count(2)


async def put(world: World, code: str, *, closed: bool) -> None:
    async with world.database.session() as session:
        zone = await session.row("SELECT id, code, name, kind, city FROM zone WHERE code = :code", code=code)
    assert zone is not None
    city = {"code": zone["city"], "name": "…", "kind": "city"}
    why = {"closed_on": str(today()), "closed_reason": REASON} if closed else {}
    await world.feed(("zone.published", next(VERSIONS), dict(zone) | {"city": city} | why))


@pytest.fixture
async def things(world: World) -> AsyncIterator[Json]:
    """Hefei, closed after it had a line, an order, a problem, a case; open again for the tests that follow."""
    task = await world.publish(["swt", "hfs", "whs"], due=str(DEADLINE))
    line = await world.line(task, "hefei")
    assert (await world.act("hefei", line, "reports", percent=40, done="已开工")).status_code == 201
    order = await registered(world)
    await attached(world, "province", "order", order["id"])
    made = {
        "task": task,
        "line": line,
        "order": await taken(world, "province", order, "issuance", sign_due=str(SIGN_DUE)),
        "problem": await raised(world),
        "asked": await raised(world, "wuhu", addressee="zone:hefei"),
        "case": await brought(world, State.PUBLISHED),
    }
    await put(world, "hefei", closed=True)
    yield made
    await put(world, "hefei", closed=False)


async def test_everybody_still_reads_it_and_may_do_nothing(world: World, things: Json) -> None:
    for name in ("province", "auditor", "swt", "hefei"):
        shown = await seen(world, name, f"/lines/{things['line']['id']}")
        assert (LineOut.model_validate(shown).closed, shown["percent"], shown["actions"]) == (True, 40, [])
        listed = await world.lines(name, jurisdiction="hefei", task=things["task"]["code"])
        assert [line["id"] for line in listed] == [things["line"]["id"]]
        assert (await seen(world, name, f"/lines/{things['line']['id']}/reports"))["items"][0]["done"] == "已开工"
    assert things["line"]["id"] in {line["id"] for line in await world.lines("hefei")}
    assert await world.lines("wuhu", jurisdiction="hefei") == []
    told = (await seen(world, "hefei", f"/lines/{things['line']['id']}/history"))["items"]
    assert (told[-1]["what"], told[-1]["reason"]) == ("withdrawn", REASON)
    for name in ("province", "auditor", "hefei"):
        for path in ("orders/{order}", "problems/{problem}", "cases/{case}"):
            kind = path.partition("{")[2][:-1]
            assert (await seen(world, name, f"/{path.format_map({kind: things[kind]['id']})}"))["actions"] == [], path
        held = await seen(world, name, "/attachments", kind="order", thing=things["order"]["id"])
        assert (len(held["items"]), held["actions"], held["items"][0]["actions"]) == (1, [], [])
    async with world.client("hefei") as client:
        assert (await client.get("/public/cases")).json()["items"][0]["id"] == things["case"]["id"]


async def test_it_is_found_and_marked_by_who_may_see_it_alone(world: World, things: Json) -> None:
    title = things["task"]["title"]
    for name, places in (
        ("province", {"hefei": True, "wuhu": False, "province": False}),
        ("hefei", {"hefei": True}),
        ("wuhu", {"wuhu": False}),
    ):
        hits = (await seen(world, name, "/search", q=title))["items"]
        lines = {hit["id"]: hit["closed"] for hit in hits if hit["kind"] == "line"}
        known = {line["id"]: line for place in places for line in await world.lines(name, jurisdiction=place, q=title)}
        assert {known[id_]["jurisdiction"]: closed for id_, closed in lines.items()} == places, name
    for kind in ("order", "problem", "case"):
        hits = (await seen(world, "province", "/search", q=things[kind]["title"]))["items"]
        assert {hit["id"]: hit["closed"] for hit in hits}[things[kind]["id"]], kind


async def test_its_people_write_nothing(world: World, things: Json) -> None:
    for operation in WRITES:
        path = operation.path.format_map(nothing(zone="hefei", line_id=things["line"]["id"]))
        if operation.path == "/attachments":
            answer = await upload(world, "hefei", "order", things["order"]["id"])
        else:
            answer = await ask(world, "hefei head", operation.method, path, {}, version=1)
        told = answer.status_code, answer.json()["type"], answer.json()["detail"]
        assert told == (409, "/problems/zone-closed", "合肥市片区已撤销，内容只供查阅。"), operation
    assert len(WRITES) > 40


async def test_nobody_else_writes_in_it(world: World, things: Json) -> None:
    for name, kind, what, body in (
        ("fgw", "problem", "answers", {"text": "已安排"}),
        ("province", "problem", "escalation", {"text": "涉及多部门"}),
    ):
        answer = await step(world, name, things[kind], what, **body)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/zone-closed"), (name, what)
        assert "合肥市片区" in answer.json()["detail"]
    report = await world.act("province", things["line"], "latest/confirmation")
    assert (report.status_code, "已撤销" in report.json()["detail"]) == (409, True)
    async with world.server() as server:
        last = await server.fetchval("SELECT max(at) FROM audit WHERE tenant = 'hefei' AND sub <> 'system'")
        closed = await server.fetchval("SELECT max(at) FROM audit WHERE thing_id = $1", things["line"]["id"])
    assert last < closed
    async with world.client("hefei") as client:
        english = await client.post("/calendar-feed", headers={"Accept-Language": "en"})
    assert english.json()["detail"] == "合肥市片区 is closed; what there is of it can only be read."


async def test_nothing_new_comes_to_it(world: World, things: Json) -> None:
    task = await world.publish(["swt", "hfs", "whs"])
    assert {line["jurisdiction"] for line in await world.lines("province", task=task["code"])} == {"wuhu", "province"}
    order = {"title": "…", "requirement": "…", "source": "meeting", "deadline": str(DEADLINE)}
    for lead, members in (("zone:hefei", []), ("zone:wuhu", ["zone:hefei"])):
        answer = await ask(world, "province", "POST", "/orders", order | {"lead": lead, "members": members})
        assert answer.status_code == 422
    problem = {"title": "…", "description": "…", "addressee": "zone:hefei", "answer_due": str(DEADLINE)}
    assert (await ask(world, "wuhu", "POST", "/problems", problem)).status_code == 422
    assert things["line"]["id"] not in {line["id"] for line in await world.lines("swt")}
    case = await seen(world, "province", "/replications", case=things["case"]["id"])
    assert "hefei" not in {each["zone"] for each in case["items"]}
    assert (await reply(world, "wuhu", things["case"], "adoption", {"plan": "先行试点"})).status_code == 201


async def test_its_orders_end_with_it_whatever_their_state(world: World) -> None:
    draft, waiting, other = await registered(world), await issued(world), await issued(world, "zone:wuhu")
    done, applied = await issued(world), [("receipt", "hefei", {}), ("application", "hefei", {"text": "已办结"})]
    for path, who, body in [*applied, ("conclusion", "province", {"text": "同意"})]:
        await taken(world, who, done, path, **body)
    decision = await ordered(world, await decided(world))
    assert decision["status"] == "ordered"
    await put(world, "hefei", closed=True)
    await put(world, "hefei", closed=True)
    assert (await seen(world, "province", f"/decisions/{decision['id']}"))["status"] == "open"
    for order in (draft, waiting, done):
        now = await seen(world, "province", f"/orders/{order['id']}")
        assert (now["state"], now["ended_on"], now["actions"]) == ("revoked", str(today()), [])
        last = (await seen(world, "province", f"/orders/{order['id']}/entries"))["items"][-1]
        assert (last["what"], last["text"]) == ("revoked", f"片区已撤销，督办随之终止。{REASON}")
    assert (await seen(world, "province", f"/orders/{other['id']}"))["state"] == "issued"
    revoked = "SELECT count(*) FROM outbox WHERE subject = $1 AND type LIKE '%revoked%'"
    async with world.server() as server:
        told = [await server.fetchval(revoked, order["id"]) for order in (draft, waiting, done)]
    assert told == [0, 1, 1]
    await put(world, "hefei", closed=False)


async def test_the_clock_leaves_it_alone(world: World, things: Json) -> None:
    async with world.database.session() as session:
        while await urge(session, SIGN_DUE + timedelta(9)):
            pass
    told = await seen(world, "hefei", f"/orders/{things['order']['id']}/entries")
    assert [entry["what"] for entry in told["items"]] == ["registered", "issued", "revoked"]
    owed = await seen(world, "province", "/missing-values")
    assert "hefei" not in {each["jurisdiction"] for each in owed["items"]}


async def test_todays_overview_is_without_it_and_its_own_people_see_it(world: World, things: Json) -> None:
    whole = await seen(world, "province", "/overview")
    assert "hefei" not in {place["code"] for place in whole["jurisdictions"]}
    offices = await seen(world, "province", "/overview/offices")
    assert "zone:hefei" not in {each["office"] for each in offices["items"]}
    own = await seen(world, "hefei", "/overview")
    assert ([place["code"] for place in own["jurisdictions"]], own["totals"]["lines"]) == (["hefei"], 0)
    places = (await seen(world, "province", "/jurisdictions"))["items"]
    assert {place["code"]: place["closed_on"] for place in places}["hefei"] == str(today())
    assert places[-1]["code"] == "hefei"
    assert "hefei" in {place["code"] for place in (await seen(world, "swt", "/jurisdictions"))["items"]}


async def test_open_again_it_goes_on_as_it_stood(world: World, things: Json) -> None:
    await put(world, "hefei", closed=False)
    line = await seen(world, "hefei", f"/lines/{things['line']['id']}")
    assert (line["withdrawn"], line["closed"], line["state"], line["due"]) == (
        False,
        False,
        "in_progress",
        str(DEADLINE),
    )
    assert "report" in line["actions"]
    order = await seen(world, "hefei", f"/orders/{things['order']['id']}")
    assert (order["state"], order["actions"]) == ("revoked", [])
    assert CITIES["hfs"][0] in {each["code"] for each in (await seen(world, "province", "/overview"))["jurisdictions"]}
