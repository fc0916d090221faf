"""Plans written on the pages: task by task, in Excel, compared, submitted; nothing here is published."""

from collections.abc import Iterator
from io import BytesIO

import httpx
import pytest
from openpyxl import load_workbook

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser, csrf, here
from gateway.portal.tests.test_catalog import error_at
from portal.manuscripts import rules
from tests.support import forget_manuscript

HEFEI = "/manuscripts/hefei"


@pytest.fixture(autouse=True)
def untouched(system: System) -> Iterator[None]:
    """The plan of Hefei as it is published, before and after."""
    forget_manuscript(system, "hefei")
    yield
    forget_manuscript(system, "hefei")


def add(browser: Browser, title: str, **more: str) -> httpx.Response:
    page = browser.get(f"{HEFEI}/tasks/0")
    return browser.submit(page, "/tasks/0", **{"title": title, "unit": "合肥市", "role": "lead"} | more)


def titles(page: httpx.Response) -> list[str]:
    return [
        part.partition("</a>")[0].rpartition(">")[2]
        for part in page.text.split('<li class="list-group-item" id="task-')[1:]
    ]


def upload(browser: Browser, content: bytes) -> httpx.Response:
    page = browser.get(HEFEI)
    return browser.post(f"{HEFEI}/sheets", data={"_csrf": csrf(page)}, files={"file": ("方案.xlsx", content)})


def test_a_city_adds_moves_changes_and_removes_tasks(as_user: AsUser) -> None:
    browser = as_user("hefei.admin")
    assert HEFEI in browser.get("/manuscripts").text
    before = titles(browser.get(HEFEI))
    for title in ("推进甲", "推进乙"):
        page = add(browser, title)
    assert titles(page) == [*before, "推进甲", "推进乙"]
    page = browser.submit(page, f"/tasks/{len(before) + 2}/up")
    assert titles(page) == [*before, "推进乙", "推进甲"]
    form = browser.get(f"{HEFEI}/tasks/{len(before) + 1}")
    page = browser.submit(form, "/tasks/", title="推进<丙>", unit="合肥市", role="lead", due="2026-12-31")
    assert "推进&lt;丙&gt;" in page.text and "2026" in page.text
    page = browser.submit(page, f"/tasks/{len(before) + 2}/removal")
    assert len(titles(page)) == len(before) + 1


def test_what_is_wrong_stands_at_its_field_and_nothing_that_was_typed_is_lost(as_user: AsUser) -> None:
    browser = as_user("hefei.admin")
    refused = add(browser, "推进甲", number="零", text="已写的措施")
    assert refused.status_code == 422
    assert "已写的措施" in refused.text and 'value="合肥市"' in refused.text


def test_the_template_comes_filled_and_a_sheet_is_seen_before_it_is_taken_over(as_user: AsUser) -> None:
    browser = as_user("hefei.admin")
    add(browser, "推进甲")
    template = browser.get(f"{HEFEI}/template")
    assert template.headers["content-disposition"].startswith("attachment")
    book = load_workbook(BytesIO(template.content))
    page = book["任务"]
    last = page.max_row
    page.append([9001, "推进丁", "措施", "合肥市", "省商务厅", "2026-06-30"])
    page.append(["第几", "推进戊", "", "", "", ""])
    wrong = upload(browser, saved(book))
    assert f"A{last + 2} 编号" in wrong.text and f"D{last + 2} 牵头单位：必填" in wrong.text
    page.delete_rows(last + 2)
    seen = upload(browser, saved(book))
    assert here(seen).startswith(f"{HEFEI}/sheets/")
    assert "推进丁" not in browser.get(HEFEI).text
    taken = browser.submit(seen, "/sheets/")
    assert (here(taken), titles(taken)[-1]) == (HEFEI, "推进丁")


