"""The pages of meetings and decisions: planned, held, decided, noted on a line, done, all by forms."""

import re

from chassis.clock import today
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser, csrf, here
from gateway.portal.tests.test_lines import Line, hefei
from tests.support import decision

__all__ = ["hefei"]


def post(browser: Browser, path: str, act: str, version: int, **given: str) -> str:
    """Sends a form of the page; what is shown then."""
    fields = {"_csrf": csrf(browser.get(path)), "_version": str(version), "act": act}
    return browser.post(path, data=fields | given).text


def test_a_meeting_is_planned_and_held_and_decides(as_user: AsUser) -> None:
    office, city, day = as_user("province.admin"), as_user("hefei.admin"), today().isoformat()
    form = office.get("/meetings/_new")
    planned = office.post(
        "/meetings/_new",
        data={"_csrf": csrf(form), "title": "领导小组第一次会议", "held_on": day, "agenda": "听取汇报\n\n审议方案"},
    )
    path = here(planned)
    assert "会议已登记" in planned.text and planned.text.count("<li>") >= 2
    assert "已登记为召开" in post(office, path, "conclude", 1)
    decided = post(office, path, "decide", 2, text="加快建设保税仓库", office="zone:hefei", due=day)
    assert "议定事项已录入" in decided and "加快建设保税仓库" in decided
    assert "加快建设保税仓库" in city.get("/decisions").text
    assert city.get(path).status_code == 404
    assert "领导小组第一次会议" in as_user("auditor.demo").get("/meetings").text


def test_what_is_wrong_with_a_decision_is_said_at_its_field(system: System, as_user: AsUser) -> None:
    meeting, _ = decision(system, "unit:swt")
    shown = post(as_user("province.admin"), f"/meetings/{meeting}", "decide", 2, text="…", office="", due="2020-01-01")
    assert "#decide-office" in shown and 'value="2020-01-01"' in shown


def test_a_decision_is_noted_on_a_line_and_done(system: System, as_user: AsUser, hefei: Line) -> None:
    _, decided = decision(system, "zone:hefei")
    office, path = as_user("province.admin"), f"/decisions/{decided}"
    assert "#note-task" in post(office, path, "note", 1, task="no-such", jurisdiction="hefei")
    noted = post(office, path, "note", 1, task=hefei["task"]["code"], jurisdiction="hefei")
    assert "已记入推进事项" in noted and f"/lines/{hefei['id']}" in noted
    assert "领导小组会议议定" in office.get(f"/lines/{hefei['id']}").text
    assert "已登记办结" in post(office, path, "complete", 2, outcome="已建成")
    city = as_user("hefei.admin").get(path)
    assert "已建成" in city.text and "登记办结" not in city.text


def test_a_decision_becomes_an_order_that_leads_back_to_it(system: System, as_user: AsUser, hefei: Line) -> None:
    _, decided = decision(system, "zone:hefei")
    office, path = as_user("province.admin"), f"/decisions/{decided}"
    form = office.get(path).text
    assert f'value="{today().isoformat()}"' in form and '<option value="zone:hefei" selected>' in form
    given = {"title": "建设保税仓库", "requirement": "请报方案。", "lead": "zone:hefei"}
    assert "#order-deadline" in post(office, path, "order", 1, **given, deadline="2020-01-01")
    assert f'name="lines" value="{hefei["id"]}"' in form
    also = {"members": "unit:swt", "lines": hefei["id"]}
    made = post(office, path, "order", 1, **given, deadline=today().isoformat(), **also)
    assert "已转督办单，请在督办单页交办" in made and "登记办结" not in made
    order = re.search(r'href="(/orders/[0-9a-f-]{36})"', made)
    assert order
    shown = office.get(order[1]).text
    assert f'href="{path}"' in shown and f'href="/lines/{hefei["id"]}"' in shown
    assert "待交办" in as_user("hefei.admin").get(path).text


def test_a_proposed_task_is_written_into_the_plan_as_it_was_decided(system: System, as_user: AsUser) -> None:
    _, decided = decision(system, "unit:swt")
    office, path = as_user("province.admin"), f"/decisions/{decided}"
    form = post(office, path, "propose", 1, plan="1", title="建设保税仓库")
    shown = office.get(path).text
    entry = re.search(r'href="(/manuscripts/1/tasks/0[^"]+)"', shown)
    assert entry and "尚未列入目录" in shown
    assert "请核对任务内容后保存" in form and 'value="建设保税仓库"' in form and 'value="省商务厅"' in form
    assert re.search(r'name="number"[^>]*value="1[1-9]\d"', form)


def test_others_are_not_shown_the_form(as_user: AsUser) -> None:
    assert as_user("hefei.admin").get("/meetings/_new").status_code == 404
    assert as_user("hefei.admin").get("/meetings").status_code == 404
