"""Lines as the API shows and changes them, from their opening by an event to their withdrawal and return."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from chassis import pages
from progress.lines.rules import State
from progress.lines.schemas import HistoryPage, LineOut, LinePage
from progress.reports.schemas import ReportOut, ReportPage
from services.progress.tests.worlds import World

UNITS = ["swt", "hfhg", "hfs", "whs"]
DONE = {"percent": 100, "done": "全部完成", "finished": True}


def names(history: dict[str, Any]) -> list[str]:
    return [entry["what"] for entry in history["items"]]


async def story(world: World, line: dict[str, Any], name: str = "province") -> dict[str, Any]:
    async with world.client(name) as client:
        answer = await client.get(f"/lines/{line['id']}/history")
    return HistoryPage.model_validate_json(answer.content).model_dump(mode="json")


async def test_a_task_opens_lines_with_their_units(world: World) -> None:
    task = await world.publish(UNITS)
    lines = {line["jurisdiction"]: line for line in await world.lines("province", task=task["code"])}
    assert {name: [unit["code"] for unit in line["units"]] for name, line in lines.items()} == {
        "hefei": ["swt", "hfhg", "hfs"],
        "wuhu": ["swt", "hfhg", "whs"],
        "province": ["swt", "hfhg"],
    }
    assert lines["hefei"]["units"][0] == {"code": "swt", "name": "省商务厅", "role": "lead"}
    assert lines["hefei"]["jurisdiction_name"] == "合肥市片区"
    assert lines["province"]["task"]["plan"]["code"] == task["plan"]["code"]
    assert names(await story(world, lines["wuhu"])) == ["opened"]


async def test_the_bytes_are_what_the_schemas_say(world: World) -> None:
    line = await world.line(await world.publish(UNITS, due="2030-06-30"), "hefei")
    submitted = await world.act("hefei", line, "reports", percent=30, done="已启动")
    assert submitted.status_code == 201
    reviewed = await world.act("swt", line, "latest/review", opinion="agree", remark="属实")
    ReportOut.model_validate_json(submitted.content)
    assert ReportOut.model_validate_json(reviewed.content).review is not None
    async with world.client("province") as client:
        one = await client.get(f"/lines/{line['id']}")
        assert LineOut.model_validate_json(one.content).latest_report is not None
        ReportPage.model_validate_json((await client.get(f"/lines/{line['id']}/reports")).content)
        LinePage.model_validate_json((await client.get("/lines", params={"limit": 200})).content)


async def test_a_report_goes_its_way(world: World) -> None:
    line = await world.line(await world.publish(UNITS), "hefei")
    await world.act("hefei", line, "reports", percent=40, done="完成招标", problems="资金", next_steps="施工")
    assert (await world.act("province", line, "latest/confirmation", remark="好")).json()["status"] == "confirmed"
    done = await world.act("hefei", line, "reports", **DONE)
    assert done.headers["etag"] == '"4"'
    submitted = await world.line({"code": line["task"]["code"]}, "hefei")
    assert (submitted["state"], submitted["percent"]) == ("submitted", 100)
    await world.act("province", line, "latest/return", reason="缺少佐证")
    fallen = await world.line({"code": line["task"]["code"]}, "hefei")
    assert (fallen["state"], fallen["percent"]) == ("in_progress", 40)
    assert fallen["latest_report"]["reason"] == "缺少佐证"
    await world.act("hefei", line, "reports", **DONE)
    await world.act("province", line, "latest/confirmation")
    confirmed = await world.line({"code": line["task"]["code"]}, "hefei")
    assert (confirmed["state"], confirmed["light"], confirmed["actions"]) == ("confirmed", "blue", [])
    told = await story(world, line, "hefei")
    decisions = ["report_confirmed", "report_submitted", "report_returned", "report_submitted", "report_confirmed"]
    assert names(told) == ["opened", "report_submitted", *decisions]
    assert told["items"][4]["reason"] == "缺少佐证"
    assert told["items"][4]["changes"][:2] == [
        {"field": "state", "before": "submitted", "after": "in_progress"},
        {"field": "percent", "before": 100, "after": 40},
    ]


async def test_a_later_report_replaces_an_undecided_one(world: World) -> None:
    line = await world.line(await world.publish(UNITS), "wuhu")
    first = (await world.act("wuhu", line, "reports", percent=10, done="一")).json()
    await world.act("wuhu", line, "reports", percent=20, done="二")
    async with world.client("wuhu") as client:
        reports = (await client.get(f"/lines/{line['id']}/reports")).json()["items"]
    assert [(report["number"], report["status"]) for report in reports] == [(2, "submitted"), (1, "replaced")]
    assert (await world.act("province", line, f"reports/{first['id']}/confirmation")).status_code == 409


async def test_a_report_that_was_returned_or_replaced_leaves_no_trace_in_the_line(world: World) -> None:
    line, stands = await world.line(await world.publish(UNITS), "hefei"), 0
    fates = ("return", "confirmation", "return", None, "return", "confirmation", None, None, "return", "return")
    for percent, fate in enumerate(fates, 1):
        await world.act("hefei", line, "reports", percent=percent, done="…")
        if fate:
            said = {"reason": "…"} if fate == "return" else {}
            assert (await world.act("province", line, f"latest/{fate}", **said)).status_code == 201
        stands = percent if fate == "confirmation" else stands
        now = await world.line({"code": line["task"]["code"]}, "hefei")
        assert now["percent"] == (stands if fate == "return" else percent)
        assert now["state"] == ("in_progress" if now["percent"] else "not_started")


async def test_a_suspended_line_rests_and_resumes_where_it_stood(world: World) -> None:
    line = await world.line(await world.publish(UNITS), "hefei")
    await world.act("hefei", line, "reports", percent=55, done="过半")
    suspended = (await world.act("province", line, "suspension", reason="规划调整")).json()
    assert (suspended["state"], suspended["percent"], suspended["actions"]) == ("suspended", 55, ["resume"])
    assert (await world.act("hefei", line, "reports", percent=60, done="…")).status_code == 409
    assert (await world.act("province", line, "latest/confirmation")).status_code == 409
    resumed = (await world.act("province", line, "resumption")).json()
    assert (resumed["state"], resumed["percent"]) == ("in_progress", 55)


async def test_the_department_leads_in_its_own_way(world: World) -> None:
    task = await world.publish(UNITS)
    zone, own = await world.line(task, "hefei"), await world.line(task, "province")
    assert (await world.act("swt", own, "reports", percent=5, done="部署")).status_code == 201
    assert (await world.act("swt", own, "latest/review", opinion="agree")).status_code == 409
    assert (await world.act("hfhg", own, "reports", percent=5, done="部署")).status_code == 403
    assert (await world.act("swt", zone, "reports", percent=5, done="部署")).status_code == 403
    await world.act("hefei", zone, "reports", percent=5, done="部署")
    assert (await world.act("hfhg", zone, "latest/review", opinion="object")).status_code == 403
    assert (await world.act("swt", zone, "latest/review", opinion="object", remark="数字不实")).status_code == 201


async def test_of_reports_at_once_one_wins(world: World) -> None:
    line = await world.line(await world.publish(UNITS), "hefei")
    async with world.client("hefei") as client:
        posts = [
            client.post(f"/lines/{line['id']}/reports", json={"percent": n, "done": "…"}, headers={"If-Match": '"1"'})
            for n in range(6)
        ]
        assert sorted(answer.status_code for answer in await asyncio.gather(*posts)) == [201] + [412] * 5


async def test_a_repeated_request_does_nothing_twice(world: World) -> None:
    line = await world.line(await world.publish(UNITS), "hefei")
    headers = {"If-Match": '"1"', "Idempotency-Key": line["id"]}
    async with world.client("hefei") as client:
        path, body = f"/lines/{line['id']}/reports", {"percent": 1, "done": "…"}
        answers = [await client.post(path, json=body, headers=headers) for _ in range(3)]
        assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
        assert len((await client.get(path)).json()["items"]) == 1


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"percent": 101, "done": "…"}, 422, "/body/percent"),
        ({"percent": 99, "done": "…", "finished": True}, 422, "/body/percent"),
        ({"percent": True, "done": "…"}, 422, "/body/percent"),
        ({"percent": 1}, 422, "/body/done"),
        ({"percent": 1, "done": " "}, 422, "/body/done"),
        ({"percent": 1, "done": "a\x00b"}, 422, "/body/done"),
        ({"percent": 1, "done": "…", "state": "confirmed"}, 422, "/body/state"),
    ],
)
async def test_bad_reports_are_refused_by_field(world: World, body: dict[str, Any], status: int, pointer: str) -> None:
    line = await world.line(await world.publish(UNITS), "hefei")
    answer = await world.act("hefei", line, "reports", **body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer)
    assert (await world.line({"code": line["task"]["code"]}, "hefei"))["version"] == 1


async def test_a_change_needs_the_version_that_it_changes(world: World) -> None:
    line = await world.line(await world.publish(UNITS), "hefei")
    async with world.client("hefei") as client:
        path, body = f"/lines/{line['id']}/reports", {"percent": 1, "done": "…"}
        assert (await client.post(path, json=body)).status_code == 428
        assert (await client.post(path, json=body, headers={"If-Match": '"9"'})).status_code == 412


async def test_a_changed_edition_updates_opens_and_withdraws_and_loses_no_history(world: World) -> None:
    task = await world.publish(["swt", "hfs"])
    line = await world.line(task, "hefei")
    await world.act("hefei", line, "reports", percent=70, done="…")
    other = world.task(["kjt", "whs"])
    changed = task | {"responsibilities": other["responsibilities"], "zones": ["wuhu"], "edition": 2, "title": "新题"}
    await world.feed(("task.published", 2, changed))
    assert {entry["jurisdiction"] for entry in await world.lines("province", task=task["code"])} == {"wuhu", "province"}
    async with world.client("hefei") as client:
        gone = (await client.get(f"/lines/{line['id']}")).json()
    assert (gone["withdrawn"], gone["actions"], gone["percent"]) == (True, [], 70)
    assert (await world.act("hefei", line, "reports", percent=71, done="…")).status_code == 409
    assert names(await story(world, await world.line(task, "province"))) == ["opened", "updated"]
    await world.feed(("task.withdrawn", 3, changed), ("task.published", 2, changed))
    assert await world.lines("province", task=task["code"]) == []
    await world.feed(("task.published", 4, task | {"edition": 4}))
    back = await world.line(task, "hefei")
    assert (back["id"], back["percent"], back["state"]) == (line["id"], 70, "in_progress")
    assert names(await story(world, back)) == ["opened", "report_submitted", "withdrawn", "reopened"]


async def test_an_event_that_comes_again_or_late_changes_nothing(world: World) -> None:
    task = await world.publish(UNITS)
    await world.feed(("task.published", 3, task | {"title": "第三版"}))
    before = await world.lines("province", task=task["code"])
    await world.feed(("task.published", 3, task | {"title": "第三版"}), ("task.published", 2, task | {"zones": []}))
    assert await world.lines("province", task=task["code"]) == before


async def test_filters_find_by_code_name_and_alias(world: World) -> None:
    task = await world.publish(["kjt", "bbs"], title="单一窗口建设")
    for unit in ("kjt", "省科技厅", "省科技厅（简称）"):
        found = await world.lines("province", unit=unit, task=task["code"])
        assert {line["jurisdiction"] for line in found} == {"bengbu", "province"}
    assert {line["task"]["code"] for line in await world.lines("auditor", q="单一窗口")} == {task["code"]}
    for nothing in ({"unit": "x"}, {"plan": "99"}, {"state": "x"}, {"light": "x"}, {"jurisdiction": "x"}, {"q": "%"}):
        assert await world.lines("province", **nothing) == []


KEYS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "due": lambda line: line["due"] or "9999",
    "state": lambda line: list(State).index(line["state"]),
    "percent": lambda line: line["percent"],
    "unit": lambda line: line["units"][0]["code"],
    "reported": lambda line: (line["latest_report"] or {"submitted_at": ""})["submitted_at"],
}


def place(line: dict[str, Any]) -> tuple[Any, ...]:
    return line["task"]["plan"]["number"], line["task"]["number"], line["jurisdiction"]


async def test_pages_are_sorted_and_complete(world: World) -> None:
    mark = uuid4().hex
    for units, due in (("swt", "2030-01-31"), ("hfhg", None), ("fgw", "2029-06-30")):
        await world.publish([units, "hfs", "whs"], due=due, text=mark)
    first, second, third, *_ = await world.lines("province", q=mark, jurisdiction="hefei")
    await world.act("hefei", third, "reports", percent=70, done="…")
    await world.act("hefei", first, "reports", **DONE)
    await world.act("province", second, "suspension", reason="…")
    lines = await world.lines("province", q=mark)
    assert len({line["state"] for line in lines}) == 4
    for name, key in KEYS.items():
        expected = [line["id"] for line in sorted(lines, key=lambda line: (key(line), place(line)))]
        assert [line["id"] for line in await world.lines("province", q=mark, limit="2", sort=name)] == expected, name
        backwards = await world.lines("province", q=mark, limit="4", sort=f"-{name}")
        assert [line["id"] for line in backwards] == expected[::-1], name


@pytest.mark.parametrize(
    ("sort", "cursor", "pointer"),
    [
        ("title", None, "/query/sort"),
        ("due", pages.encode("x", 1, 1, "hefei", uuid4()), "/query/cursor"),
        ("reported", pages.encode("2030-01-31", 1, 1, "hefei", uuid4()), "/query/cursor"),
        ("state", pages.encode("lost", 1, 1, "hefei", uuid4()), "/query/cursor"),
        ("percent", pages.encode(1, 1, "hefei", uuid4()), "/query/cursor"),
    ],
)
async def test_no_list_is_sorted_by_what_it_does_not_know(
    world: World, sort: str, cursor: str | None, pointer: str
) -> None:
    async with world.client("hefei") as client:
        answer = await client.get("/lines", params={"sort": sort} | ({"cursor": cursor} if cursor else {}))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_pages_are_in_order_and_complete(world: World) -> None:
    for _ in range(4):
        await world.publish(UNITS)
    lines = await world.lines("province")
    keys = [(line["task"]["plan"]["number"], line["task"]["number"], line["jurisdiction"]) for line in lines]
    assert keys == sorted(keys)
    async with world.client("province") as client:
        found, params = [], {"limit": "3"}
        while params.get("cursor", "") is not None:
            answer = (await client.get("/lines", params=params)).json()
            found += [line["id"] for line in answer["items"]]
            params["cursor"] = answer["next"]
    assert found == [line["id"] for line in lines]
