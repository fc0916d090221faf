"""Reading the catalog: search and filters; adding units and zones."""

import pytest

from services.catalog.tests.worlds import SEED, World


@pytest.mark.parametrize("q", ["口岸", "进口", "单一窗口", "“单一窗口”", "QFLP", "qflp", "岸", "口岸 进口"])
async def test_search_finds_what_stands_in_the_tasks(world: World, q: str) -> None:
    phrases = [phrase.strip("“”").lower() for phrase in q.split()]
    texts = {
        task["code"]: (task["title"] + "\n" + task["text"]).replace("“", "").replace("”", "").lower()
        for task in await world.tasks()
    }
    expected = [code for code, text in texts.items() if all(phrase in text for phrase in phrases)]
    assert [task["code"] for task in await world.tasks(q=q)] == expected != []


async def test_search_finds_nothing_where_nothing_stands(world: World) -> None:
    assert await world.tasks(q="没有这样的词") == []


async def test_filters_are_what_they_say(world: World) -> None:
    tasks = await world.tasks()
    assert len(await world.tasks(plan="3")) == 22
    for zone, count in (("hefei", 108), ("wuhu", 99), ("bengbu", 94)):
        assert len(await world.tasks(zone=zone)) == count
    leads = [task["code"] for task in tasks if task["responsibilities"][0]["unit"]["code"] == "swt"]
    assert [task["code"] for task in await world.tasks(unit="swt", role="lead")] == leads
    assert await world.tasks(unit="安徽省商务厅") == await world.tasks(unit="swt")
    assert [task["code"] for task in await world.tasks(plan="9", q="马鞍山", zone="hefei")] == []
    assert await world.tasks(plan="99") == await world.tasks(unit="nobody") == []


async def test_pages_hold_every_task_once(world: World) -> None:
    codes: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await world.get("/tasks", limit=17, **cursor)
        codes += [task["code"] for task in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert codes == [str(number) for number in range(1, 113)]


async def test_a_task_shows_its_items_with_their_units(world: World) -> None:
    task = await world.get("/tasks/109")
    assert [len(item["responsibilities"]) for item in task["items"]] == [5, 9, 5]
    assert [part["position"] for part in task["responsibilities"]] == list(range(1, 11))
    assert [part["role"] for part in task["responsibilities"]].count("lead") == 1


async def test_zones_show_what_the_notice_says_of_them(world: World) -> None:
    zones = {zone["code"]: zone for zone in (await world.get("/zones"))["items"]}
    assert zones["hefei"]["area_km2"] == 64.95
    assert zones["wuhu"]["bonded_area_km2"] == 2.17
    assert zones["bengbu"]["announced"] == {"aspects": 8, "tasks": 32}
    assert zones["hefei"]["city"] == {"code": "hfs", "name": "合肥市"}


async def test_a_linked_zone_is_added_with_the_tasks_of_its_city(world: World) -> None:
    told = len(await world.events())
    zone = {"code": "maanshan", "name": "马鞍山联动创新区", "kind": "linked", "city": "马鞍山市"}
    assert (await world.call("hefei", "POST", "/zones", json=zone)).status_code == 403
    added = await world.call("province", "POST", "/zones", json=zone)
    assert (added.status_code, added.json()["city"]["name"]) == (201, "马鞍山市")
    assert [task["code"] for task in await world.tasks(zone="maanshan")] == ["97"]
    assert [what for what, _ in (await world.events())[told:]] == ["zone.published", "task.published"]
    for taken in (zone, zone | {"code": "other", "name": "另一片区"}, zone | {"code": "province", "city": None}):
        assert (await world.call("province", "POST", "/zones", json=taken)).status_code == 409
    assert (await world.upload(SEED)).json()["unchanged"]


async def test_a_unit_is_added_renamed_and_found_by_its_aliases(world: World) -> None:
    given = {"name": "省大数据中心", "kind": "department", "aliases": ["安徽省大数据中心"]}
    added = await world.call("province", "POST", "/units", json=given)
    assert (added.status_code, added.json()["code"]) == (201, "dsjzx")
    assert (await world.call("province", "POST", "/units", json=given)).status_code == 409
    path, tag = "/units/dsjzx", {"If-Match": added.headers["ETag"]}
    renamed = await world.call("province", "PATCH", path, json={"name": "省数据中心"}, headers=tag)
    assert (renamed.status_code, renamed.json()["name"]) == (200, "省数据中心")
    assert (await world.call("province", "PATCH", path, json={"name": "x厅"}, headers=tag)).status_code == 412
    assert (await world.call("province", "PATCH", path, json={"name": "x厅"})).status_code == 428
    found = (await world.get("/units", q="安徽省大数据"))["items"]
    assert [unit["code"] for unit in found] == ["dsjzx"]


@pytest.mark.parametrize("path", ["/tasks", "/plans", "/zones", "/units", "/editions"])
async def test_who_may_read(world: World, path: str) -> None:
    answers = {
        name: (await world.call(name, "GET", path)).status_code for name in ("hefei", "swt", "auditor", "integrator")
    }
    assert set(answers.values()) == {200}
    others = {name: (await world.call(name, "GET", path)).status_code for name in ("operator", "security", "nobody")}
    assert others == {"operator": 403, "security": 200 if path == "/zones" else 403, "nobody": 403}


async def test_an_answer_that_is_known_is_not_sent_again(world: World) -> None:
    for path in ("/tasks/1", "/plans/1", "/zones/hefei", "/units/swt", "/editions/1"):
        tag = (await world.call("province", "GET", path)).headers["ETag"]
        assert (await world.call("province", "GET", path, headers={"If-None-Match": tag})).status_code == 304
