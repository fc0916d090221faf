"""Bulletins by the API, on a database of their own: drafted from facts, edited, frozen, read by their readers alone."""

import json
import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import pytest
from docx import Document

from chassis.clock import today
from progress.bulletins.schemas import BulletinOut, FactPage
from services.progress.tests.steps import attached
from services.progress.tests.test_filings import opened
from services.progress.tests.test_isolation import _as
from services.progress.tests.worlds import World

UNITS = ["swt", "hfhg", "hfs", "whs"]
PERIOD = {"since": str(today() - timedelta(30)), "until": str(today())}
Json = dict[str, Any]


async def ask(world: World, name: str, method: str, path: str, **given: Any) -> httpx.Response:
    async with world.client(name) as client:
        return await client.request(method, path, **given)


async def act(world: World, bulletin: Json, what: str, name: str = "province", **body: Any) -> httpx.Response:
    """Changes a bulletin as it is now."""
    now = (await ask(world, "province", "GET", f"/bulletins/{bulletin['id']}")).json()
    method, path = ("PUT", "") if what == "edit" else ("POST", f"/{what}")
    headers = {"If-Match": f'"{now["version"]}"'}
    return await ask(world, name, method, f"/bulletins/{bulletin['id']}{path}", json=body, headers=headers)


async def drafted(world: World, **over: Any) -> tuple[Json, Json]:
    """A line of Hefei that was confirmed, and the draft of a bulletin of its plan."""
    task = await world.publish(UNITS)
    line = await world.line(task, "hefei")
    await world.act("hefei", line, "reports", percent=100, done="保税仓库已投用", finished=True)
    await world.act("province", line, "latest/confirmation")
    given = PERIOD | {"plans": [task["plan"]["code"]]} | over
    answer = await ask(world, "province", "POST", "/bulletins", json=given)
    assert answer.status_code == 201, answer.text
    return answer.json(), line


async def published(world: World, *readers: str, **over: Any) -> Json:
    bulletin, _ = await drafted(world, **over)
    answer = await act(world, bulletin, "publication", readers=list(readers))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def sentences(bulletin: Json) -> list[Json]:
    return [sentence for part in bulletin["parts"] for sentence in part["sentences"]]


async def test_every_sentence_of_a_draft_leads_to_its_facts(world: World) -> None:
    bulletin, line = await drafted(world)
    assert BulletinOut.model_validate(bulletin).actions == ["edit", "publish", "cancel"]
    example = next(
        each
        for each in sentences(bulletin)
        if "保税仓库已投用" in each["text"] and line["task"]["title"] in each["text"]
    )
    path = f"/bulletins/{bulletin['id']}/facts"
    for sentence in sentences(bulletin):
        answer = await ask(world, "auditor", "GET", path, params={"sentence": sentence["key"]})
        assert FactPage.model_validate_json(answer.content).items, sentence
    (fact,) = (await ask(world, "province", "GET", path, params={"sentence": example["key"]})).json()["items"]
    assert (fact["line_id"], fact["state"], fact["percent"], fact["light"]) == (line["id"], "confirmed", 100, "blue")
    assert (fact["report"]["number"], fact["report"]["version"], fact["report"]["decided_by"]) == (1, 2, "province")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", fact["report"]["decided_at"])


