"""A reporting period: what it asks of whom, what its opener sees beforehand, and who is reminded when."""

import asyncio
import json
from collections.abc import Iterable
from datetime import timedelta

from chassis.clock import today
from progress.periods import reminding
from progress.periods.schemas import PeriodPage
from services.progress.tests.steps import issued, raised
from services.progress.tests.test_filings import SAID, Json, given, opened
from services.progress.tests.worlds import World


async def test_opening_asks_each_line_once_of_the_office_that_writes(world: World) -> None:
    case = await opened(world)
    assert (case.period["counts"]["expected"], len(case.period["cells"])) == (3, 3)
    assert await case.counts() == {"expected": 3, "received": 0, "on_time": 0, "approved": 0}
    for jurisdiction, office in (("hefei", "zone:hefei"), ("wuhu", "zone:wuhu"), ("province", "unit:swt")):
        filing = await case.filing(jurisdiction)
        assert (filing["office"], filing["state"], filing["percent"]) == (office, "open", 0)
    assert (await case.counts("hefei"))["expected"] == 1
    assert (await case.counts("swt"))["expected"] == 1
    async with world.client("province") as client:
        page = PeriodPage.model_validate_json((await client.get("/periods")).content)
        assert str(page.items[0].id) == case.period["id"]
    async with world.client("kjt") as client:
        assert (await client.get(f"/periods/{case.period['id']}")).status_code == 404


async def test_a_preview_tells_what_offices_owe_and_saves_nothing(world: World) -> None:
    case = await opened(world)
    plan = case.period["plans"][0]
    body = {name: value for name, value in given(plan).items() if name not in ("kind", "title")}
    milestones = [{"title": title, "weight": 1, "due": body["due"]} for title in ("征求意见", "印发")]
    await world.act("hefei", case.lines["hefei"], "schedule", deadline=body["due"], milestones=milestones)
    await issued(world, deadline=body["due"])
    await raised(world, "wuhu", addressee="zone:hefei", answer_due=body["due"])
    async with world.client("province") as client:
        found = (await client.post("/period-preview", json=body)).raise_for_status().json()
        assert (found["expected"], found["short"]) == (3, False)
        hefei = next(each for each in found["offices"] if each["office"] == "zone:hefei")
        assert min(hefei["also_due"], hefei["orders"], hefei["problems"]) >= 1
        assert hefei["milestones"] >= 2
        tight = body | dict.fromkeys(("due", "grace", "locks"), str(today()))
        assert (await client.post("/period-preview", json=tight)).json()["short"]
        refused = await client.post("/periods", json=given(plan) | tight)
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/notice-too-short")
        assert (await client.post("/periods", json=given(plan) | tight | {"reason": "急"})).status_code == 201
        unknown = await client.post("/periods", json=given(plan) | {"plans": [plan, "no-plan"]})
        assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/body/plans")
        nothing = await client.post("/periods", json=given("no-plan"))
        assert (nothing.status_code, nothing.json()["type"]) == (422, "/problems/nothing-to-file")
    async with world.client("hefei") as client:
        assert (await client.post("/periods", json=given(plan))).status_code == 403


async def test_a_suspended_line_owes_nothing_unless_it_files_after_all(world: World) -> None:
    case = await opened(world)
    await world.act("province", case.lines["hefei"], "suspension", reason="规划调整")
    assert (await case.counts())["expected"] == 2
    assert (await case.filing())["hold"] == "suspended"
    await world.act("province", case.lines["hefei"], "resumption")
    await case.file()
    assert (await case.counts())["expected"] == 3


async def test_offices_are_reminded_once_before_and_once_after(world: World) -> None:
    case = await opened(world)
    await case.file()
    for ahead in (0, 14, 14, 17, 18):
        async with world.database.session() as session:
            await reminding.remind(session, today() + timedelta(ahead))
    async with world.server() as server:
        rows = await server.fetch(
            "SELECT type, tenant, data FROM outbox WHERE data LIKE $1 AND type LIKE '%.period.%' ORDER BY position",
            f"%{case.period['id']}%",
        )
    told = [(row["type"].split(".")[3], row["tenant"]) for row in rows]
    places = ["hefei", "province", "wuhu"]
    assert [place for what, place in told if what == "opened"] == places
    assert [place for what, place in told if what == "due_soon"] == places[1:]
    assert [place for what, place in told if what == "overdue"] == places[1:]
    assert json.loads(rows[0]["data"])["offices"] == [{"office": "zone:hefei", "filings": 1}]


