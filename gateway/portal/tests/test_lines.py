"""The pages of lines: lists, one line, what each role may do there, reports and decisions by forms."""

import html
import re
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser
from tests.support import done, line, lines

Line = dict[str, Any]
ACTS = re.compile(r'name="act" value="(\w+)"')
ROWS = re.compile(r'id="line-([0-9a-f-]{36})"')


@pytest.fixture
def hefei(system: System) -> Line:
    """A line of Hefei to which nothing was done yet, of a late task: other tests take the early ones."""
    for found in reversed(lines(system, "province.admin", jurisdiction="hefei", state="not_started")):
        if found["version"] == 1:
            return found
    raise AssertionError("no fresh line is left")


def submit(browser: Browser, page: httpx.Response, act: str, /, **given: str | list[str]) -> httpx.Response:
    """Sends the page's form of an act, with its hidden fields."""
    for body in re.findall(r"<form\b[^>]*>(.*?)</form>", page.text, re.DOTALL):
        if f'name="act" value="{act}"' in body:
            hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', body)
            return browser.post(urlsplit(str(page.url)).path, data=dict(hidden) | given)
    raise AssertionError(f"no form {act}")


def report(browser: Browser, page: httpx.Response, **given: str) -> httpx.Response:
    return submit(browser, page, "report", **{"percent": "40", "done": "已完成一期"} | given)


