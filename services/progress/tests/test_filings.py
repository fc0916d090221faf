"""A period from its opening to what is approved, by the API on a database of its own."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any
from unittest.mock import patch

import httpx
import pytest

from chassis import clock
from chassis.clock import today
from progress.filings.schemas import FilingOut, FilingPage
from progress.periods.schemas import PeriodOut
from services.progress.tests.worlds import World

UNITS = ["swt", "hfhg", "hfs", "whs"]
PLANS = count(700)
Json = dict[str, Any]
SAID: Json = {"percent": 20, "done": "已完成方案", "next_steps": "组织实施"}
STEPS = ("submission", "check", "acceptance")


class Opened:
    """A period of a plan of its own with one task: a line of Hefei, Wuhu and the province each."""

    def __init__(self, world: World, period: Json, lines: Mapping[str, Json]) -> None:
        self.world, self.period, self.lines = world, period, lines
        self.plan = next(iter(lines.values()))["task"]["plan"]

    async def filing(self, jurisdiction: str = "hefei", name: str = "province") -> Json:
        async with self.world.client(name) as client:
            params = {"period": self.period["id"], "jurisdiction": jurisdiction}
            (item,) = (await client.get("/filings", params=params)).raise_for_status().json()["items"]
            return dict((await client.get(f"/filings/{item['id']}")).raise_for_status().json())

    async def act(self, name: str, what: str, jurisdiction: str = "hefei", **body: Any) -> httpx.Response:
        now = await self.filing(jurisdiction)
        async with self.world.client(name) as client:
            method = "PUT" if what in ("draft", "part") else "POST"
            headers = {"If-Match": f'"{now["version"]}"'}
            return await client.request(method, f"/filings/{now['id']}/{what}", json=body, headers=headers)

    async def done(self, name: str, what: str, jurisdiction: str = "hefei", **body: Any) -> Json:
        answer = await self.act(name, what, jurisdiction, **body)
        assert answer.status_code == 200, answer.text
        return dict(FilingOut.model_validate_json(answer.content).model_dump(mode="json"))

    async def file(self, **said: Any) -> Json:
        """Brings Hefei's filing to the province's acceptance."""
        await self.done("hefei", "draft", **SAID | said)
        await self.done("hefei", "submission")
        await self.done("hefei head", "check")
        return await self.done("province", "acceptance")

    async def counts(self, name: str = "province") -> Json:
        async with self.world.client(name) as client:
            found = (await client.get(f"/periods/{self.period['id']}")).raise_for_status()
        return PeriodOut.model_validate_json(found.content).counts.model_dump()


def given(plan: str, **over: Any) -> Json:
    days = {"starts": 60, "ends": 1, "due": -14, "grace": -16, "locks": -30}
    dates = {name: str(today() - timedelta(ago)) for name, ago in days.items()}
    return {"kind": "quarter", "title": "三季度报告", "plans": [plan], **dates} | over


async def opened(world: World, **over: Any) -> Opened:
    number = next(PLANS)
    plan: Json = {"code": f"p{number}", "number": number, "name": f"计划{number}", "kind": "additional"}
    task = await world.publish(UNITS, plan=plan)
    async with world.client("province") as client:
        answer = await client.post("/periods", json=given(plan["code"], **over))
    assert answer.status_code == 201, answer.text
    lines = {line["jurisdiction"]: line for line in await world.lines("province", task=task["code"])}
    return Opened(world, answer.json(), lines)


def on(world: World, day: date) -> Any:
    """Asks on another day."""
    return patch.dict(world.app.dependency_overrides, {clock.day_of_request: lambda: day})


async def test_a_filing_goes_its_way_and_the_line_follows_what_is_approved(world: World) -> None:
    case = await opened(world)
    accepted = await case.file()
    assert accepted["differences"] == [{"field": "line_percent", "before": 0, "after": 20}]
    assert (await world.lines("province", task=case.lines["hefei"]["task"]["code"]))[0]["percent"] == 0
    approved = await case.done("province", "approval", confidence="medium", remark="进展属实")
    assert (approved["state"], approved["approved"], approved["line"]["percent"]) == ("approved", 1, 20)
    (version,) = approved["versions"]
    assert (version["percent"], version["done"], version["confidence"]) == (20, "已完成方案", "medium")
    assert [step["action"] for step in approved["steps"]] == ["submit", "check", "accept", "approve"]
    assert await case.counts() == {"expected": 3, "received": 1, "on_time": 1, "approved": 1}
    line = await world.line({"code": case.lines["hefei"]["task"]["code"]}, "hefei")
    report = line["latest_report"]
    assert (line["percent"], line["state"], report["status"], report["done"], report["submitted_by"]) == (
        20,
        "in_progress",
        "confirmed",
        "已完成方案",
        "hefei",
    )


async def test_the_next_period_arrives_filled_with_what_was_approved(world: World) -> None:
    case = await opened(world)
    await case.file()
    await case.done("province", "approval", confidence="high")
    async with world.client("province") as client:
        again = (await client.post("/periods", json=given(case.period["plans"][0], title="四季度"))).json()
    following = Opened(world, again, case.lines)
    filing = await following.filing(name="hefei")
    assert (filing["percent"], filing["done"], filing["last"]["done"]) == (20, "已完成方案", "已完成方案")
    kept = await following.done("hefei", "draft", percent=90, done="不同", unchanged=True)
    assert (kept["percent"], kept["done"], kept["unchanged"]) == (20, "已完成方案", True)


@pytest.mark.parametrize(
    ("name", "what", "status"),
    [
        ("hefei", "draft", 200),
        ("hefei head", "draft", 200),
        ("wuhu", "draft", 404),
        ("province", "draft", 403),
        ("auditor", "draft", 403),
        ("swt", "draft", 403),
        ("swt", "part", 200),
        ("hfhg", "part", 200),
        ("hefei", "part", 403),
        ("kjt", "part", 404),
        ("hefei", "check", 403),
        ("swt head", "check", 403),
        ("hefei head", "check", 409),
        ("province", "acceptance", 409),
        ("hefei", "acceptance", 403),
        ("hefei head", "approval", 403),
        ("hefei", "reopening", 403),
    ],
)
async def test_who_may_do_what_with_a_filing_to_be_written(world: World, name: str, what: str, status: int) -> None:
    case = await opened(world)
    bodies: Json = {
        "draft": SAID,
        "part": {"text": "…"},
        "approval": {"confidence": "low"},
        "reopening": {"reason": "…", "until": str(today())},
    }
    assert (await case.act(name, what, **bodies.get(what, {}))).status_code == status


async def test_steps_are_undone_in_reverse_order_only(world: World) -> None:
    case = await opened(world)
    await case.file()
    assert (await case.act("hefei head", "check-undoing")).status_code == 409
    await case.done("province", "acceptance-undoing")
    assert (await case.act("hefei", "withdrawal")).status_code == 409
    assert (await case.counts())["received"] == 1
    await case.done("hefei head", "check-undoing")
    assert (await case.counts())["received"] == 0
    assert (await case.done("hefei", "withdrawal"))["state"] == "open"


async def test_a_returned_filing_has_remarks_at_its_fields_and_stays_in_time(world: World) -> None:
    case = await opened(world)
    await case.file()
    remarks = [{"field": "done", "text": "请写明数量"}]
    returned = await case.done("province", "return", remark="请补充", remarks=remarks)
    assert (returned["state"], returned["remarks"]) == ("returned", remarks)
    with on(world, today() + timedelta(20)):
        await case.done("hefei", "draft", **SAID | {"done": "已完成方案 3 份"})
        again = await case.done("hefei", "submission")
        assert again["remarks"] == []
        checked = await case.done("hefei head", "check")
    assert (checked["received_on"], checked["on_time"]) == (str(today()), True)


async def test_late_stays_late_and_a_lock_is_lifted_for_one_line_until_a_day(world: World) -> None:
    case = await opened(world)
    late, after = today() + timedelta(17), today() + timedelta(31)
    with on(world, late):
        await case.file()
        await case.done("province", "approval", confidence="high")
    assert await case.counts() == {"expected": 3, "received": 1, "on_time": 0, "approved": 1}
    with on(world, after):
        locked = await case.filing("wuhu", "wuhu")
        assert (locked["hold"], locked["actions"]) == ("locked", [])
        refused = await case.act("wuhu", "draft", "wuhu", **SAID)
        assert refused.status_code == 409
        assert "已锁定" in refused.json()["detail"]
        past = await case.act("province", "reopening", "wuhu", reason="系统故障", until=str(today()))
        assert (past.status_code, past.json()["type"]) == (422, "/problems/reopening-past")
        await case.done("province", "reopening", "wuhu", reason="系统故障", until=str(after + timedelta(2)))
        await case.done("wuhu", "draft", "wuhu", **SAID)
    with on(world, after + timedelta(3)):
        assert (await case.act("wuhu", "draft", "wuhu", **SAID)).status_code == 409


async def test_a_correction_is_a_new_version_with_its_reason_and_what_it_changes(world: World) -> None:
    case = await opened(world)
    await case.file()
    await case.done("province", "approval", confidence="high")
    until = str(today() + timedelta(3))
    reopened = await case.done("province", "reopening", reason="数据有误", until=until)
    assert (reopened["state"], reopened["approved"]) == ("open", 1)
    assert (await case.counts())["approved"] == 1
    changed = await case.done("hefei", "draft", **SAID | {"percent": 15})
    assert changed["differences"] == [
        {"field": "percent", "before": 20, "after": 15},
        {"field": "line_percent", "before": 20, "after": 15},
    ]
    asked = await case.done("hefei", "submission")
    assert asked["queries"] == []
    await case.done("hefei head", "check")
    await case.done("province", "acceptance")
    approved = await case.done("province", "approval", confidence="high")
    assert [(each["number"], each["percent"], each["reason"]) for each in approved["versions"]] == [
        (1, 20, ""),
        (2, 15, "数据有误"),
    ]
    assert approved["line"]["percent"] == 15
    assert await case.counts() == {"expected": 3, "received": 1, "on_time": 1, "approved": 1}


async def test_what_is_doubtful_is_asked_and_must_be_answered_before_approval(world: World) -> None:
    case = await opened(world)
    await world.act("hefei", case.lines["hefei"], "reports", percent=50, done="已完成方案")
    await world.act("province", case.lines["hefei"], "latest/confirmation")
    filing = await case.file(percent=10)
    assert {query["kind"] for query in filing["queries"]} == {"percent_falls", "same_text"}
    assert filing["unanswered"] == 2
    assert (await case.filing(name="hefei"))["actions"] == ["answer"]
    refused = await case.act("province", "approval", confidence="low")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/queries-unanswered")
    for query in filing["queries"]:
        path = f"queries/{query['id']}/answer"
        assert (await case.act("wuhu", path, answer="…")).status_code == 404
        answered = await case.done("hefei", path, answer="上期多报")
        assert (await case.act("hefei", path, answer="再答")).status_code == 409
    assert (answered["unanswered"], answered["actions"]) == (0, [])
    approved = await case.done("province", "approval", confidence="low")
    assert approved["line"]["percent"] == 10


async def test_what_is_asked_names_the_numbers_that_are_filed(world: World) -> None:
    case = await opened(world)
    await case.done("hefei", "draft", **SAID | {"percent": 45})
    asked = await case.done("hefei", "submission")
    await case.done("hefei", f"queries/{asked['queries'][0]['id']}/answer", answer="已附函件")
    for percent in (90, 60):
        await case.done("hefei", "withdrawal")
        await case.done("hefei", "draft", **SAID | {"percent": percent})
        asked = await case.done("hefei", "submission")
    assert [(each["status"], each["question"][:10]) for each in asked["queries"]] == [
        ("answered", "完成比例上升 45 "),
        ("lapsed", "完成比例上升 90 "),
        ("open", "完成比例上升 60 "),
    ]


async def test_a_draft_is_its_offices_own_until_it_is_sent(world: World) -> None:
    case = await opened(world)
    await case.done("hefei", "draft", **SAID)
    assert (await case.filing(name="hefei head"))["done"] == "已完成方案"
    for name in ("province", "swt", "hfhg", "auditor"):
        seen = await case.filing(name=name)
        assert (seen["percent"], seen["done"], seen["next_steps"], seen["differences"]) == (0, "", "", []), name
    await case.done("hefei", "submission")
    assert (await case.filing())["done"] == ""
    await case.done("hefei head", "check")
    assert (await case.filing())["done"] == "已完成方案"


async def test_members_give_their_part_to_the_one_who_files(world: World) -> None:
    case = await opened(world)
    await case.done("swt", "part", text="省级已出台政策")
    given = await case.done("swt", "part", text="省级已出台政策两项")
    assert [(part["unit_name"], part["text"]) for part in given["parts"]] == [("省商务厅", "省级已出台政策两项")]
    assert (await case.filing(name="hefei"))["parts"][0]["unit"] == "swt"
    assert (await case.counts())["expected"] == 3


async def test_bulk_gives_each_its_own_result(world: World) -> None:
    case = await opened(world)
    for name, place in (("hefei", "hefei"), ("wuhu", "wuhu")):
        await case.done(name, "draft", place, **SAID)
    ours, theirs = await case.filing("hefei"), await case.filing("wuhu")
    chosen = [{"id": each["id"], "version": each["version"]} for each in (ours, theirs)]
    body = {"action": "submit", "filings": [*chosen, chosen[0]]}
    async with world.client("hefei head") as client:
        results = (await client.post("/filing-steps", json=body)).raise_for_status().json()["results"]
        assert [each["problem"] is None for each in results] == [True, False, False]
        assert (results[0]["state"], results[1]["state"]) == ("submitted", None)
        sent = [{"id": results[0]["id"], "version": results[0]["version"]}]
    async with world.client("province") as client:
        refused = await client.post("/filing-steps", json={"action": "approve", "filings": chosen})
        assert refused.status_code == 422
        results = (await client.post("/filing-steps", json={"action": "accept", "filings": chosen})).json()["results"]
        assert all(each["problem"] for each in results)
    async with world.client("hefei head") as client:
        back = {"action": "send_back", "filings": sent}
        refused = await client.post("/filing-steps", json=back)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/body/remark")
        (result,) = (await client.post("/filing-steps", json=back | {"remark": "请补充"})).json()["results"]
        assert (result["state"], result["problem"]) == ("returned", None)


async def test_two_periods_of_a_line_are_approved_together_one_after_the_other(world: World) -> None:
    first = await opened(world)
    async with world.client("province") as client:
        later = (await client.post("/periods", json=given(first.period["plans"][0]))).raise_for_status().json()
        accepted = [
            await case.file(percent=percent) for case, percent in ((first, 20), (Opened(world, later, first.lines), 25))
        ]
        chosen = [{"id": each["id"], "version": each["version"]} for each in accepted]
        body = {"action": "approve", "confidence": "high", "filings": chosen}
        results = (await client.post("/filing-steps", json=body)).raise_for_status().json()["results"]
        assert [(each["state"], each["problem"]) for each in results] == [("approved", None)] * 2
        line = first.lines["hefei"]["id"]
        reports = (await client.get(f"/lines/{line}/reports")).json()["items"]
        assert [(each["number"], each["percent"]) for each in reports] == [(2, 25), (1, 20)]
        assert (await client.get(f"/lines/{line}")).json()["percent"] == 25


async def test_lists_narrow_and_page(world: World) -> None:
    case = await opened(world)
    async with world.client("hefei") as client:
        mine = FilingPage.model_validate_json((await client.get("/filings", params={"waiting": True})).content)
        assert case.period["id"] in {str(item.period_id) for item in mine.items}
        assert {item.office for item in mine.items} == {"zone:hefei"}
    async with world.client("province") as client:
        params: Json = {"period": case.period["id"], "limit": 2}
        first = (await client.get("/filings", params=params)).json()
        rest = (await client.get("/filings", params=params | {"cursor": first["next"]})).json()
        assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
        for name, value, number in (
            ("office", "unit:swt", 1),
            ("state", "open", 3),
            ("disagrees", True, 0),
            ("queried", True, 0),
            ("waiting", True, 0),
            ("plan", case.period["plans"][0], 3),
            ("line", case.lines["wuhu"]["id"], 1),
        ):
            found = (await client.get("/filings", params={"period": case.period["id"], name: value})).json()["items"]
            assert len(found) == number, name
