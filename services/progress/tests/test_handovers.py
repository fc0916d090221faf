"""Handovers by the API: who is responsible, what is a person's, that the list passes as it was confirmed."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.clock import today
from progress.cases.rules import State
from progress.handovers.schemas import HandoverOut, LinePersonOut
from services.progress.tests.steps import issued, raised, reply, seen, taken
from services.progress.tests.test_cases import WRITTEN, brought
from services.progress.tests.test_filings import opened
from services.progress.tests.test_isolation import _as
from services.progress.tests.worlds import World

UNITS = ["swt", "hfhg", "hfs", "whs"]
Json = dict[str, Any]


async def ask(world: World, name: str, method: str, path: str, body: Json, version: int = 0) -> httpx.Response:
    headers = {"If-Match": f'"{version}"'} if version else {}
    async with world.client(name) as client:
        return await client.request(method, path, json=body, headers=headers)


async def named(world: World, who: str, line: Json, person: str) -> Json:
    path = f"/lines/{line['id']}/person"
    now = await seen(world, who, path)
    answer = await ask(world, who, "PUT", path, {"person": person}, now["version"])
    assert answer.status_code == 200, answer.text
    return LinePersonOut.model_validate(answer.json()).model_dump(mode="json")


async def own(world: World, who: str, person: str) -> list[Json]:
    return list((await seen(world, who, "/belongings", person=person))["items"])


async def handed_over(world: World, giver: str, receiver: str, /, **over: Any) -> httpx.Response:
    things = [thing["id"] for thing in await own(world, "hefei head", giver)]
    given = {"giver": giver, "receiver": receiver, "reason": "岗位调整", "things": things}
    return await ask(world, "hefei head", "POST", "/handovers", given | over)


async def line_of(world: World, jurisdiction: str = "hefei") -> Json:
    return await world.line(await world.publish(UNITS), jurisdiction)


async def test_what_is_a_persons_passes_to_another(world: World) -> None:
    giver, receiver = f"张三{uuid4()}", "hefei"
    kept, line, other = await line_of(world), await line_of(world), await line_of(world)
    await named(world, "hefei head", line, giver)
    await named(world, "hefei head", other, "王五")
    listed = await own(world, "hefei", giver)
    assert [(thing["kind"], thing["id"]) for thing in listed] == [("line", line["id"])]
    answer = await handed_over(world, giver, receiver)
    assert answer.status_code == 201, answer.text
    made = HandoverOut.model_validate(answer.json())
    assert (made.count, made.made_by, made.office_name) == (1, "hefei head", "合肥市片区")
    assert (made.giver_account, made.receiver, made.receiver_account) == (None, "hefei", "hefei")
    assert [str(thing.id) for thing in made.things] == [line["id"]]
    persons = [(await seen(world, "hefei", f"/lines/{each['id']}/person"))["person"] for each in (line, other, kept)]
    assert persons == [receiver, "王五", None]
    assert await own(world, "hefei", giver) == []
    async with world.server() as server:
        told = await server.fetch("SELECT type, tenant, data FROM outbox WHERE subject = $1", str(made.id))
        kept_in = await server.fetch("SELECT action, tenant, reason FROM audit WHERE thing_id = $1", str(made.id))
    assert [(row["type"], row["tenant"]) for row in told] == [("zoneportal.progress.handover.made.v1", "hefei")]
    assert json.loads(told[0]["data"])["handover"]["receiver"] == receiver
    assert [tuple(row) for row in kept_in] == [("handover.made", "hefei", "岗位调整")]


async def test_all_that_is_open_passes_and_no_history_is_rewritten(world: World) -> None:
    line, kept = await line_of(world), await line_of(world)
    for each in (line, kept):
        assert (await world.act("hefei", each, "reports", percent=1, done="…")).status_code == 201
    await named(world, "hefei head", kept, "王五")
    order, problem, settled = await issued(world), await raised(world), await raised(world)
    await taken(world, "hefei", order, "receipt")
    await taken(world, "hefei", settled, "withdrawal", text="已自行解决")
    case = (await ask(world, "hefei", "POST", "/cases", WRITTEN)).json()
    listed = {(thing["kind"], thing["id"]) for thing in await own(world, "hefei", "hefei")}
    mine = {("line", line["id"]), ("order", order["id"]), ("problem", problem["id"]), ("case", case["id"])}
    assert mine <= listed
    assert listed.isdisjoint({("problem", settled["id"]), ("line", kept["id"])})
    answer = await handed_over(world, "hefei", "hefei.head")
    assert answer.status_code == 201, answer.text
    assert (answer.json()["giver_account"], answer.json()["receiver"]) == ("hefei", "hefei head")
    assert await own(world, "hefei", "hefei") == []
    assert listed <= {(thing["kind"], thing["id"]) for thing in await own(world, "hefei", "hefei head")}
    told = (await seen(world, "hefei", f"/orders/{order['id']}/entries"))["items"]
    assert "hefei" in {entry["actor"] for entry in told}
    back = await handed_over(world, "hefei head", "hefei")
    assert (back.status_code, await own(world, "hefei", "hefei head")) == (201, [])


async def test_what_is_filed_and_taken_over_is_a_persons_too(world: World) -> None:
    period, case = await opened(world), await brought(world, State.PUBLISHED)
    await period.done("hefei", "draft", percent=1, done="…")
    filing = (await period.done("swt", "part", text="…"))["id"]
    (await reply(world, "wuhu", case, "adoption", {"plan": "先试行"})).raise_for_status()
    for who in ("hefei", "swt"):
        assert ("filing", filing) in {(each["kind"], each["id"]) for each in await own(world, who, who)}
    taken_over = [each for each in await own(world, "wuhu", "wuhu") if each["within"] == case["id"]]
    assert [(each["kind"], each["title"]) for each in taken_over] == [("replication", case["title"])]


async def test_whom_an_office_knows(world: World) -> None:
    await named(world, "hefei head", await line_of(world), "王五")
    await seen(world, "hefei", "/lines")
    known = {each["name"]: each for each in (await seen(world, "hefei head", "/persons"))["items"]}
    assert known.keys() >= {"hefei", "hefei head", "王五"} and "wuhu" not in known
    assert (known["hefei head"]["account"], known["王五"]["account"]) == ("hefei.head", None)
    assert known["hefei"]["seen_on"] == today().isoformat()


@pytest.mark.parametrize(
    ("over", "status", "type_"),
    [
        ({"giver": "hefei"}, 422, "/problems/same-person"),
        ({"receiver": "giver"}, 422, "/problems/unknown-receiver"),
        ({"receiver": "wuhu"}, 422, "/problems/unknown-receiver"),
        ({"giver": "nobody"}, 422, "/problems/nothing-open"),
        ({"things": []}, 409, "/problems/list-changed"),
        ({"reason": " "}, 422, "/problems/invalid"),
    ],
)
async def test_what_does_not_hold_is_refused(world: World, over: Json, status: int, type_: str) -> None:
    giver = f"张三{uuid4()}"
    line = await line_of(world)
    await named(world, "hefei head", line, giver)
    given = {name: giver if value == "giver" else value for name, value in over.items()}
    answer = await handed_over(world, giver, "hefei", **given)
    assert (answer.status_code, answer.json()["type"]) == (status, type_)
    assert (await seen(world, "hefei", f"/lines/{line['id']}/person"))["person"] == giver


async def test_each_office_names_its_own_person_and_learns_of_no_other(world: World) -> None:
    line = await line_of(world)
    await named(world, "hefei head", line, "合肥人")
    await named(world, "swt head", line, "商务人")
    assert (await seen(world, "hefei", f"/lines/{line['id']}/person"))["person"] == "合肥人"
    assert (await seen(world, "swt", f"/lines/{line['id']}/person"))["person"] == "商务人"
    assert (await ask(world, "hefei", "PUT", f"/lines/{line['id']}/person", {"person": "…"}, 2)).status_code == 403
    stale = await ask(world, "hefei head", "PUT", f"/lines/{line['id']}/person", {"person": "…"}, 1)
    assert stale.status_code == 412
    for name, status in (("wuhu", 404), ("kjt", 404), ("province", 403), ("auditor", 403), ("integrator", 403)):
        async with world.client(name) as client:
            assert (await client.get(f"/lines/{line['id']}/person")).status_code == status
    for scope, tenant, unit, rows in (
        ("tenant", "hefei", "", 1),
        ("unit", "", "swt", 1),
        ("tenant", "wuhu", "", 0),
        ("audit", "", "", 0),
    ):
        change = "UPDATE line_person SET version = version WHERE line_id = $1"
        assert await _as(world, scope, tenant, unit, change, line["id"]) == f"UPDATE {rows}"


async def test_who_sees_a_handover(world: World) -> None:
    giver, line = f"张三{uuid4()}", await line_of(world)
    await named(world, "hefei head", line, giver)
    made = (await handed_over(world, giver, "hefei.head")).json()
    for name, status in (("hefei", 200), ("province", 200), ("auditor", 200), ("wuhu", 404), ("swt", 404)):
        async with world.client(name) as client:
            assert (await client.get(f"/handovers/{made['id']}")).status_code == status
            listed = {each["id"] for each in (await client.get("/handovers", params={"limit": 200})).json()["items"]}
            assert (made["id"] in listed) == (status == 200)
    given = {"giver": giver, "receiver": "hefei", "reason": "…", "things": []}
    for name in ("hefei", "swt", "province", "auditor", "nobody"):
        assert (await ask(world, name, "POST", "/handovers", given)).status_code == 403
    assert await _as(world, "tenant", "hefei", "", "DELETE FROM handover WHERE id = $1", made["id"]) == "refused"
