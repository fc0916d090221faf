"""Plans that are written here: by form, by Excel; submitted, published, gone on with."""

import json
from io import BytesIO
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from openpyxl import load_workbook

from catalog.manuscripts import sheets
from chassis.spreadsheets import Sheet, Value, write
from services.catalog.tests.worlds import World

Json = dict[str, Any]
SUCCESS = (200, 201)


def task(number: int, title: str = "推进制度创新", *, leads: str = "合肥市", members: str = "", **more: Any) -> Json:
    parts = [{"unit": unit, "role": "lead"} for unit in leads.split("、")]
    parts += [{"unit": unit, "role": "member"} for unit in members.split("、") if unit]
    return {"number": number, "title": title, "text": f"{title}，取得实效。", "responsibilities": parts} | more


async def written(world: World, plan: str, tasks: list[Json], name: str = "province", **more: Any) -> httpx.Response:
    version = (await world.get(f"/manuscripts/{plan}", name))["version"]
    body = {"tasks": tasks} | more
    return await world.call(name, "PUT", f"/manuscripts/{plan}", json=body, headers={"If-Match": f'"{version}"'})


async def acted(world: World, plan: str, act: str, name: str = "province", **given: Any) -> httpx.Response:
    version = (await world.get(f"/manuscripts/{plan}", name))["version"]
    return await world.call(name, "POST", f"/manuscripts/{plan}/{act}", headers={"If-Match": f'"{version}"'}, **given)


async def submitted(world: World, plan: str, name: str = "province") -> Any:
    return (await acted(world, plan, "submission", name)).raise_for_status().json()["edition"]


async def emptied(world: World, plan: str) -> None:
    """Forgets what earlier tests wrote, if anything."""
    await acted(world, plan, "discarding")


async def test_everyone_writes_what_is_theirs_and_learns_of_nothing_else(world: World) -> None:
    listed = {name: (await world.get("/manuscripts", name))["items"] for name in ("province", "hefei")}
    assert [one["plan"] for one in listed["hefei"]] == ["hefei"]
    assert [one["plan"] for one in listed["province"]][:12] == [*"123456789", "hefei", "wuhu", "bengbu"]
    assert [one["announced_tasks"] for one in listed["province"]][9:12] == [24, 33, 32]
    assert (await written(world, "hefei", [task(1)], "hefei")).status_code == 200
    absent = [await world.call("wuhu", "GET", f"/manuscripts/{plan}") for plan in ("hefei", "1", "n9", "nobody")]
    assert {answer.status_code for answer in absent} == {404}
    assert len({answer.text.partition('"trace"')[0] for answer in absent}) == 1
    assert (await world.call("swt", "GET", "/manuscripts/hefei")).status_code == 403
    assert (await world.call("hefei", "POST", "/manuscripts", json={"name": "招商专项"})).status_code == 403
    await emptied(world, "hefei")


