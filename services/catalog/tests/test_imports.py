"""From the upload of a notice to the published edition, and to the next."""

from collections import Counter

import pytest

from chassis import audit
from services.catalog.tests.notices import RADICALS
from services.catalog.tests.worlds import SEED, World

CHANGED = SEED.replace("探索开展离岸保险业务。⽀持", "探索有序开展离岸保险业务。⽀持", 1)
GONE = SEED[: SEED.rindex("112．")]
ZONE_PLAN = "合肥片区建设实施方案\n一、加快转变政府职能\n1．推进合肥片区改革。（责任单位：合肥市、合肥市新设局）\n"


async def test_a_notice_becomes_an_edition_that_everyone_reads(empty: World) -> None:
    shown = (await empty.upload(SEED)).json()
    assert (len(shown["tasks"]), len(shown["plans"]), len(shown["zones"])) == (112, 12, 3)
    assert (shown["warnings"], len(shown["comparison"]["new"]), shown["actions"]) == ([], 112, ["confirm"])
    assert {"swt", "hfhg", "hfs"} <= {unit["code"] for unit in shown["units"]}
    assert await empty.tasks() == []
    confirmation = await empty.confirm(shown["id"])
    draft = confirmation.json()["edition"]
    assert (confirmation.status_code, draft["status"], draft["number"], draft["new"]) == (201, "draft", None, 112)
    assert (await empty.confirm(shown["id"])).json()["edition"]["id"] == draft["id"]
    assert (await empty.call("hefei", "GET", f"/editions/{draft['id']}")).status_code == 404
    assert (await empty.tasks(), await empty.events()) == ([], [])
    published = (await empty.publish(draft)).raise_for_status().json()
    assert (published["status"], published["number"], published["new"]) == ("published", 1, 112)
    tasks = await empty.tasks()
    assert len(tasks) == 112
    assert sum(len(task["zones"]) for task in tasks) == 301
    assert Counter(what for what, _ in await empty.events()) == {
        "unit.published": 56,
        "zone.published": 3,
        "plan.published": 12,
        "task.published": 112,
        "edition.published": 1,
    }
    assert (await empty.publish(draft)).status_code == 412


async def test_each_task_keeps_its_place_in_the_notice(world: World) -> None:
    for task in await world.tasks():
        source = task["source"]
        assert source["text"] == SEED[source["start"] : source["end"]]
        assert source["text"].startswith(str(task["number"]))


async def test_the_same_notice_changes_nothing(world: World) -> None:
    before, told = await world.tasks(), await world.events()
    for text in (SEED, SEED.replace("⼀", "一"), SEED.replace("\n", "\r\n")):
        shown = (await world.upload(text)).json()
        assert (shown["unchanged"], shown["actions"]) == (True, [])
        confirmation = await world.confirm(shown["id"])
        assert (confirmation.status_code, confirmation.json()["edition"]) == (200, None)
    assert (await world.tasks(), await world.events()) == (before, told)


async def test_the_words_that_changed_are_shown_and_earlier_editions_stay(world: World) -> None:
    first = (await world.get("/editions", status="published"))["items"][-1]["number"]
    shown = (await world.upload(CHANGED)).json()
    (changed,) = shown["comparison"]["changed"]
    title = next(change for change in changed["changes"] if change["field"] == "title")
    assert (changed["code"], [(part["op"], part["text"]) for part in title["words"]]) == (
        "44",
        [("equal", "探索"), ("insert", "有序"), ("equal", "开展离岸保险业务")],
    )
    told = len(await world.events())
    edition = await world.bring(CHANGED)
    assert (edition["new"], edition["changed"], edition["withdrawn"]) == (0, 1, 0)
    assert [what for what, _ in (await world.events())[told:]] == ["task.published", "edition.published"]
    assert (await world.get("/tasks/44"))["title"] == "探索有序开展离岸保险业务"
    assert (await world.get("/tasks/44", edition=first))["title"] == "探索开展离岸保险业务"
    comparison = await world.get(f"/editions/{edition['number']}/comparison")
    assert [task["code"] for task in comparison["changed"]] == ["44"]
    await world.bring(SEED)
    assert (await world.get("/tasks/44"))["title"] == "探索开展离岸保险业务"


async def test_a_task_that_is_gone_is_withdrawn_and_comes_back(world: World) -> None:
    shown = (await world.upload(GONE)).json()
    assert [task["code"] for task in shown["comparison"]["gone"]] == ["112"]
    assert [warning["code"] for warning in shown["warnings"]] == ["count-differs"]
    edition = await world.bring(GONE)
    assert edition["withdrawn"] == 1
    assert (await world.call("hefei", "GET", "/tasks/112")).status_code == 404
    assert [what for what, _ in await world.events()][-2:] == ["task.withdrawn", "edition.published"]
    await world.bring(SEED)
    assert (await world.get("/tasks/112"))["version"] > 1


