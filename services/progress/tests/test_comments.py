"""Discussions of lines: who reads and speaks, who is mentioned, what is told of it."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from progress.comments.rules import Reader, mentioned
from progress.comments.schemas import CommentOut
from services.progress.tests.steps import seen
from services.progress.tests.test_handovers import ask, line_of
from services.progress.tests.test_isolation import _as
from services.progress.tests.worlds import World

Json = dict[str, Any]
PROVINCE, HEFEI = Reader("role:province", "省自贸办"), Reader("zone:hefei", "合肥片区")
ZHANG, OTHER_ZHANG = Reader("zone:hefei", "合肥片区", "张三"), Reader("unit:swt", "省商务厅", "张三")
LI = Reader("unit:swt", "省商务厅", "李四")
SCOPES = (("tenant", "hefei"), ("tenant", "wuhu"), ("integrator", "hefei"))
OFFICES = ("zone:hefei", "zone:wuhu")
READERS = (PROVINCE, HEFEI, ZHANG, OTHER_ZHANG, LI)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("请@省自贸办 和＠合肥片区研究", [PROVINCE, HEFEI]),
        ("@李四请看", [LI]),
        ("@张三", []),
        ("@张三（合肥片区）", [ZHANG]),
        ("@合肥片区@合肥片区", [HEFEI]),
        ("省自贸办", []),
        ("@省财政厅", []),
        ("name@example.cn", []),
    ],
)
def test_who_is_mentioned_stands_after_a_mark(text: str, found: list[Reader]) -> None:
    assert mentioned(text, READERS) == found


async def say(world: World, who: str, line: Json, text: str) -> CommentOut:
    answer = await ask(world, who, "POST", f"/lines/{line['id']}/comments", {"text": text})
    assert answer.status_code == 201, answer.text
    return CommentOut.model_validate(answer.json())


async def test_all_who_see_a_line_read_what_is_said_of_it(world: World) -> None:
    line = await line_of(world)
    first, second = await say(world, "hefei", line, "选址已定，请协调。"), await say(world, "swt", line, "已阅。")
    assert (first.author, first.office, first.mentions) == ("hefei", "zone:hefei", [])
    for who in ("province", "auditor", "hefei", "swt"):
        items = (await seen(world, who, f"/lines/{line['id']}/comments"))["items"]
        assert [item["id"] for item in items] == [str(second.id), str(first.id)], who
    page = await seen(world, "hefei", f"/lines/{line['id']}/comments", limit="1")
    assert [item["text"] for item in page["items"]] == ["已阅。"]
    rest = await seen(world, "hefei", f"/lines/{line['id']}/comments", limit="1", cursor=page["next"])
    assert ([item["text"] for item in rest["items"]], rest["next"]) == (["选址已定，请协调。"], None)


async def test_offices_and_people_who_are_mentioned_are_told_without_the_words(world: World) -> None:
    line = await line_of(world)
    await say(world, "swt", line, "先说一句")
    labels = [each["label"] for each in (await seen(world, "hefei", f"/lines/{line['id']}/readers"))["items"]]
    assert {"省自贸办", "合肥市片区", "省商务厅", "swt（省商务厅）", "hefei（合肥市片区）"} <= set(labels)
    assert not any("芜湖" in label for label in labels)
    said = await say(world, "hefei", line, "请@swt（省商务厅）和@省自贸办 研究，@芜湖市片区 无关")
    assert [(each.office, each.person) for each in said.mentions] == [("unit:swt", "swt"), ("role:province", None)]
    async with world.server() as server:
        rows = await server.fetch("SELECT type, tenant, data FROM outbox WHERE subject = $1", str(said.id))
        audited = await server.fetchval(
            "SELECT after FROM audit WHERE action = 'comment.made' AND thing_id = $1", str(said.id)
        )
    assert [(row["type"], row["tenant"]) for row in rows] == [("zoneportal.progress.comment.made.v1", "hefei")]
    assert "text" not in json.loads(rows[0]["data"])["comment"]
    assert json.loads(audited) == {"line_id": line["id"], "mentions": ["swt（省商务厅）", "省自贸办"]}


@pytest.mark.parametrize("text", ["", "  ", "长" * 2001])
async def test_nothing_and_too_much_are_refused(world: World, text: str) -> None:
    line = await line_of(world)
    answer = await ask(world, "hefei", "POST", f"/lines/{line['id']}/comments", {"text": text})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/text")


async def test_who_does_not_see_the_line_sees_no_discussion(world: World) -> None:
    line = await line_of(world)
    said = await say(world, "hefei", line, "内部意见")
    for path in (f"/lines/{line['id']}/comments", f"/lines/{line['id']}/readers"):
        async with world.client("wuhu") as client:
            assert (await client.get(path)).status_code == 404
    assert (await ask(world, "wuhu", "POST", f"/lines/{line['id']}/comments", {"text": "…"})).status_code == 404
    assert (await ask(world, "auditor", "POST", f"/lines/{line['id']}/comments", {"text": "…"})).status_code == 403
    asked = "SELECT FROM line_comment WHERE id = $1"
    found = [await _as(world, scope, place, "", asked, said.id) for scope, place in SCOPES]
    assert found == ["SELECT 1", "SELECT 0", "SELECT 0"]
    forged = (
        "INSERT INTO line_comment (id, line_id, office, author, text, mentions) VALUES ($1, $2, $3, '…', '…', '[]')"
    )
    tried = [await _as(world, "tenant", "hefei", "", forged, uuid4(), said.line_id, office) for office in OFFICES]
    assert tried == ["INSERT 0 1", "refused"]


async def test_a_writer_takes_back_its_own_words_and_the_trail_keeps_them(world: World) -> None:
    line = await line_of(world)
    said = await say(world, "hefei", line, "请@省自贸办 协调选址。")
    path, comments = f"/lines/{line['id']}/comments/{said.id}/withdrawal", f"/lines/{line['id']}/comments"
    assert said.actions == ["withdraw"]
    assert (await seen(world, "province", comments))["items"][0]["actions"] == []
    for who, status in (("province", 403), ("swt", 403), ("auditor", 403), ("wuhu", 404)):
        assert (await ask(world, who, "POST", path, {})).status_code == status, who
    elsewhere = f"/lines/{(await line_of(world))['id']}/comments/{said.id}/withdrawal"
    assert (await ask(world, "hefei", "POST", elsewhere, {})).status_code == 404
    answers = await asyncio.gather(*(ask(world, "hefei", "POST", path, {}) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    shown = CommentOut.model_validate((await seen(world, "swt", comments))["items"][0])
    assert (shown.text, shown.actions, shown.version) == ("", [], 2)
    assert shown.withdrawn_at and [each.office for each in shown.mentions] == ["role:province"]
    async with world.server() as server:
        types = await server.fetch("SELECT type FROM outbox WHERE subject = $1 ORDER BY id", str(said.id))
        kept = await server.fetchval(
            "SELECT before FROM audit WHERE action = 'comment.withdrawn' AND thing_id = $1", str(said.id)
        )
    assert [row["type"].rsplit(".", 2)[1] for row in types] == ["made", "withdrawn"]
    assert json.loads(kept) == {"line_id": line["id"], "text": "请@省自贸办 协调选址。"}
    forged = "UPDATE line_comment SET withdrawn_at = now() WHERE id = $1"
    assert await _as(world, "tenant", "hefei", "", forged, said.id) == "UPDATE 0"