async def told(world: World, things: Iterable[str], *types: str) -> list[Json]:
    """What events of these types said of these things, in their order."""
    async with world.server() as server:
        rows = await server.fetch(
            "SELECT data FROM outbox WHERE subject = ANY($1) AND split_part(type, '.', 4) = ANY($2) ORDER BY position",
            list(things),
            list(types),
        )
    return [json.loads(row["data"]) for row in rows]


async def overdue(world: World) -> None:
    async with world.database.session() as session:
        await reminding.remind(session, today() + timedelta(18))


async def test_an_office_whose_last_filing_is_excused_owes_nothing_any_more(world: World) -> None:
    case = await opened(world)
    hefei, wuhu = (case.lines[place]["id"] for place in ("hefei", "wuhu"))
    await world.act("province", case.lines["hefei"], "suspension", reason="规划调整")
    assert [each["quit"] for each in await told(world, [hefei], "suspended")] == [[]]
    await overdue(world)
    await world.act("province", case.lines["wuhu"], "suspension", reason="规划调整")
    quit_ = [{"period": case.period["id"], "office": "zone:wuhu"}]
    assert [each["quit"] for each in await told(world, [wuhu], "suspended")] == [quit_]


async def two_of_one_office(world: World) -> tuple[Json, list[Json]]:
    """Of a period that asks Hefei for two filings, both with its head; told as overdue."""
    case = await opened(world)
    await world.publish(["hfs"], plan=case.plan)
    async with world.client("province") as client:
        period = (await client.post("/periods", json=given(case.plan["code"]))).raise_for_status().json()
        params = {"period": period["id"], "office": "zone:hefei"}
        found = (await client.get("/filings", params=params)).raise_for_status().json()["items"]
    async with world.client("hefei") as client:
        for each in found:
            path, headers = f"/filings/{each['id']}", {"If-Match": f'"{each["version"]}"'}
            saved = (await client.put(f"{path}/draft", json=SAID, headers=headers)).raise_for_status()
            await client.post(f"{path}/submission", json={}, headers={"If-Match": saved.headers["ETag"]})
        filings = [(await client.get(f"/filings/{each['id']}")).json() for each in found]
    await overdue(world)
    return period, filings


async def check(world: World, filing: Json) -> None:
    async with world.client("hefei head") as client:
        headers = {"If-Match": f'"{filing["version"]}"'}
        (await client.post(f"/filings/{filing['id']}/check", json={}, headers=headers)).raise_for_status()


async def test_of_two_last_filings_that_come_at_once_one_is_the_last(world: World) -> None:
    _, filings = await two_of_one_office(world)
    await asyncio.gather(*(check(world, filing) for filing in filings))
    assert [each["owed"] for each in await told(world, [filing["id"] for filing in filings], "checked")] == [1, 0]


async def test_of_a_filing_that_comes_and_one_that_is_excused_at_once_one_is_the_last(world: World) -> None:
    period, (coming, excused) = await two_of_one_office(world)
    suspending = world.act("province", excused["line"], "suspension", reason="规划调整")
    await asyncio.gather(check(world, coming), suspending)
    (checked,) = await told(world, [coming["id"]], "checked")
    (suspended,) = await told(world, [excused["line"]["id"]], "suspended")
    last = {"period": period["id"], "office": "zone:hefei"} in suspended["quit"]
    assert [checked["owed"] == 0, last].count(True) >= 1


async def test_each_step_of_a_filing_tells_how_many_its_office_still_owes(world: World) -> None:
    case = await opened(world)
    await case.file()
    async with world.server() as server:
        rows = await server.fetch(
            "SELECT type, data FROM outbox WHERE subject = $1 ORDER BY position", (await case.filing())["id"]
        )
    owed = [(row["type"].split(".")[3], json.loads(row["data"])["owed"]) for row in rows]
    assert owed == [("submitted", 1), ("checked", 0), ("accepted", 0)]
