"""What zones handed in is returned with remarks; special plans are written on by the province like the others."""

from typing import Any
from uuid import uuid4

import httpx

from services.catalog.tests.test_manuscripts import emptied, submitted, task, told, written
from services.catalog.tests.worlds import World

Json = dict[str, Any]


async def returned(world: World, edition: Json, name: str = "province") -> httpx.Response:
    headers = {"If-Match": f'"{edition["version"]}"'}
    path = f"/editions/{edition['id']}/return"
    return await world.call(name, "POST", path, json={"remarks": "请补充责任单位"}, headers=headers)


async def test_what_a_zone_handed_in_is_returned_with_remarks_and_handed_in_again(world: World) -> None:
    before = len(await told(world))
    await written(world, "wuhu", [task(1, f"初稿 {uuid4().hex}", leads="芜湖市")], "wuhu")
    draft = await submitted(world, "wuhu", "wuhu")
    assert (await world.get("/manuscripts/wuhu", "wuhu"))["status"] == "submitted"
    assert (await world.get(f"/editions/{draft['id']}", "wuhu"))["actions"] == []
    assert (await world.get(f"/editions/{draft['id']}"))["actions"] == ["publish", "return"]
    assert (await returned(world, draft, "wuhu")).status_code == 403
    back = (await returned(world, draft)).raise_for_status().json()
    assert (back["status"], back["remarks"], back["actions"]) == ("returned", "请补充责任单位", [])
    assert (await returned(world, back)).json()["type"] == "/problems/already-returned"
    assert (await world.publish(back)).json()["type"] == "/problems/already-returned"
    seen = await world.get("/manuscripts/wuhu", "wuhu")
    assert (seen["status"], seen["returned"]["remarks"]) == ("returned", "请补充责任单位")
    assert seen["actions"] == ["write", "submit", "discard"]
    await written(world, "wuhu", [task(1, f"二稿 {uuid4().hex}", leads="芜湖市")], "wuhu")
    assert (await world.get("/manuscripts/wuhu", "wuhu"))["status"] == "returned"
    again = await submitted(world, "wuhu", "wuhu")
    seen = await world.get("/manuscripts/wuhu", "wuhu")
    assert (again["id"] != draft["id"], seen["status"], seen["returned"]) == (True, "submitted", None)
    assert [what for what, *_ in (await told(world))[before:]] == ["submitted", "returned", "submitted"]
    await emptied(world, "wuhu")


async def test_a_draft_that_the_province_made_has_nobody_to_go_back_to(world: World) -> None:
    draft, _ = await special(world, [])
    assert (await returned(world, draft)).json()["type"] == "/problems/not-returnable"
    await emptied(world, "1")


async def special(world: World, more: list[Json], was: int = 0) -> tuple[Json, Json]:
    """A draft of the first special plan with a new task of the number ``was``, or the next one, and its comparison."""
    plan = await world.get("/manuscripts/1")
    kept = [one | {"number": plan["next_number"]} if one["number"] == was else one for one in plan["tasks"]]
    new = task(was or plan["next_number"], f"新任务 {uuid4().hex}", leads="省商务厅")
    (await written(world, "1", [*kept, new, *more])).raise_for_status()
    compared = (await world.get("/manuscripts/1/comparison"))["comparison"]
    return await submitted(world, "1"), compared


async def test_a_special_plan_is_written_on_without_touching_the_others(world: World) -> None:
    draft, compared = await special(world, [])
    assert draft["plans"] == ["1"]
    assert [len(compared[what]) for what in ("new", "changed", "gone")] == [1, 0, 0]
    taken = (await world.get("/manuscripts/2"))["tasks"][0]["number"]
    await emptied(world, "1")
    assert compared["new"][0]["number"] > taken
    plan = await world.get("/manuscripts/1")
    refused = await written(world, "1", [*plan["tasks"], task(taken)])
    assert (refused.status_code, refused.json()["errors"][0]["pointer"][-6:]) == (422, "number")


async def test_a_new_task_takes_no_code_of_another(world: World) -> None:
    _, compared = await special(world, [], was=1)
    assert [one["code"] for one in compared["new"]] == ["1-1"]
    assert [one["code"] for one in compared["changed"]] == ["1"]
    await emptied(world, "1")