async def test_a_reporting_period_is_told_as_it_was_approved(world: World) -> None:
    period = await opened(world)
    await attached(world, "hefei", "filing", (await period.filing())["id"])
    await period.file(percent=100, done="保税仓库已投用", finished=True)
    filing = await period.done("province", "approval", confidence="high")
    line = period.lines["hefei"]
    given = {"period_id": period.period["id"]}
    answer = await ask(world, "province", "POST", "/bulletins", json=given)
    assert answer.status_code == 201, answer.text
    bulletin = BulletinOut.model_validate(answer.json()).model_dump(mode="json")
    assert (bulletin["title"], bulletin["until"]) == ("关于三季度报告推进情况的通报", period.period["ends"])
    assert bulletin["period_id"] == period.period["id"]
    said = {part["heading"]: part["sentences"] for part in bulletin["parts"]}
    assert said["总体情况"][1]["text"] == "本期应报送3项，按时报送1项，已审定1项。"
    assert [each["text"].endswith("期限未满，暂不排名。") for each in said["报送情况"]] == [True]
    (example,) = said["典型做法"]
    assert "保税仓库已投用" in example["text"] and "审定第1版" in example["text"]
    path = f"/bulletins/{bulletin['id']}/facts"
    (fact,) = (await ask(world, "province", "GET", path, params={"sentence": example["key"]})).json()["items"]
    told = FactPage.model_validate({"items": [fact], "next": None}).items[0].filing
    assert told is not None and fact["filing"]["approved_at"][10] == "T"
    assert (str(told.id), told.number, told.sent_by, told.approved_by) == (filing["id"], 1, "hefei head", "province")
    assert (fact["line_id"], fact["state"], fact["percent"], fact["light"]) == (line["id"], "confirmed", 100, "blue")
    await period.done("province", "reopening", reason="数据有误", until=str(today()))
    await period.file(percent=90, done="更正后的内容")
    await period.done("province", "approval", confidence="high")
    frozen = (await ask(world, "province", "GET", path, params={"sentence": example["key"]})).json()["items"]
    assert frozen == [fact]


@pytest.mark.parametrize("ends", [None, today() + timedelta(1)])
async def test_a_period_that_runs_or_is_none_is_not_told(world: World, ends: date | None) -> None:
    given = {"period_id": str(uuid4())}
    if ends:
        days = {name: str(ends) for name in ("due", "grace", "locks")}
        period = await opened(world, ends=str(ends), reason="提前布置", **days)
        given = {"period_id": period.period["id"]}
    answer = await ask(world, "province", "POST", "/bulletins", json=given)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/period_id")


async def test_facts_are_as_they_stood_at_the_end_of_the_period(world: World) -> None:
    task = await world.publish(UNITS)
    line = await world.line(task, "hefei")
    await world.act("hefei", line, "reports", percent=30, done="启动")
    yesterday = today() - timedelta(1)
    async with world.server() as server:
        await server.execute("UPDATE line SET opened_on = opened_on - 9 WHERE id = $1", line["id"])
    given = {"since": str(yesterday), "plans": [task["plan"]["code"]], "zones": ["hefei"]}
    for until, percent in ((yesterday, 0), (today(), 30)):
        bulletin = (await ask(world, "province", "POST", "/bulletins", json=given | {"until": str(until)})).json()
        facts = (await ask(world, "province", "GET", f"/bulletins/{bulletin['id']}/facts?limit=200")).json()["items"]
        assert [fact["percent"] for fact in facts if fact["line_id"] == line["id"]] == [percent]


async def test_a_line_that_was_withdrawn_later_is_told_of_the_days_on_which_it_was_there(world: World) -> None:
    task = await world.publish(UNITS)
    line = await world.line(task, "hefei")
    yesterday = str(today() - timedelta(1))
    async with world.server() as server:
        await server.execute("UPDATE line SET opened_on = opened_on - 9 WHERE id = $1", line["id"])
        await server.execute("UPDATE line_history SET at = at - interval '9 days' WHERE line_id = $1", line["id"])
    await world.feed(("task.withdrawn", 2, task))
    given = {"since": yesterday, "until": yesterday, "plans": [task["plan"]["code"]], "zones": ["hefei"]}
    bulletin = (await ask(world, "province", "POST", "/bulletins", json=given)).json()
    facts = (await ask(world, "province", "GET", f"/bulletins/{bulletin['id']}/facts?limit=200")).json()["items"]
    assert line["id"] in {fact["line_id"] for fact in facts}


async def test_an_edited_draft_keeps_the_facts_of_its_sentences(world: World) -> None:
    bulletin, _ = await drafted(world)
    text = [{"key": 2, "text": "改写后的一句。"}, {"key": None, "text": "新增的一句。"}]
    parts = [{"level": 1, "heading": "总体情况", "sentences": text}]
    answer = await act(world, bulletin, "edit", title="十月通报", parts=parts)
    assert (answer.status_code, answer.json()["parts"], answer.json()["title"]) == (200, parts, "十月通报")
    facts = await ask(world, "province", "GET", f"/bulletins/{bulletin['id']}/facts?sentence=2")
    assert facts.json()["items"]
    stray = [{"level": 1, "heading": "…", "sentences": [{"key": 9999, "text": "…"}]}]
    assert (await act(world, bulletin, "edit", title="…", parts=stray)).status_code == 422
    headers = {"If-Match": '"1"'}
    stale = await ask(
        world, "province", "PUT", f"/bulletins/{bulletin['id']}", json={"title": "…", "parts": parts}, headers=headers
    )
    assert stale.status_code == 412


