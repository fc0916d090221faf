"""Word documents: every task of the notice, the numbers of the API, and what each reader sees of them."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from chassis.clock import today
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser
from portal.documents import breakdown, report
from tests.support import PROGRESS, get, lines, order_in_hand, pages, set_schedule

TODAY = date(2026, 11, 29)
Json = dict[str, Any]


def opened(browser: Browser, path: str) -> Any:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert ".docx" in answer.headers["Content-Disposition"]
    return Document(BytesIO(answer.content))


def rows(document: Any, title: str) -> list[list[str]]:
    """Below the titles of the tables that have a column of this title."""
    tables = ([[cell.text for cell in row.cells] for row in table.rows] for table in document.tables)
    return [row for table in tables if title in table[0] for row in table[1:]]


def test_every_task_is_in_the_breakdown_with_how_it_stands(as_user: AsUser, system: System) -> None:
    browser = as_user("hefei.admin")
    found = rows(opened(browser, "/documents/breakdown"), "责任单位")
    tasks = pages(system, "hefei.admin", "/api/catalog/v1/tasks")
    assert [row[:2] for row in found] == [[str(task["number"]), task["title"]] for task in tasks]
    assert set(range(1, 113)) <= {int(row[0]) for row in found}
    standing = [row[4] for row in found if row[4] != breakdown.NONE]
    assert len(standing) == len({line["task"]["code"] for line in lines(system, "hefei.admin")})
    assert {each.partition("：")[0] for each in standing} == {"合肥片区"}
    assert 'href="/documents/breakdown?plan=3"' in browser.get("/tasks?plan=3").text


def test_a_part_of_the_tasks_and_an_edition_without_how_they_stand(as_user: AsUser, system: System) -> None:
    found = opened(as_user("province.admin"), "/documents/breakdown?plan=3&edition=1")
    assert len(rows(found, "责任单位")) == len(pages(system, "province.admin", "/api/catalog/v1/tasks", plan="3"))
    assert rows(found, "进展情况") == []


@pytest.mark.parametrize(("user", "place"), [("province.admin", ""), ("province.admin", "hefei"), ("dept.swt", "")])
def test_the_report_has_the_numbers_of_the_api(as_user: AsUser, system: System, user: str, place: str) -> None:
    order_in_hand(system)
    found = opened(as_user(user), f"/documents/report?jurisdiction={place}")
    overview = get(system, user, f"{PROGRESS}/overview")
    cells = [cell for plan in overview["plans"] for cell in plan["cells"] if place in ("", cell["jurisdiction"])]
    assert f"共有推进事项{sum(cell['lines'] for cell in cells)}项" in "".join(part.text for part in found.paragraphs)
    assert rows(found, "计划")[-1][1] == str(sum(cell["lines"] for cell in cells))
    late = [row for row in rows(found, "原因") if row[5].startswith("已超过时限")]
    assert len(late) == sum(cell["by_light"]["red"] for cell in cells)
    if user == "province.admin":
        assert any(row[1].startswith("抓紧推进口岸开放") for row in rows(found, "督办事项"))


def test_a_line_at_risk_is_reported_with_the_reason_for_its_light(as_user: AsUser, system: System) -> None:
    risky = lines(system, "bengbu.admin", state="not_started")[-1]
    set_schedule(system, "bengbu.admin", risky["id"], str(today()))
    found = rows(opened(as_user("bengbu.admin"), "/documents/report"), "原因")
    title = f"{risky['task']['number']}. {risky['task']['title']}（蚌埠片区）"
    assert next(row for row in found if row[1] == title)[5].startswith("距时限仅剩 0 天，按节点安排应达到 100%")


def test_a_zone_gets_its_own_report_and_no_other(as_user: AsUser) -> None:
    browser = as_user("wuhu.admin")
    assert "芜湖片区共有推进事项" in "".join(part.text for part in opened(browser, "/documents/report").paragraphs)
    assert browser.get("/documents/report?jurisdiction=hefei").status_code == 404
    assert as_user("operator.demo").get("/documents/report").status_code == 404
    for path, shown in (("/overview", True), ("/zones/wuhu", True), ("/zones/hefei", False)):
        assert ("/documents/report" in browser.get(path).text) is shown, path


def line(**given: Any) -> Json:
    units = [{"name": "省商务厅", "role": "lead"}, {"name": "合肥海关", "role": "member"}]
    known: Json = {"id": "1", "task": {"code": "7", "number": 7, "title": "单一窗口"}, "jurisdiction_name": "合肥片区"}
    known |= {"state": "in_progress", "percent": 40, "light": "red", "due": "2026-06-30", "units": units}
    return known | {"latest_report": {"problems": "资金\n未到位", "next_steps": "协调资金"}} | given


def facts(**given: Any) -> report.Facts:
    lights, states = {"green": 0, "yellow": 0, "red": 1, "blue": 1}, {"in_progress": 1, "confirmed": 1}
    states |= dict.fromkeys(("not_started", "submitted", "suspended"), 0)
    cells = [{"lines": 1, "mean_percent": 40.0, "by_light": {**lights, "blue": 0}}]
    cells += [{"lines": 1, "mean_percent": 100.0, "by_light": {**lights, "red": 0}}]
    none = {"lines": 0, "mean_percent": 0, "by_light": dict.fromkeys(lights, 0)}
    known: Json = {"subject": "合肥片区", "author": "合肥片区", "overdue": [line()], "at_risk": [], "problems": []}
    known |= {"figures": {"lines": 2, "mean_percent": 70.0, "by_light": lights, "by_state": states}, "orders": []}
    known |= {"plans": [("甲计划", cells[:1]), ("乙计划", cells[1:]), ("丙计划", [none])]}
    return report.Facts(**known | {"reasons": {"1": "已超过时限 152 天。"}} | given)


def said(parts: Any) -> tuple[list[str], list[list[str]]]:
    """The texts of the paragraphs, and the rows of the tables."""
    given = list(parts)
    texts = [part.text for part in given if hasattr(part, "text")]
    return texts, [list(row) for part in given if hasattr(part, "rows") for row in part.rows]


def test_the_report_says_what_is_late_and_why() -> None:
    texts, shown = said(report.parts(facts(), TODAY))
    assert [text for text in texts if text[1:2] == "、"][1:3] == ["二、分计划推进情况", "三、逾期和预警事项"]
    assert ["甲计划", "1", "0", "0", "1", "0", "40%"] in shown
    assert ["合计", "2", "0", "0", "1", "1", "70%"] in shown
    assert [row[0] for row in shown][:3] == ["甲计划", "乙计划", "合计"]
    late = "已超过时限 152 天。存在问题：资金未到位"
    assert ["1", "7. 单一窗口（合肥片区）", "省商务厅", "2026年6月30日", "40%", late] in shown
    assert {"没有预警事项。", "没有在办督办单。", "1. 单一窗口（合肥片区）：协调资金"} <= set(texts)


def test_a_report_of_nothing_says_so() -> None:
    texts, shown = said(report.parts(facts(overdue=[], plans=[]), TODAY))
    assert shown == []
    assert {"没有推进事项。", "没有逾期事项。", "没有逾期和预警事项。"} <= set(texts)


def test_a_task_that_the_reader_sees_nowhere_has_no_standing() -> None:
    plan = {"kind": "special", "name": "甲计划"}
    unit = {"unit": {"name": "省商务厅"}, "role": "lead"}
    task = {"code": "7", "number": 7, "title": "单一窗口", "plan": plan, "responsibilities": [unit], "due": None}
    seen, unseen = task, task | {"code": "8", "number": 8}
    texts, shown = said(breakdown.parts([seen, unseen], [line()], TODAY))
    assert shown[0] == ["7", "单一窗口", "省商务厅（牵头）", "未定", "合肥片区：推进中，40%，逾期"]
    assert shown[1][4] == "—"
    assert texts[3:] == ["一、专项行动计划", "（一）甲计划（2项）"]
    assert [len(row) for row in said(breakdown.parts([seen], None, TODAY))[1]] == [4]
