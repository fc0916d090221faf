"""Lists as Excel: at once, or in the background when they are long."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import asyncpg
import httpx
import jwt
import pytest
from docx import Document
from openpyxl import load_workbook

from chassis.clock import now
from chassis.events import uuid7
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser, NewPortal
from gateway.portal.tests.support import Browser, csrf, here, until
from portal.exports import pages as exporting
from portal.exports.lists import LISTS
from portal.exports.rules import AT_ONCE, KEPT, LARGE, Export, State
from portal.session.rules import key_of
from tests.support import CATALOG, PROGRESS, get, lines, open_period, order_in_hand, pages

LONG = LARGE + 500
MESSAGES = """
    INSERT INTO delivery (id, channel, address, masked, key, title, body, href, at, state, next_try, settled_at)
    SELECT uuidv7(interval '-20 days'), $1, CAST(n AS text), CAST(n AS text), '', '', '', '/', now(), 'sent', NULL,
           now()
    FROM generate_series(1, CAST($2 AS integer)) n
"""
ASKED = """
    WITH task AS (
        INSERT INTO export_task (id, owner, asked_at, session_key, tries, held_until, worker)
        VALUES ($1, $2, now(), $3, 1, now() + interval '1 hour', 'lost')
    )
    INSERT INTO export (id, owner, list, query, language, done) VALUES ($1, $2, 'deliveries', $4, 'zh', 400)