async def test_a_published_bulletin_never_changes_and_is_corrected_by_another(world: World) -> None:
    first = await published(world, "zone:hefei")
    number = first["number"]
    assert (first["year"], first["status"], first["actions"]) == (today().year, "published", ["correct"])
    for what, body in (
        ("edit", {"title": "…", "parts": first["parts"]}),
        ("publication", {"readers": ["all"]}),
        ("cancellation", {}),
    ):
        assert (await act(world, first, what, **body)).status_code == 409
    correction, _ = await drafted(world, corrects=first["id"])
    assert correction["corrects_name"] == f"〔{today().year}〕{number}号《{first['title']}》"
    narrow = await act(world, correction, "publication", readers=["unit:swt"])
    assert (narrow.status_code, narrow.json()["type"]) == (422, "/problems/readers-missing")
    assert (await act(world, correction, "publication", readers=["all"])).json()["number"] == number + 1
    now = (await ask(world, "hefei", "GET", f"/bulletins/{first['id']}")).json()
    assert [each["id"] for each in now["corrected_by"]] == [correction["id"]]
    assert {**now, "corrected_by": [], "actions": first["actions"]} == first


@pytest.mark.parametrize(
    ("readers", "seen"),
    [
        (["zone:hefei"], {"hefei"}),
        (["unit:swt", "zone:wuhu"], {"swt", "wuhu"}),
        (["all"], {"hefei", "wuhu", "bengbu", "swt", "kjt"}),
        ([], set()),
    ],
)
async def test_readers_see_what_is_addressed_to_them(world: World, readers: list[str], seen: set[str]) -> None:
    bulletin = await published(world, *readers) if readers else (await drafted(world))[0]
    nothing = (await ask(world, "hefei", "GET", f"/bulletins/{uuid4()}")).json()
    for name in ("hefei", "wuhu", "bengbu", "swt", "kjt", "province", "auditor"):
        allowed = name in seen | {"province", "auditor"}
        for part in ("", "/facts", "/document?format=pdf"):
            answer = await ask(world, name, "GET", f"/bulletins/{bulletin['id']}{part}")
            assert answer.status_code == (200 if allowed else 404), (name, part)
            if not allowed:
                assert answer.json() | {"trace": None} == nothing | {"trace": None}
        found = (await ask(world, name, "GET", "/bulletins", params={"limit": 200})).json()["items"]
        assert (bulletin["id"] in {each["id"] for each in found}) == allowed


async def test_readers_see_the_facts_of_their_own_lines_alone(world: World) -> None:
    bulletin = await published(world, "all")
    for name, places in (("hefei", {"hefei"}), ("wuhu", {"wuhu"}), ("kjt", set())):
        found = (await ask(world, name, "GET", f"/bulletins/{bulletin['id']}/facts?limit=200")).json()["items"]
        assert {fact["jurisdiction"] for fact in found} == places


@pytest.mark.parametrize("name", ["hefei", "swt", "auditor", "operator", "integrator"])
async def test_the_province_alone_writes(world: World, name: str) -> None:
    bulletin, _ = await drafted(world)
    assert (await ask(world, name, "POST", "/bulletins", json=PERIOD)).status_code == 403
    for what in ("publication", "cancellation", "edit"):
        assert (await act(world, bulletin, what, name, readers=["all"])).status_code == 403


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"since": str(today()), "until": str(today() - timedelta(1))}, "/body/until"),
        ({"since": str(today()), "until": str(today() + timedelta(1))}, "/body/until"),
        (PERIOD | {"plans": ["no-such-plan"]}, "/body/plans"),
        (PERIOD | {"plans": ["…"]}, "/body/plans/0"),
        ({"since": str(today())}, "/body/until"),
        ({"until": str(today())}, "/body/since"),
        ({"period_id": "…"}, "/body/period_id"),
    ],
)
async def test_bad_periods_say_what_is_wrong(world: World, given: Json, pointer: str) -> None:
    answer = await ask(world, "province", "POST", "/bulletins", json=given)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_readers_who_do_not_exist_are_refused(world: World) -> None:
    bulletin, _ = await drafted(world)
    for readers in (["zone:nowhere"], ["hefei"], []):
        assert (await act(world, bulletin, "publication", readers=readers)).status_code == 422
    assert (await act(world, bulletin, "cancellation")).json()["status"] == "cancelled"