async def test_a_draft_that_others_overtook_is_not_published(world: World) -> None:
    draft = await world.draft(CHANGED)
    await world.bring(SEED.replace("探索开展离岸保险业务。⽀持", "积极开展离岸保险业务。⽀持", 1))
    answer = await world.publish(draft)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "stale-draft")
    await world.bring(SEED)


async def test_a_city_drafts_its_own_zones_plan_only(world: World) -> None:
    assert (await world.upload(ZONE_PLAN, "wuhu")).status_code == 403
    assert (await world.upload(SEED, "hefei")).status_code == 403
    draft = await world.draft(ZONE_PLAN, "hefei")
    assert (draft["plans"], draft["tenant"], draft["actions"]) == (["hefei"], "hefei", [])
    assert (await world.call("wuhu", "GET", f"/editions/{draft['id']}")).status_code == 404
    assert (await world.publish(draft, "hefei")).status_code == 403
    await world.publish(draft)
    task = await world.get("/tasks/hefei-1")
    assert (task["zones"], task["plan"]["kind"], [part["role"] for part in task["responsibilities"]]) == (
        ["hefei"],
        "zone",
        ["lead", "member"],
    )
    assert (await world.get("/plans/hefei"))["announced_tasks"] == 24
    assert len(await world.tasks()) == 113


async def test_an_edition_is_numbered_when_it_is_published(world: World) -> None:
    latest = (await world.get("/editions", status="published"))["items"][0]["number"]
    draft = await world.draft(ZONE_PLAN.replace("合肥", "芜湖"), "wuhu")
    assert draft["number"] is None
    overtaking = await world.bring(ZONE_PLAN.replace("合肥", "蚌埠"))
    published = (await world.publish(draft)).raise_for_status().json()
    assert (overtaking["number"], published["number"]) == (latest + 1, latest + 2)
    for name in (published["id"], published["number"]):
        assert await world.get(f"/editions/{name}", "hefei") == published
        assert [task["code"] for task in (await world.get(f"/editions/{name}/comparison"))["new"]] == ["wuhu-1"]
    assert (await world.publish(published)).json()["type"].rpartition("/")[2] == "already-published"


async def test_drafts_come_before_the_numbers_page_by_page(world: World) -> None:
    draft = await world.draft(ZONE_PLAN.replace("改革", "创新"), "hefei")
    whole = (await world.get("/editions", "hefei"))["items"]
    assert [edition["id"] for edition in whole if edition["number"] is None] == [draft["id"]]
    assert [edition["number"] for edition in whole] == [None, *range(len(whole) - 1, 0, -1)]
    page = await world.get("/editions", "hefei", limit=1)
    for edition in whole[1:]:
        page = await world.get("/editions", "hefei", limit=1, cursor=page["next"])
        assert page["items"] == [edition]
    assert page["next"] is None


@pytest.mark.parametrize("name", ["swt", "auditor", "integrator", "operator", "nobody", "lost city"])
async def test_others_import_nothing(world: World, name: str) -> None:
    assert (await world.upload(SEED, name)).status_code == 403


async def test_an_import_is_seen_by_its_office_and_the_province(world: World) -> None:
    imported = (await world.upload(ZONE_PLAN, "hefei")).json()["id"]
    seen = [
        (await world.call(name, "GET", f"/imports/{imported}")).status_code for name in ("hefei", "province", "wuhu")
    ]
    assert seen == [200, 200, 404]


@pytest.mark.parametrize(
    ("text", "filename", "status"),
    [
        ("", "a.txt", 422),
        ("hello, world", "a.txt", 422),
        ("\x00\x01", "a.txt", 422),
        (SEED, "a.pdf", 422),
        (SEED, "a.docx", 422),
        ("一" * 2_000_000, "a.txt", 413),
    ],
)
async def test_files_that_are_no_notice_are_refused(world: World, text: str, filename: str, status: int) -> None:
    answer = await world.upload(text, filename=filename)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["pointer"] == "/body/file"


async def test_warnings_stand_at_their_places(world: World) -> None:
    text = SEED.replace("（责任单位：安徽银保监局、省税务局", "（责任单位：安徽银保监局、省税务同", 1)
    shown = (await world.upload(text)).json()
    places = {warning["code"]: text[warning["start"] : warning["end"]] for warning in shown["warnings"]}
    assert places["unit-nearly-known"] == "省税务同"
    assert set(places) == {"unit-nearly-known", "new-unit"}


async def test_every_change_is_in_a_trail_that_chains(world: World) -> None:
    actions = {entry["action"] for entry in (await world.get("/audit", "auditor", limit=200))["items"]}
    assert {"edition.drafted", "edition.published"} <= actions
    async with world.database.session() as db:
        assert [found async for found in audit.verify(db)] == []


async def test_radicals_in_a_search_are_understood(world: World) -> None:
    damaged = "".join(RADICALS.get(character, character) for character in "口岸开放")
    assert damaged != "口岸开放"
    assert await world.tasks(q=damaged) == await world.tasks(q="口岸开放") != []