"""


def taken(answer: httpx.Response) -> list[tuple[object, ...]]:
    """The rows of a file."""
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    page = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref
    return list(page.iter_rows(values_only=True))


def asked(browser: Browser, path: str) -> httpx.Response:
    return browser.post(path, data={"_csrf": csrf(browser.get("/about"))})


def test_all_lines_that_fit_are_there_with_real_types(as_user: AsUser, system: System) -> None:
    path = "/exports/lines?plan=3&cursor=nonsense&state=not_started"
    titles, *found = taken(asked(as_user("province.admin"), path))
    there = pages(system, "province.admin", f"{PROGRESS}/lines", plan="3", state="not_started")
    column = titles.index("事项")
    assert [row[column] for row in found] == [line["task"]["title"] for line in there]
    assert {type(row[titles.index("完成比例")]) for row in found} == {int}
    assert {row[titles.index("状态")] for row in found} == {"未开始"}


def test_each_reader_gets_what_is_shown_to_them(as_user: AsUser, system: System) -> None:
    _, *found = taken(asked(as_user("hefei.admin"), "/exports/lines"))
    assert {row[0] for row in found} == {"合肥片区"}
    assert len(found) == len(lines(system, "hefei.admin"))


def test_days_are_days(as_user: AsUser, system: System) -> None:
    order_in_hand(system)
    browser = as_user("province.admin")
    titles, *found = taken(browser.submit(browser.get("/orders"), "/exports/orders"))
    assert isinstance(found[0][titles.index("办理时限")], date)


@pytest.mark.parametrize(
    ("user", "path"),
    [
        ("province.admin", "secrets"),
        ("operator.demo", "lines"),
        ("hefei.admin", "trail?of=progress"),
        ("province.admin", "trail"),
        ("province.admin", "trail?of=progress/v1/lines?"),
    ],
)
def test_there_are_no_other_lists(as_user: AsUser, user: str, path: str) -> None:
    assert asked(as_user(user), f"/exports/{path}").status_code == 404


def test_a_list_is_asked_for_as_its_page_is_narrowed() -> None:
    given = {"of": "notify", "thing": "4711", "cursor": "x", "foreign": "y"}
    assert LISTS["trail"].query(given) == "of=notify&thing=4711"
    assert LISTS["trail"].asked(given) == ("/api/notify/v1/audit", {"thing_id": "4711"})
    assert LISTS["trail"].asked({"of": "../x"}) is None


@pytest.mark.parametrize(
    ("known", "state", "share"),
    [
        ({"making": True, "done": 400}, State.MAKING, None),
        ({"making": True, "done": 400, "expected": 1600}, State.MAKING, 25),
        ({"making": True, "done": 2000, "expected": 1600}, State.MAKING, 99),
        ({"size": 9, "done": 1600}, State.READY, None),
        ({"failure": "away"}, State.FAILED, None),
        ({}, State.FAILED, None),
    ],
)
def test_an_export_is_made_ready_or_failed(known: dict[str, object], state: State, share: int | None) -> None:
    given = {"making": False, "done": 0, "expected": None, "size": None, "failure": None, "ended_at": None} | known
    export = Export(id=uuid4(), list="lines", query="", asked_at=now(), seen=False, **given)  # type: ignore[arg-type]
    assert (export.state, export.share) == (state, share)


@pytest.fixture
async def channel(system: System, server: asyncpg.Connection) -> AsyncIterator[str]:
    """A channel of which the delivery log has more messages than are taken away at once."""
    name = f"test-{uuid4().hex}"
    notify = await asyncpg.connect(system.database("notify"))
    await notify.execute(MESSAGES, name, LONG)
    yield name
    await notify.execute("DELETE FROM delivery WHERE channel = $1", name)
    await server.execute(
        "DELETE FROM export_task WHERE id IN (SELECT id FROM export WHERE strpos(query, $1) > 0)", name
    )
    await notify.close()


def row_of(text: str, export: UUID) -> str:
    """What a page says of an export; empty when it does not name it."""
    return text.partition(f'id="export-{export}"')[2].partition("export-")[0]


def ready(browser: Browser, export: UUID) -> httpx.Response:
    """The file of an export, once it is there."""
    path = f"/exports/{export}/file"
    until(lambda: path in browser.get("/exports/_list").text or None, 60)
    return browser.get(path)


def file_of(browser: Browser, export: UUID) -> list[tuple[object, ...]]:
    """Its rows."""
    return taken(ready(browser, export))


def whole(found: list[tuple[object, ...]]) -> bool:
    titles, *rows = found
    place = titles.index("收件方")
    return [row[place] for row in rows] == [str(number) for number in range(LONG, 0, -1)]


async def test_a_long_list_comes_to_the_inbox(as_user: AsUser, server: asyncpg.Connection, channel: str) -> None:
    province, operator = as_user("province.admin"), as_user("operator.demo")
    page = province.submit(province.get(f"/deliveries?channel={channel}"), "/exports/deliveries")
    assert here(page) == "/exports"
    assert "正在后台导出" in page.text
    export = await server.fetchval("SELECT id FROM export WHERE query = $1", f"channel={channel}")
    assert row_of(page.text, export)
    until(lambda: "导出完成：消息投递" in row_of(province.get("/inbox").text, export) or None, 60)
    assert "未读" in row_of(province.get("/inbox?unread=true").text, export)
    province.cookies.set("lang", "en")
    assert "Ready: Deliveries" in row_of(province.get("/inbox").text, export)
    province.cookies.set("lang", "zh")
    assert [operator.get(f"/exports/{export}/file").status_code, row_of(operator.get("/exports").text, export)] == [
        *(404, ""),
    ]
    assert asked(operator, f"/exports/{export}/reading").status_code == 404
    assert whole(file_of(province, export))
    assert not row_of(province.get("/inbox?unread=true").text, export)
    await server.execute("UPDATE export_task SET asked_at = $2 WHERE id = $1", export, now() - KEPT - timedelta(1))
    until(lambda: province.get(f"/exports/{export}/file").status_code == 404 or None)


async def test_what_was_being_made_is_taken_up_again_and_made_once(
    as_user: AsUser, new_portal: NewPortal, system: System, server: asyncpg.Connection, channel: str
) -> None:
    browser, reached = as_user("province.admin"), asyncio.Event()
    owner = jwt.decode(system.token("province.admin"), options={"verify_signature": False})["sub"]
    exports = sorted(uuid7() for _ in range(AT_ONCE))
    for number, export in enumerate(exports):
        query = f"channel={channel}&state=sent" if number else f"channel={channel}"
        await server.execute(ASKED, export, owner, key_of(browser.secret()), query)
    assert "400" in row_of(browser.get("/exports").text, exports[0])
    assert asked(browser, f"/exports/deliveries?channel={channel}&state=").status_code == 200
    assert asked(browser, "/exports/deliveries").status_code == 429
    asked_for = 0

    async def stop_at_the_third(request: httpx.Request) -> None:
        nonlocal asked_for
        asked_for += request.url.path.endswith("/deliveries")
        if asked_for == 3:
            reached.set()
            await asyncio.Event().wait()

    async with new_portal(system.endpoints["gateway"], stop_at_the_third, ZP_INSTANCE="lost"):
        await asyncio.wait_for(reached.wait(), 20)
    assert whole(file_of(browser, exports[0]))
    made = await server.fetchrow("SELECT tries, worker FROM export_task WHERE id = $1", exports[0])
    assert tuple(made) == (3, None)


async def test_nothing_is_made_for_who_has_logged_out(
    browser: Browser, as_user: AsUser, system: System, server: asyncpg.Connection, channel: str
) -> None:
    page, export = browser.log_in("operator.demo"), uuid7()
    owner = jwt.decode(system.token("operator.demo"), options={"verify_signature": False})["sub"]
    await server.execute(ASKED, export, owner, key_of(browser.secret()), f"channel={channel}")
    browser.submit(page, "/logout")
    again = as_user("operator.demo")
    row = row_of(again.get("/exports").text, export)
    assert "导出期间登录已结束" in row
    assert f'action="/exports/deliveries?channel={channel}"' in row


async def test_a_long_document_is_offered_to_be_made(
    as_user: AsUser, new_portal: NewPortal, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "LARGE", 10)
    period, secret = open_period(system, ["3"]), as_user("province.admin").secret()
    offered = {
        "/documents/breakdown?plan=3&cursor=x": "/exports/breakdown?plan=3",
        f"/periods/{period}/results?format=docx": f"/exports/results-docx?period={period}",
    }
    async with new_portal(system.endpoints["gateway"], ZP_INSTANCE="short") as portal:
        for path, action in offered.items():
            page = await portal.get(path, headers={"Cookie": f"session={secret}"})
            assert f'action="{action}"' in page.text, page.text
            assert "请在后台导出" in page.text


async def test_documents_and_results_are_made_in_the_background(
    as_user: AsUser, system: System, server: asyncpg.Connection
) -> None:
    browser, period = as_user("bengbu.admin"), open_period(system, ["3"])
    tasks = len(pages(system, "bengbu.admin", f"{CATALOG}/tasks", plan="3"))
    owed = sum(cell["expected"] for cell in get(system, "bengbu.admin", f"{PROGRESS}/periods/{period}")["cells"])
    there = len(pages(system, "bengbu.admin", f"{PROGRESS}/lines", plan="3"))
    made = {"breakdown?plan=3": tasks + there, "report": None, f"results-xlsx?period={period}": owed}
    files = {}
    for asked_for, rows in made.items():
        assert here(asked(browser, f"/exports/{asked_for}")) == "/exports"
        name, _, query = asked_for.partition("?")
        newest = "SELECT id FROM export WHERE list = $1 AND query = $2 ORDER BY id DESC LIMIT 1"
        export = await server.fetchval(newest, name, query)
        files[name] = ready(browser, export)
        assert rows in (None, await server.fetchval("SELECT done FROM export WHERE id = $1", export))
    document = Document(BytesIO(files["breakdown"].content))
    assert sum(len(table.rows) - 1 for table in document.tables) == tasks
    assert "docx" in files["report"].headers["Content-Disposition"]
    report = Document(BytesIO(files["report"].content))
    assert "蚌埠片区共有推进事项" in "".join(part.text for part in report.paragraphs)
    assert load_workbook(BytesIO(files["results-xlsx"].content)).worksheets
    assert "导出完成：推进情况报告" in browser.get("/inbox").text


def test_a_document_that_is_not_for_the_reader_is_not_made(as_user: AsUser) -> None:
    browser = as_user("wuhu.admin")
    asked(browser, "/exports/report?jurisdiction=hefei")
    until(lambda: "内容已不存在，或者您无权查看" in browser.get("/exports/_list").text or None, 60)
