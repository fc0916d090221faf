"""The section of a line's page on its schedule: proposed, saved, completed, extended, all by forms."""

import re
from datetime import date, timedelta
from typing import Any

import httpx

from chassis.clock import today
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser
from gateway.portal.tests.test_lines import ACTS, Line, hefei, submit
from tests.support import PROGRESS, done, get

__all__ = ["hefei"]
DUES = re.compile(r'name="due"[^>]*value="(\d{4}-\d\d-\d\d)"')


def schedule_of(system: System, line: Line) -> dict[str, Any]:
    return dict(get(system, "province.admin", f"{PROGRESS}/lines/{line['id']}/schedule"))


def propose(browser: Browser, page: httpx.Response, deadline: date, **rows: list[str]) -> httpx.Response:
    return submit(browser, page, "schedule", do="propose", deadline=deadline.isoformat(), **rows)


def save(browser: Browser, page: httpx.Response, deadline: date, dues: list[str]) -> httpx.Response:
    rows = {"title": ["拟定方案", "推进", "评估"], "weight": ["20", "60", "20"], "due": dues}
    return submit(browser, page, "schedule", do="save", deadline=deadline.isoformat(), **rows)


def scheduled(browser: Browser, line: Line, deadline: date) -> httpx.Response:
    proposed = propose(browser, browser.get(f"/lines/{line['id']}"), deadline)
    saved = save(browser, proposed, deadline, DUES.findall(proposed.text))
    assert saved.status_code == 200, saved.text
    return saved


def test_days_are_proposed_without_saving_and_saved_when_wanted(system: System, as_user: AsUser, hefei: Line) -> None:
    browser, deadline = as_user("hefei.admin"), today() + timedelta(200)
    page = browser.get(f"/lines/{hefei['id']}")
    assert "尚未安排节点" in page.text
    proposed = propose(browser, page, deadline)
    dues = DUES.findall(proposed.text)
    assert proposed.status_code == 200
    assert (len(dues), dues[-1]) == (3, deadline.isoformat())
    assert all(f'value="{title}"' in proposed.text for title in ("制定方案", "组织实施", "总结评估"))
    assert schedule_of(system, hefei)["milestones"] == []

    saved = save(browser, proposed, deadline, dues)
    assert "进度安排已保存" in saved.text
    found = schedule_of(system, hefei)
    assert (found["first_deadline"], found["deadline"]) == (deadline.isoformat(), deadline.isoformat())
    assert [each["due"] for each in found["milestones"]] == dues
    assert all(f'id="milestone-{each["id"]}"' in saved.text for each in found["milestones"])
    assert "未到期" in saved.text
    assert "安排进度" in saved.text


def test_what_is_wrong_is_said_at_the_form_and_what_was_typed_is_kept(
    system: System, as_user: AsUser, hefei: Line
) -> None:
    browser = as_user("hefei.admin")
    page = browser.get(f"/lines/{hefei['id']}")
    short = propose(browser, page, today(), title=["调研", "论证"], weight=["1", "1"])
    assert short.status_code == 422
    assert 'id="schedule-deadline-error"' in short.text
    assert all(f'value="{title}"' in short.text for title in ("调研", "论证"))
    deadline = today() + timedelta(60)
    early = save(browser, short, deadline, [today().isoformat()] * 3)
    assert early.status_code == 422
    assert "最后一个节点应在完成时限" in early.text
    assert 'value="拟定方案"' in early.text
    assert schedule_of(system, hefei)["milestones"] == []


def test_a_milestone_is_completed_by_its_form(system: System, as_user: AsUser, hefei: Line) -> None:
    browser = as_user("hefei.admin")
    page = scheduled(browser, hefei, today() + timedelta(100))
    first = schedule_of(system, hefei)["milestones"][0]
    wrong = submit(
        browser, page, "complete", milestone=first["id"], on=(today() + timedelta(1)).isoformat(), note="已印发"
    )
    assert wrong.status_code == 422
    assert 'id="complete-on-error"' in wrong.text
    assert "已印发" in wrong.text
    reached = submit(browser, wrong, "complete", milestone=first["id"], on=today().isoformat(), note="已印发")
    assert "节点已完成" in reached.text
    now = schedule_of(system, hefei)["milestones"]
    assert [each["done_on"] for each in now] == [today().isoformat(), None, None]
    assert submit(browser, reached, "complete", milestone="..", on="").status_code == 404


def test_an_extension_is_asked_for_refused_and_approved(system: System, as_user: AsUser, hefei: Line) -> None:
    city, office = as_user("hefei.admin"), as_user("province.admin")
    first, later = today() + timedelta(40), today() + timedelta(400)
    page = scheduled(city, hefei, first)
    earlier = submit(city, page, "extend", deadline=first.isoformat(), cause="审批延后")
    assert 'id="extend-deadline-error"' in earlier.text
    asked = submit(city, earlier, "extend", deadline=later.isoformat(), cause="审批延后")
    assert "延期申请已提交" in asked.text
    assert "extend" not in ACTS.findall(asked.text)
    shown = office.get(f"/lines/{hefei['id']}")
    refused = submit(office, shown, "refuse_extension", reason="请先说明影响")
    assert "未同意延期" in refused.text
    assert schedule_of(system, hefei)["deadline"] == first.isoformat()

    done(system, "hefei.admin", hefei["id"], "extensions", deadline=later.isoformat(), cause="已说明影响")
    approved = submit(office, office.get(f"/lines/{hefei['id']}"), "approve_extension", remark="同意")
    assert "已同意延期" in approved.text
    found = schedule_of(system, hefei)
    assert (found["first_deadline"], found["deadline"]) == (first.isoformat(), later.isoformat())
    assert [each["status"] for each in found["extensions"]] == ["refused", "approved"]
    assert "首次时限" in approved.text


def test_the_section_is_read_in_english(as_user: AsUser, hefei: Line) -> None:
    browser = as_user("hefei.admin")
    browser.get("/language/en")
    page = browser.get(f"/lines/{hefei['id']}")
    assert all(words in page.text for words in ("Schedule", "There are no milestones yet", "Propose days"))


def test_the_province_previews_and_moves_a_deadline(system: System, as_user: AsUser, hefei: Line) -> None:
    first, moved = today() + timedelta(200), today() + timedelta(120)
    scheduled(as_user("hefei.admin"), hefei, first)
    province, given = as_user("province.admin"), {"deadline": moved.isoformat(), "cause": "提前完成"}
    page = province.get(f"/lines/{hefei['id']}")
    preview = submit(province, page, "move_deadline", do="preview", **given)
    assert (preview.status_code, "试算结果，尚未保存" in preview.text, "提前完成" in preview.text) == (200, True, True)
    assert schedule_of(system, hefei)["deadline"] == first.isoformat()
    saved = submit(province, preview, "move_deadline", **given)
    assert ("时限已调整" in saved.text, "省自贸办调整" in saved.text, "已调整 1 次" in saved.text) == (True, True, True)
    found = schedule_of(system, hefei)
    assert (found["first_deadline"], found["deadline"]) == (first.isoformat(), moved.isoformat())