async def test_what_is_written_leaves_the_catalog_as_it_is(world: World) -> None:
    saved = (await written(world, "wuhu", [task(2, "乙"), task(1, "甲", due="2021-12-31")], "wuhu")).json()
    assert [(one["number"], one["title"], one["due"]) for one in saved["tasks"]] == [
        (1, "甲", "2021-12-31"),
        (2, "乙", None),
    ]
    assert (saved["begun"], saved["actions"]) == (True, ["write", "submit", "discard"])
    assert (await world.get("/plans/wuhu"))["tasks"] == 0
    stale = await world.call("wuhu", "PUT", "/manuscripts/wuhu", json={"tasks": []}, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    await emptied(world, "wuhu")
    forgotten = await world.get("/manuscripts/wuhu", "wuhu")
    assert (forgotten["tasks"], forgotten["begun"], forgotten["actions"]) == ([], False, ["write"])
    assert forgotten["version"] > saved["version"]


@pytest.mark.parametrize(
    ("tasks", "pointer"),
    [
        ([task(1), task(1)], "/body/tasks/1/number"),
        ([task(1, leads="合肥市、合肥市")], "/body/tasks/0/responsibilities"),
        ([task(1) | {"responsibilities": [{"unit": "合肥市", "role": "member"}]}], "/body/tasks/0/responsibilities"),
        ([task(1) | {"responsibilities": []}], "/body/tasks/0/responsibilities"),
        ([task(0)], "/body/tasks/0/number"),
        ([task(1) | {"title": " "}], "/body/tasks/0/title"),
        ([task(1) | {"due": "2021-02-30"}], "/body/tasks/0/due"),
    ],
)
async def test_what_cannot_be_a_plan_is_refused_by_field(world: World, tasks: list[Json], pointer: str) -> None:
    refused = await written(world, "bengbu", tasks)
    assert refused.status_code == 422
    assert pointer in [error["pointer"] for error in refused.json()["errors"]]


async def test_drafts_of_zones_are_published_one_after_the_other_and_none_is_lost(world: World) -> None:
    drafts = {}
    for zone, city in (("hefei", "合肥市"), ("wuhu", "芜湖市"), ("bengbu", "蚌埠市")):
        await written(world, zone, [task(1, f"{city}先行", leads=city), task(2, "共同推进", leads=city)], zone)
        drafts[zone] = await submitted(world, zone, zone)
    assert {draft["status"] for draft in drafts.values()} == {"draft"}
    seen = {one["id"] for one in (await world.get("/editions", "wuhu", status="draft"))["items"]}
    assert seen & {draft["id"] for draft in drafts.values()} == {drafts["wuhu"]["id"]}
    for zone in ("bengbu", "hefei", "wuhu"):
        comparison = await world.get(f"/editions/{drafts[zone]['id']}/comparison")
        assert ([one["code"] for one in comparison["new"]], comparison["gone"]) == ([f"{zone}-1", f"{zone}-2"], [])
        assert (await world.publish(drafts[zone])).status_code == 200
    for zone in drafts:
        plan = await world.get(f"/plans/{zone}")
        assert plan["tasks"] == 2
        assert all(one["zones"] == [zone] for one in await world.tasks(plan=zone))
        assert not (await world.get(f"/manuscripts/{zone}", zone))["begun"]
    assert (await world.get("/plans/hefei"))["announced_tasks"] == 24
    assert len(await world.tasks()) == 112 + 6


async def test_a_task_that_moves_keeps_its_code_and_one_that_is_gone_is_withdrawn(world: World) -> None:
    first = (await written(world, "hefei", [task(1, "甲"), task(2, "乙"), task(3, "丙")])).json()["tasks"]
    await world.publish(await submitted(world, "hefei"))
    codes = {one["title"]: one["code"] for one in (await world.get("/manuscripts/hefei"))["tasks"]}
    assert codes == {one["title"]: f"hefei-{one['number']}" for one in first}
    tasks = [task(1, "丙", code=codes["丙"]), task(2, "甲", code=codes["甲"]), task(3, "丁", code="1")]
    await written(world, "hefei", tasks, "hefei")
    compared = (await world.get("/manuscripts/hefei/comparison", "hefei"))["comparison"]
    changed = {one["code"]: [change["field"] for change in one["changes"]] for one in compared["changed"]}
    assert changed == {codes["丙"]: ["number"], codes["甲"]: ["number"]}
    assert [one["code"] for one in compared["gone"]] == [codes["乙"]]
    draft = await submitted(world, "hefei", "hefei")
    assert (await world.get(f"/editions/{draft['id']}/comparison"))["changed"] == compared["changed"]
    await world.publish(draft)
    now = {one["title"]: one["code"] for one in await world.tasks(plan="hefei")}
    assert (now["丙"], now["甲"]) == (codes["丙"], codes["甲"])
    assert now["丁"] not in codes.values()
    assert (await world.tasks(plan="1"))[0]["code"] == "1"


async def test_a_submission_is_made_once_and_nothing_to_change_makes_none(world: World) -> None:
    assert (await acted(world, "wuhu", "submission")).json()["type"] == "/problems/manuscript-not-begun"
    await written(world, "wuhu", (await world.get("/manuscripts/wuhu"))["tasks"])
    assert (await acted(world, "wuhu", "submission")).json() == {"edition": None}
    await written(world, "wuhu", [task(1, f"改 {uuid4().hex}", leads="芜湖市")])
    first, again = [await acted(world, "wuhu", "submission", "wuhu") for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    await emptied(world, "wuhu")


async def told(world: World) -> list[tuple[str, str, str | None]]:
    """What happened to manuscripts, by whom and for which zone."""
    connection = await asyncpg.connect(world.superuser)
    try:
        rows = await connection.fetch("SELECT * FROM outbox WHERE type LIKE '%.manuscript.%' ORDER BY position")
    finally:
        await connection.close()
    found = [(row, json.loads(row["data"])["manuscript"]) for row in rows]
    assert all((row["topic"], row["subject"]) == ("catalog", written["id"]) for row, written in found)
    return [(row["type"].split(".")[3], written["office"], written["zone"]) for row, written in found]


async def test_a_submission_its_publication_and_its_discarding_are_told_once(world: World) -> None:
    before = len(await told(world))
    await written(world, "wuhu", [task(1, f"改 {uuid4().hex}", leads="芜湖市")], "wuhu")
    draft = await submitted(world, "wuhu", "wuhu")
    await submitted(world, "wuhu", "wuhu")
    await world.publish(draft)
    await written(world, "wuhu", [], "wuhu")
    first, again = [await acted(world, "wuhu", "discarding") for _ in range(2)]
    assert (first.status_code, again.status_code, again.json()["type"]) == (200, 409, "/problems/manuscript-not-begun")
    assert (await told(world))[before:] == [
        ("submitted", "zone:wuhu", "wuhu"),
        ("published", "role:province", "wuhu"),
        ("discarded", "role:province", "wuhu"),
    ]
    await emptied(world, "wuhu")


async def test_a_plan_without_tasks_takes_the_published_ones_back_and_is_else_nothing(world: World) -> None:
    begun = (await world.call("province", "POST", "/manuscripts", json={"name": "还没有任务的专项"})).json()
    assert begun["actions"] == ["write", "discard"]
    refused = await acted(world, begun["plan"], "submission")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/empty-manuscript")
    await emptied(world, begun["plan"])
    published = await world.tasks(plan="wuhu")
    await written(world, "wuhu", [], "wuhu")
    compared = await world.get("/manuscripts/wuhu/comparison", "wuhu")
    assert len(compared["comparison"]["gone"]) == len(published) > 0
    await world.publish(await submitted(world, "wuhu", "wuhu"))
    assert await world.tasks(plan="wuhu") == []


async def test_what_was_written_after_its_submission_outlives_the_publication(world: World) -> None:
    await written(world, "bengbu", [task(1, "先写", leads="蚌埠市")])
    draft = await submitted(world, "bengbu")
    await written(world, "bengbu", [task(1, "后写", leads="蚌埠市")])
    assert (await world.publish(draft)).status_code == 200
    left = await world.get("/manuscripts/bengbu")
    assert (left["begun"], left["tasks"][0]["title"]) == (True, "后写")
    await emptied(world, "bengbu")
    assert (await world.get("/manuscripts/bengbu"))["tasks"][0]["title"] == "先写"


async def test_a_further_plan_is_for_the_zones_that_it_names(world: World) -> None:
    unknown = await world.call("province", "POST", "/manuscripts", json={"name": "某专项", "zones": ["nobody"]})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/body/zones")
    begun = await world.call("province", "POST", "/manuscripts", json={"name": "招商引资专项", "zones": ["wuhu"]})
    plan = begun.json()["plan"]
    assert (begun.status_code, begun.json()["tasks"], begun.json()["zones"]) == (201, [], ["wuhu"])
    assert (await world.call("wuhu", "GET", f"/manuscripts/{plan}")).status_code == 404
    await written(world, plan, [task(1, leads="省商务厅", members="合肥市")])
    await world.publish(await submitted(world, plan))
    (only,) = await world.tasks(plan=plan)
    assert (only["code"], sorted(only["zones"])) == (f"{plan}-1", ["hefei", "wuhu"])
    assert (await world.get(f"/plans/{plan}"))["zones"] == ["wuhu"]
    tasks = (await world.get(f"/manuscripts/{plan}"))["tasks"]
    await written(world, plan, tasks, name="province", zones=["bengbu"])
    await world.publish(await submitted(world, plan))
    assert sorted((await world.tasks(plan=plan))[0]["zones"]) == ["bengbu", "hefei"]
    assert (await world.events())[-1][0] == "edition.published"


async def test_a_notice_with_a_further_plan_takes_no_code_that_is_being_written(world: World) -> None:
    begun = (await world.call("province", "POST", "/manuscripts", json={"name": "在写的专项"})).json()["plan"]
    draft = await world.draft("一、数字赋能专项行动计划方案\n1．推进数字赋能。加快推进。（责任单位：省商务厅）\n")
    assert begun not in draft["plans"]
    await emptied(world, begun)
    assert (await world.call("province", "GET", f"/manuscripts/{begun}")).status_code == 404


def sheet(*rows: tuple[Value, ...]) -> bytes:
    return write(Sheet(sheets.PAGE, sheets.COLUMNS, rows))


async def uploaded(world: World, plan: str, content: bytes, name: str = "province") -> httpx.Response:
    file = ("方案.xlsx", content, "application/octet-stream")
    return await world.call(name, "POST", f"/manuscripts/{plan}/sheets", files={"file": file})


async def test_the_template_comes_with_what_is_there_and_goes_back_unchanged(world: World) -> None:
    await written(world, "hefei", [task(1, members="省商务厅", due="2021-12-31"), task(2, "=1+1")])
    template = await world.call("hefei", "GET", "/manuscripts/hefei/template")
    page = load_workbook(BytesIO(template.content))[sheets.PAGE]
    assert [cell.value for cell in page[1]] == list(sheets.TITLES)
    assert (page["D2"].value, page["E2"].value, page["B3"].data_type) == ("合肥市", "省商务厅", "s")
    read = await uploaded(world, "hefei", template.content, "hefei")
    assert read.status_code == 201
    assert [row["state"] for row in read.json()["rows"]] == ["unchanged", "unchanged"]
    assert (read.json()["gone"], read.json()["errors"], read.json()["actions"]) == ([], 0, ["confirm"])
    await emptied(world, "hefei")


async def test_a_sheet_is_looked_at_row_by_row_then_taken_over_once(world: World) -> None:
    await written(world, "hefei", [task(1, "甲"), task(2, "乙"), task(3, "丙")])
    content = sheet(
        (1, "甲", "甲，取得实效。", "合肥市", None, None),
        (2, "新乙", "", "合肥市、省商务厅", "省税务局", None),
        (9, "丁", "", "合肥市", "", "2022年6月30日"),
    )
    shown = (await uploaded(world, "hefei", content, "hefei")).json()
    assert [(row["row"], row["state"]) for row in shown["rows"]] == [(2, "unchanged"), (3, "changed"), (4, "new")]
    assert shown["gone"] == [{"number": 3, "title": "丙"}]
    path = f"sheets/{shown['id']}/confirmation"
    first, again = [await acted(world, "hefei", path, "hefei") for _ in range(2)]
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert [(one["number"], one["title"], one["due"]) for one in first.json()["tasks"]] == [
        (1, "甲", None),
        (2, "新乙", None),
        (9, "丁", "2022-06-30"),
    ]
    assert (await world.call("wuhu", "GET", f"/manuscripts/hefei/sheets/{shown['id']}")).status_code == 404
    assert (await world.call("wuhu", "GET", f"/manuscripts/wuhu/sheets/{shown['id']}")).status_code == 404
    await emptied(world, "hefei")


BAD_ROWS: list[tuple[tuple[Value, ...], str, str]] = [
    ((None, "甲", "", "合肥市", "", None), "A3", "编号"),
    (("一", "甲", "", "合肥市", "", None), "A3", "编号"),
    ((1.5, "甲", "", "合肥市", "", None), "A3", "编号"),
    ((1, "甲", "", "合肥市", "", None), "A3", "编号"),
    ((2, None, "", "合肥市", "", None), "B3", "任务名称"),
    ((2, "甲" * 201, "", "合肥市", "", None), "B3", "任务名称"),
    ((2, "甲", "乙" * 10_001, "合肥市", "", None), "C3", "主要措施"),
    ((2, "甲", "", None, "", None), "D3", "牵头单位"),
    ((2, "甲", "", "合肥市、合肥市", "", None), "D3", "牵头单位"),
    ((2, "甲", "", "合肥市", "合肥市", None), "E3", "配合单位"),
    ((2, "甲", "", "合肥市", "省", None), "E3", "配合单位"),
    ((2, "甲", "", "合肥市", "", "年底前"), "F3", "完成时限"),
    ((2, "甲", "", "合肥市", "", "2021-02-30"), "F3", "完成时限"),
]


@pytest.mark.parametrize(("row", "cell", "column"), BAD_ROWS)
async def test_errors_in_a_sheet_name_their_cell_and_nothing_is_taken_over(
    world: World, row: tuple[Value, ...], cell: str, column: str
) -> None:
    shown = (await uploaded(world, "bengbu", sheet((1, "甲", "", "蚌埠市", "", None), row))).json()
    (error,) = shown["rows"][1]["errors"]
    assert (error["cell"], error["column"], shown["errors"], shown["actions"]) == (cell, column, 1, [])
    refused = await acted(world, "bengbu", f"sheets/{shown['id']}/confirmation")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/sheet-with-errors")


async def test_formulas_in_a_sheet_are_errors(world: World) -> None:
    book = load_workbook(BytesIO(sheet((1, "甲", "", "蚌埠市", "", None))))
    book[sheets.PAGE]["C2"] = "=1+1"
    out = BytesIO()
    book.save(out)
    shown = (await uploaded(world, "bengbu", out.getvalue())).json()
    assert [(error["cell"], "公式" in error["detail"]) for error in shown["rows"][0]["errors"]] == [("C2", True)]


@pytest.mark.parametrize("content", [b"", b"nothing", write(Sheet("别的", sheets.COLUMNS, []))])
async def test_files_that_are_no_template_are_refused(world: World, content: bytes) -> None:
    answer = await uploaded(world, "bengbu", content)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/file")


async def test_units_that_the_catalog_lacks_are_told_before_and_a_city_s_own_belong_to_its_zone(world: World) -> None:
    await written(world, "hefei", [task(1, leads="合肥市商务局", members="省商务厅、省税务同")])
    told = await world.get("/manuscripts/hefei/comparison", "hefei")
    assert {unit["name"]: unit["kind"] for unit in told["units"]} == {"合肥市商务局": "city", "省税务同": "department"}
    assert told["doubts"] == ["“省税务同”疑为“省税务局”"]
    await written(world, "hefei", [task(1, leads="合肥市商务局", members="省商务厅")])
    await world.publish(await submitted(world, "hefei"))
    async with world.database.session() as db:
        told_of = await db.rows("SELECT data FROM outbox WHERE type LIKE '%task.published%' ORDER BY position")
    published = [json.loads(row["data"]) for row in told_of]
    zones = [one["responsibilities"] for one in published if one["code"] == "hefei-1"][-1]
    assert [(part["unit"]["name"], part["zone"]) for part in zones] == [("合肥市商务局", "hefei"), ("省商务厅", None)]


async def test_a_linked_zone_writes_a_plan_that_the_catalog_does_not_have_yet(world: World) -> None:
    zone = {"code": "huainan", "name": "淮南联动创新区", "kind": "linked", "city": "淮南市"}
    assert (await world.call("province", "POST", "/zones", json=zone)).status_code == 201
    before = await world.get("/manuscripts/huainan")
    assert (before["name"], before["version"], before["begun"]) == ("淮南联动创新区实施方案", 0, False)
    await written(world, "huainan", [task(1, leads="淮南市")])
    await world.publish(await submitted(world, "huainan"))
    plan = await world.get("/plans/huainan")
    assert (plan["kind"], plan["zone"], plan["number"], plan["tasks"]) == ("zone", "huainan", 13, 1)


async def test_what_is_written_is_in_the_trail(world: World) -> None:
    entries = (await world.get("/audit", "auditor", limit=200))["items"]
    assert {"manuscript.saved", "manuscript.discarded"} <= {entry["action"] for entry in entries}