def field(page: httpx.Response, name: str) -> str:
    """What stands in a text field."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>([^<]*)</textarea>', page.text)
    assert found
    return html.unescape(found[1])


@pytest.mark.parametrize("user", ["province.admin", "hefei.admin", "dept.swt", "auditor.demo"])
def test_a_list_shows_the_lines_that_its_address_asks_for(system: System, as_user: AsUser, user: str) -> None:
    page = as_user(user).get("/lines", params={"jurisdiction": "hefei", "plan": "3"})
    expected = lines(system, user, jurisdiction="hefei", plan="3")
    assert page.status_code == 200
    assert ROWS.findall(page.text) == [found["id"] for found in expected][:25]
    assert f"共 {len(expected)} 项" in page.text


def test_a_list_goes_on_page_by_page_with_its_filters(system: System, as_user: AsUser) -> None:
    browser, found = as_user("hefei.admin"), []
    address = "/lines?state=not_started&light=green"
    while address:
        page = browser.get(address)
        found += ROWS.findall(page.text)
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        address = html.unescape(following[1]) if following else ""
    assert set(found) >= {found["id"] for found in lines(system, "hefei.admin", state="not_started", light="green")}
    assert len(found) == len(set(found))


def test_a_list_is_sorted_by_its_headers_and_has_the_columns_of_its_address(system: System, as_user: AsUser) -> None:
    browser = as_user("hefei.admin")
    page = browser.get("/lines", params={"plan": "3", "columns": ["percent", "moved_on", "nonsense"]})
    headers = re.findall(r'<th [^>]*aria-sort="(\w+)">\s*<a class="lines-sort" href="([^"]+)">(\w+)', page.text)
    assert [(order, words) for order, _, words in headers] == [("none", "完成比例")]
    assert "最近进展" in page.text.partition("</thead>")[0]
    sorted_page = browser.get(html.unescape(headers[0][1]))
    assert 'aria-sort="ascending"' in sorted_page.text
    expected = lines(system, "hefei.admin", plan="3", sort="percent")
    assert ROWS.findall(sorted_page.text) == [found["id"] for found in expected][:25]


def test_a_list_without_hits_says_so(as_user: AsUser) -> None:
    assert "没有符合条件的推进事项" in as_user("hefei.admin").get("/lines", params={"q": uuid4().hex}).text


def test_a_list_is_read_in_english(as_user: AsUser) -> None:
    browser = as_user("hefei.admin")
    browser.get("/language/en")
    assert "No lines fit" in browser.get("/lines", params={"q": uuid4().hex}).text


@pytest.mark.parametrize("user", ["province.admin", "hefei.admin", "dept.swt", "auditor.demo"])
@pytest.mark.parametrize("jurisdiction", ["hefei", "province"])
def test_the_forms_of_a_line_are_its_actions(system: System, as_user: AsUser, user: str, jurisdiction: str) -> None:
    browser = as_user(user)
    shown = lines(system, user, jurisdiction=jurisdiction)
    kinds = {tuple(each["actions"]): each for each in shown}
    for actions, each in kinds.items():
        page = browser.get(f"/lines/{each['id']}")
        assert page.status_code == 200
        speaks = user != "auditor.demo"
        offered = [act for act in ACTS.findall(page.text) if act != "withdraw_comment"]
        assert offered == [*actions, *(["comment"] if speaks else [])]


def test_a_foreign_line_is_the_same_page_as_none(as_user: AsUser, hefei: Line) -> None:
    browser = as_user("wuhu.admin")
    missing = uuid4()
    foreign, none = browser.get(f"/lines/{hefei['id']}"), browser.get(f"/lines/{missing}")
    assert (foreign.status_code, none.status_code) == (404, 404)

    def plain(answer: httpx.Response, known: object) -> str:
        text = re.sub(r'name="_key" value="[^"]+"|(?:[0-9a-f]{32})', "", answer.text)
        return text.replace(str(known), "")

    assert plain(foreign, hefei["id"]) == plain(none, missing)
    for part in ("reports", "history"):
        assert browser.get(f"/lines/{hefei['id']}/{part}").status_code == 404


def test_a_report_with_errors_says_them_at_the_fields_and_keeps_what_was_typed(
    system: System, as_user: AsUser, hefei: Line
) -> None:
    browser = as_user("hefei.admin")
    page = browser.get(f"/lines/{hefei['id']}")
    wrong = report(browser, page, percent="130", done="", problems="接口未通", finished="1")
    assert wrong.status_code == 422
    assert 'id="report-percent-error"' in wrong.text
    assert 'id="report-done-error"' in wrong.text
    assert 'href="#report-percent"' in wrong.text
    assert field(wrong, "problems").strip() == "接口未通"
    assert line(system, hefei["id"])["latest_report"] is None

    unfinished = report(browser, wrong, percent="60", finished="1")
    assert unfinished.status_code == 422
    assert "报告完成时应为 100" in unfinished.text

    good = report(browser, unfinished, percent="60")
    assert good.status_code == 200
    assert "填报已提交" in good.text
    assert line(system, hefei["id"])["percent"] == 60
    assert "0%→60%" in re.sub(r"<[^>]+>|\s+|改为", "", good.text)


def test_the_form_begins_with_the_last_report(system: System, as_user: AsUser, hefei: Line) -> None:
    done(system, "hefei.admin", hefei["id"], "reports", percent=35, done="已开工", problems="缺人", next_steps="招聘")
    page = as_user("hefei.admin").get(f"/lines/{hefei['id']}")
    assert [field(page, name) for name in ("done", "problems", "next_steps")] == ["已开工", "缺人", "招聘"]
    assert re.search(r'name="percent"[^>]*value="35"', page.text)


def test_a_stale_form_shows_what_is_there_now_and_keeps_what_was_typed(
    system: System, as_user: AsUser, hefei: Line
) -> None:
    browser = as_user("hefei.admin")
    page = browser.get(f"/lines/{hefei['id']}")
    done(system, "hefei.admin", hefei["id"], "reports", percent=70, done="他人已填报", problems="", next_steps="")
    stale = report(browser, page, percent="55", done="我的内容")
    assert stale.status_code == 412
    assert "已有变化" in stale.text
    assert "他人已填报" in stale.text
    assert field(stale, "done") == "我的内容"
    assert line(system, hefei["id"])["percent"] == 70
    assert report(browser, stale, percent="55", done="我的内容").status_code == 200
    assert line(system, hefei["id"])["percent"] == 55


def test_a_form_sent_twice_reports_once(system: System, as_user: AsUser, hefei: Line) -> None:
    browser = as_user("hefei.admin")
    page = browser.get(f"/lines/{hefei['id']}")
    assert [report(browser, page).status_code for _ in range(2)] == [200, 200]
    assert line(system, hefei["id"])["latest_report"]["number"] == 1


def test_the_province_returns_with_a_reason_and_confirms(system: System, as_user: AsUser, hefei: Line) -> None:
    done(system, "hefei.admin", hefei["id"], "reports", percent=20, done="初稿", problems="", next_steps="")
    browser = as_user("province.admin")
    page = browser.get(f"/lines/{hefei['id']}")
    without = submit(browser, page, "return", reason=" ")
    assert without.status_code == 422
    assert 'id="return-reason-error"' in without.text
    returned = submit(browser, without, "return", reason="请补充时间节点")
    assert "填报已退回" in returned.text
    assert "请补充时间节点" in returned.text
    assert "请补充时间节点" in as_user("hefei.admin").get(f"/lines/{hefei['id']}").text

    done(system, "hefei.admin", hefei["id"], "reports", percent=30, done="修改稿", problems="", next_steps="")
    confirmed = submit(browser, browser.get(f"/lines/{hefei['id']}"), "confirm", remark="同意")
    assert "填报已确认" in confirmed.text
    assert line(system, hefei["id"])["latest_report"]["remark"] == "同意"


def test_a_decision_on_a_report_that_was_replaced_decides_nothing(system: System, as_user: AsUser, hefei: Line) -> None:
    done(system, "hefei.admin", hefei["id"], "reports", percent=20, done="初稿", problems="", next_steps="")
    browser = as_user("province.admin")
    page = browser.get(f"/lines/{hefei['id']}")
    done(system, "hefei.admin", hefei["id"], "reports", percent=25, done="第二稿", problems="", next_steps="")
    answer = submit(browser, page, "return", reason="未写原因")
    assert answer.status_code == 412
    assert field(answer, "reason") == "未写原因"
    assert "第二稿" in answer.text
    assert line(system, hefei["id"])["latest_report"]["status"] == "submitted"


def test_the_leading_unit_reviews(system: System, as_user: AsUser) -> None:
    led = next(each for each in lines(system, "dept.swt", jurisdiction="hefei") if _leads(each, "swt"))
    done(system, "hefei.admin", led["id"], "reports", percent=20, done="待审内容", problems="", next_steps="")
    browser = as_user("dept.swt")
    answer = submit(browser, browser.get(f"/lines/{led['id']}"), "review", opinion="object", remark="表述需核实")
    assert "审核意见已提交" in answer.text
    assert "有异议" in answer.text
    assert "表述需核实" in as_user("province.admin").get(f"/lines/{led['id']}").text


def _leads(found: Line, unit: str) -> bool:
    return found["state"] != "suspended" and bool({"code": unit, "role": "lead"}.items() <= found["units"][0].items())


def test_the_province_suspends_and_resumes(system: System, as_user: AsUser, hefei: Line) -> None:
    browser = as_user("province.admin")
    suspended = submit(browser, browser.get(f"/lines/{hefei['id']}"), "suspend", reason="等待政策明确")
    assert "事项已暂停" in suspended.text
    assert "等待政策明确" in suspended.text
    assert ACTS.findall(suspended.text) == ["resume", "comment"]
    assert ACTS.findall(as_user("hefei.admin").get(f"/lines/{hefei['id']}").text) == ["comment"]
    assert "事项已恢复" in submit(browser, suspended, "resume").text
    assert line(system, hefei["id"])["state"] == "not_started"


def test_who_sees_a_line_talks_about_it(as_user: AsUser, hefei: Line) -> None:
    zone, province, path = as_user("hefei.admin"), as_user("province.admin"), f"/lines/{hefei['id']}"
    said = f"请@省自贸办 协调 {uuid4()}"
    page = submit(zone, zone.get(path), "comment", text=said)
    assert "意见已发表" in page.text
    assert "已提醒：省自贸办" in page.text
    assert said in province.get(path).text
    assert said in as_user("auditor.demo").get(f"{path}/comments").text
    refused = submit(zone, page, "comment", text=" ")
    assert (refused.status_code, "data-kept" in refused.text) == (422, True)
    assert as_user("wuhu.admin").get(f"{path}/comments").status_code == 404
    assert "withdraw_comment" not in province.get(path).text
    assert "意见已撤回" in submit(zone, page, "withdraw_comment").text
    gone = province.get(f"{path}/comments").text
    assert ("已撤回" in gone, said in gone, "已提醒：省自贸办" in gone) == (True, False, True)


def test_what_nobody_may_do_is_refused(as_user: AsUser, hefei: Line) -> None:
    browser = as_user("hefei.admin")
    page = browser.get(f"/lines/{hefei['id']}")
    assert submit(browser, page, "report", act="suspend", reason="不想做了").status_code == 403
    assert submit(browser, page, "report", act="return", report="../..", reason="无").status_code == 404
    assert submit(browser, page, "report", act="nothing").status_code == 404


def test_texts_are_shown_as_they_are(system: System, as_user: AsUser, hefei: Line) -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{ 7 * 7 }}</textarea>'
    browser = as_user("hefei.admin")
    page = report(browser, browser.get(f"/lines/{hefei['id']}"), done=evil, problems=evil, next_steps=evil)
    assert page.status_code == 200
    for shown in (page, browser.get(f"/lines/{hefei['id']}/reports"), as_user("province.admin").get(page.url.path)):
        assert "<img" not in shown.text
        assert "<script>" not in shown.text
        assert html.escape(evil, quote=True).replace("&#x27;", "'") in shown.text.replace("&#34;", "&quot;")


def test_a_part_of_a_line_is_what_htmx_renews(as_user: AsUser, hefei: Line) -> None:
    part = as_user("hefei.admin").get(f"/lines/{hefei['id']}", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert all(f'id="{name}"' in part.text for name in ("facts", "acting", "schedule", "story"))


def test_a_line_leads_to_its_task_plan_and_rules(as_user: AsUser, hefei: Line) -> None:
    page = as_user("hefei.admin").get(f"/lines/{hefei['id']}")
    for address in (f"/tasks/{hefei['task']['code']}", f"/plans/{hefei['task']['plan']['code']}", "/how-lights-work"):
        assert f'href="{address}"' in page.text