def saved(book: object) -> bytes:
    out = BytesIO()
    book.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def test_an_upload_without_a_file_or_of_another_kind_says_so(as_user: AsUser) -> None:
    browser = as_user("hefei.admin")
    page = browser.get(HEFEI)
    assert error_at(browser.post(f"{HEFEI}/sheets", data={"_csrf": csrf(page)}), "file") == "尚未选择文件"
    assert ".xlsx" in error_at(upload(browser, b"nothing"), "file")


def test_a_plan_is_compared_then_submitted_as_a_draft(as_user: AsUser) -> None:
    browser = as_user("hefei.admin")
    add(browser, "推进甲", unit="合肥市某局")
    page = browser.get(f"{HEFEI}/comparison")
    assert "推进甲" in page.text and "合肥市某局" in page.text and "通知所列 24 项" in page.text
    submitted = browser.submit(page, "/submission")
    assert here(submitted).startswith("/editions/") and "草案" in submitted.text
    assert here(submitted) in browser.get(HEFEI).text


def test_the_province_returns_a_plan_with_remarks_that_the_zone_reads(as_user: AsUser) -> None:
    zone, office = as_user("hefei.admin"), as_user("province.admin")
    add(zone, "待退回的任务")
    draft = here(zone.submit(zone.get(f"{HEFEI}/comparison"), "/submission"))
    refused = office.submit(office.get(draft), "/return", remarks="")
    assert refused.status_code == 422 and "#f-remarks" in refused.text
    back = office.submit(refused, "/return", remarks="请补充措施")
    assert "已退回片区" in back.text and "请补充措施" in back.text
    assert "请补充措施" in zone.get(HEFEI).text and "已退回" in zone.get(HEFEI).text
    assert HEFEI in zone.get(draft).text
    assert draft in office.get("/editions?status=returned").text


def test_the_province_begins_a_further_plan_for_some_zones(as_user: AsUser) -> None:
    browser = as_user("province.admin")
    page = browser.get("/manuscripts")
    begun = browser.submit(page, "/manuscripts", name="数字贸易专项", zones="wuhu")
    plan = here(begun)
    assert begun.status_code == 200 and "数字贸易专项" in begun.text
    named = browser.submit(begun, f"{plan}/name", name="数字贸易发展专项", zones="bengbu")
    assert "数字贸易发展专项" in named.text
    browser.submit(named, f"{plan}/discarding")
    assert browser.get(plan).status_code == 404


@pytest.mark.parametrize("user", ["dept.swt", "auditor.demo"])
def test_others_write_no_plans(as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    assert 'href="/manuscripts' not in browser.get("/plans").text
    assert browser.get("/manuscripts").status_code == 404


def test_a_city_sees_no_other_s_plan(as_user: AsUser) -> None:
    browser = as_user("wuhu.admin")
    assert HEFEI not in browser.get("/manuscripts").text
    assert browser.get(HEFEI).status_code == 404


def test_a_plan_has_a_page_with_the_announced_number_beside_the_entered_one(as_user: AsUser) -> None:
    page = as_user("dept.swt").get("/plans/hefei")
    assert page.status_code == 200
    assert "通知所列" in page.text and "24 项" in page.text
    assert "通知所列 24 项，已录入" in as_user("province.admin").get("/overview").text


TASKS = [{"number": number, "title": title} for number, title in ((1, "甲"), (3, "乙"), (4, "丙"))]


@pytest.mark.parametrize(
    ("number", "step", "expected"),
    [(1, 1, "乙甲丙"), (3, -1, "乙甲丙"), (4, -1, "甲丙乙"), (1, -1, "甲乙丙"), (4, 1, "甲乙丙"), (2, 1, "甲乙丙")],
)
def test_a_moved_task_takes_its_neighbour_s_number(number: int, step: int, expected: str) -> None:
    found = sorted(rules.moved(TASKS, number, step), key=lambda task: task["number"])
    assert "".join(task["title"] for task in found) == expected
    assert [task["number"] for task in found] == [1, 3, 4]