async def test_documents_say_what_the_page_says(world: World) -> None:
    bulletin = await published(world, "all")
    word = await ask(world, "hefei", "GET", f"/bulletins/{bulletin['id']}/document")
    assert word.status_code == 200
    said = [paragraph.text for paragraph in Document(BytesIO(word.content)).paragraphs]
    assert said[0] == bulletin["title"]
    assert f"〔{bulletin['year']}〕{bulletin['number']}号" in said
    assert "一、总体情况" in said and "（一）片区" in said
    assert any(text.startswith("第1名 ") for text in said) and not any(". 第" in text for text in said)
    for sentence in sentences(bulletin):
        assert any(text.endswith(sentence["text"]) for text in said)
    pdfs = [await ask(world, "hefei", "GET", f"/bulletins/{bulletin['id']}/document?format=pdf") for _ in range(2)]
    assert pdfs[0].content.startswith(b"%PDF") and pdfs[0].content == pdfs[1].content
    assert (await ask(world, "hefei", "GET", f"/bulletins/{bulletin['id']}/document?format=odt")).status_code == 422


async def test_every_change_is_told_and_audited(world: World) -> None:
    bulletin = await published(world, "zone:hefei", "unit:swt")
    async with world.server() as server:
        told = await server.fetch(
            "SELECT type, tenant, sequence, data FROM outbox WHERE subject = $1 ORDER BY position", bulletin["id"]
        )
        kept = await server.fetch("SELECT action FROM audit WHERE thing_id = $1 ORDER BY number", bulletin["id"])
    happened = [row["type"].split(".", 2)[2].removesuffix(".v1") for row in told]
    assert happened == ["bulletin.drafted", "bulletin.published"] == [row["action"] for row in kept]
    assert [row["sequence"] for row in told] == [1, 2]
    assert {row["tenant"] for row in told} == {"province"}
    assert json.loads(told[1]["data"])["audiences"] == ["zone:hefei", "unit:swt"]


ADD = """INSERT INTO bulletin (id, title, since, until, plans, zones, parts, sentences, drafted_by)
         VALUES (uuidv7(), '', '2026-01-01', '2026-01-01', '{}', '{}', '[]', '{}', '')"""


@pytest.mark.parametrize(("scope", "tenant", "unit"), [("tenant", "hefei", ""), ("unit", "", "swt"), ("audit", "", "")])
async def test_the_database_itself_lets_the_province_alone_write(
    world: World, scope: str, tenant: str, unit: str
) -> None:
    bulletin = await published(world, "all")
    assert await _as(world, scope, tenant, unit, ADD) == "refused"
    draft, _ = await drafted(world)
    for each in (bulletin, draft):
        change = "UPDATE bulletin SET title = '' WHERE id = $1"
        assert await _as(world, scope, tenant, unit, change, each["id"]) == "UPDATE 0"


async def test_the_database_itself_keeps_what_is_published(world: World) -> None:
    bulletin = await published(world, "all")
    for sql, answer in (
        ("UPDATE bulletin SET title = '' WHERE id = $1", "UPDATE 0"),
        ("DELETE FROM bulletin WHERE id = $1", "refused"),
        ("UPDATE bulletin_fact SET fact = '{}' WHERE bulletin_id = $1", "refused"),
        ("DELETE FROM bulletin_fact WHERE bulletin_id = $1", "refused"),
        (
            "INSERT INTO bulletin_fact SELECT bulletin_id, 999999, line_id, sentences, fact FROM bulletin_fact"
            " WHERE bulletin_id = $1 LIMIT 1",
            "refused",
        ),
    ):
        assert await _as(world, "all", "", "", sql, bulletin["id"]) == answer
