"""The search by the API: one's own lines, orders, problems and reports, and nothing of others."""

from typing import Any
from uuid import uuid4

import pytest

from services.progress.tests.steps import ask, issued, raised, seen
from services.progress.tests.worlds import World


async def found(world: World, name: str, q: str) -> dict[str, list[dict[str, Any]]]:
    answer = await seen(world, name, "/search", q=q)
    kinds: dict[str, list[dict[str, Any]]] = {}
    for hit in answer["items"]:
        kinds.setdefault(hit["kind"], []).append(hit)
    return kinds


async def test_everything_is_found_by_who_may_see_it_alone(world: World) -> None:
    mark = uuid4().hex[:12]
    task = await world.publish(["swt", "hfs", "whs"], title=f"建设综保区{mark}", text="推动跨境电商")
    line = await world.line(task, "hefei")
    report = (await world.act("hefei", line, "reports", percent=30, done=f"完成{mark}招标")).json()
    order = await issued(world, title=f"抓紧{mark}")
    problem = await raised(world, description=f"请协调{mark}")
    own = {"order": order["id"], "problem": problem["id"], "report": report["id"]}
    for name, lines, kinds in (
        ("province", 3, own),
        ("auditor", 3, own),
        ("hefei", 1, own),
        ("swt", 3, {"report"}),
        ("wuhu", 1, ()),
        ("bengbu", 0, ()),
    ):
        hits = await found(world, name, mark)
        assert [hit["id"] for hit in hits.pop("task")] == [task["code"]]
        assert len(hits.pop("line", [])) == lines, name
        assert {kind: [hit["id"] for hit in some] for kind, some in hits.items()} == {k: [own[k]] for k in kinds}, name
    (hit,) = (await found(world, "hefei", mark))["report"]
    assert (hit["line_id"], hit["excerpt"]) == (line["id"], f"完成{mark}招标")


async def test_letters_and_several_words_narrow_it(world: World) -> None:
    mark = uuid4().hex[:12]
    task = await world.publish(["kjt", "hfs", "whs"], title=f"培育芯片企业{mark}")
    hits = await found(world, "province", f"芜湖 {mark} xpqy")
    assert [hit["title"] for hit in hits["line"]] == [f"{task['number']}. 培育芯片企业{mark}"]
    assert hits["line"][0]["about"].startswith("芜湖")
    assert "unit" not in hits
    assert "kjt" in [hit["id"] for hit in (await found(world, "hefei", "kjt"))["unit"]]


async def test_capitals_are_as_small_letters_and_signs_are_signs(world: World) -> None:
    mark = uuid4().hex[:12]
    line = await world.line(await world.publish(["swt", "hfs"]), "hefei")
    await world.act("hefei", line, "reports", percent=30, done=f"AEO+RCEP {mark}")
    for sought, hits in (("aeo", 1), ("Aeo+rcep", 1), ("a.o", 0), ("aeo.*", 0)):
        assert len((await found(world, "hefei", f"{sought} {mark}")).get("report", [])) == hits, sought


async def test_of_each_kind_some_are_shown(world: World) -> None:
    mark = uuid4().hex[:12]
    for _ in range(7):
        await world.publish(["swt"], title=f"任务{mark}")
    answer = await seen(world, "province", "/search", q=mark)
    assert [hit["kind"] for hit in answer["items"]] == ["line"] * 6 + ["task"] * 6
    assert answer["more"] == ["line", "task"]


@pytest.mark.parametrize(
    ("q", "status"), [("", 422), ("　 ", 422), ("字" * 201, 422), ("a\u0000b", 422), ("'%_\\", 200)]
)
async def test_what_may_be_asked(world: World, q: str, status: int) -> None:
    async with world.client("province") as client:
        assert (await client.get("/search", params={"q": q})).status_code == status
    assert (await ask(world, "operator", "GET", f"/search?q={q.replace(chr(0), '')}")).status_code in (403, 422)
