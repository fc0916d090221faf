"""The lists that can be taken away as Excel: where each comes from, and its columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.clock import SHANGHAI
from chassis.spreadsheets import Value
from portal.web import words
from portal.web.language import t
from portal.web.words import Both, Mark

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """``value`` is called in the reader's language."""

    words: Both
    width: int
    value: Callable[[Row], Value]


@dataclass(frozen=True)
class Listed:
    """``narrowed_by`` are the parameters of the page that its API knows too."""

    words: Both
    api: str
    narrowed_by: Sequence[str]
    columns: Sequence[Column]


def at(*path: str) -> Callable[[Row], Any]:
    """What stands in the row at these names; None where there is none."""

    def value(row: Row) -> Any:
        found: Any = row
        for name in path:
            found = None if found is None else found[name]
        return found

    return value


def _day(name: str) -> Callable[[Row], Value]:
    return lambda row: date.fromisoformat(row[name]) if row[name] else None


def _moment(*path: str) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        found = at(*path)(row)
        return found and datetime.fromisoformat(found).astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)

    return value


def _mark(marks: dict[str, Mark], name: str) -> Callable[[Row], Value]:
    return lambda row: t(*words.mark(marks, row[name]).words) if row[name] else None


def _word(known: dict[str, Both], name: str) -> Callable[[Row], Value]:
    return lambda row: words.word(known, row[name]) if row[name] else None


def _names(name: str, role: str = "") -> Callable[[Row], Value]:
    """The names of units, or of those with a role."""
    return lambda row: t("、", ", ").join(
        each.get("unit", each)["name"] for each in row[name] if not role or each["role"] == role
    )


LISTS: Mapping[str, Listed] = {
    "lines": Listed(
        ("推进事项", "Lines"),
        "/api/progress/v1/lines",
        ("jurisdiction", "plan", "task", "unit", "state", "light", "mark", "pile", "q", "sort"),
        (
            Column(("辖区", "Jurisdiction"), 14, at("jurisdiction_name")),
            Column(("计划", "Plan"), 28, at("task", "plan", "name")),
            Column(("序号", "No."), 6, at("task", "number")),
            Column(("事项", "Line"), 48, at("task", "title")),
            Column(("牵头单位", "Lead"), 22, _names("units", "lead")),
            Column(("配合单位", "Members"), 28, _names("units", "member")),
            Column(("完成时限", "Due"), 12, _day("due")),
            Column(("首次时限", "First due"), 12, _day("first_due")),
            Column(("状态", "State"), 12, _mark(words.STATES, "state")),
            Column(("完成比例", "Percent"), 10, at("percent")),
            Column(("亮灯", "Light"), 10, _mark(words.LIGHTS, "light")),
            Column(("长期无进展自", "No movement since"), 14, _day("stalled_on")),
            Column(("最近填报", "Last report"), 18, _moment("latest_report", "submitted_at")),
        ),
    ),
    "orders": Listed(
        ("督办单", "Orders"),
        "/api/progress/v1/orders",
        ("state", "colour", "office", "open", "overdue", "waiting"),
        (
            Column(("文号", "Number"), 16, at("number")),
            Column(("督办事项", "Order"), 48, at("title")),
            Column(("来源", "Source"), 14, _word(words.SOURCES, "source")),
            Column(("承办单位", "Lead"), 22, at("lead", "name")),
            Column(("协办单位", "Members"), 28, _names("members")),
            Column(("状态", "State"), 12, _mark(words.ORDER_STATES, "state")),
            Column(("颜色", "Colour"), 10, _mark(words.COLOURS, "colour")),
            Column(("签收时限", "Sign by"), 12, _day("sign_due")),
            Column(("办理时限", "Due"), 12, _day("deadline")),
            Column(("反馈日期", "Answered"), 12, _day("answered_on")),
            Column(("了结日期", "Ended"), 12, _day("ended_on")),
        ),
    ),
    "problems": Listed(
        ("协调问题", "Problems"),
        "/api/progress/v1/problems",
        ("state", "office", "open", "overdue", "long_overdue", "waiting"),
        (
            Column(("问题", "Problem"), 48, at("title")),
            Column(("提出单位", "Raised by"), 20, at("raiser", "name")),
            Column(("答复单位", "Asked"), 20, at("addressee", "name")),
            Column(("辖区", "Jurisdiction"), 14, at("line", "jurisdiction_name")),
            Column(("事项", "Line"), 40, at("line", "title")),
            Column(("状态", "State"), 12, _mark(words.PROBLEM_STATES, "state")),
            Column(("答复时限", "Answer due"), 12, _day("answer_due")),
            Column(("答复日期", "Answered"), 12, _day("answered_on")),
            Column(("了结日期", "Ended"), 12, _day("ended_on")),
        ),
    ),
    "cases": Listed(
        ("创新案例", "Innovation cases"),
        "/api/progress/v1/cases",
        ("zone", "state", "level", "q"),
        (
            Column(("案例", "Case"), 48, at("title")),
            Column(("片区", "Zone"), 16, at("zone_name")),
            Column(("状态", "State"), 12, _mark(words.CASES, "state")),
            Column(("层级", "Level"), 12, _word(words.CASE_LEVELS, "level")),
            Column(("得分", "Score"), 10, lambda row: None if row["score"] is None else float(row["score"])),
            Column(("更新时间", "Changed"), 18, _moment("updated_at")),
        ),
    ),
    "replications": Listed(
        ("复制推广", "Replication"),
        "/api/progress/v1/replications",
        ("zone", "state"),
        (
            Column(("案例", "Case"), 48, at("case", "title")),
            Column(("首创片区", "Origin"), 16, at("case", "zone_name")),
            Column(("推广片区", "Zone"), 16, at("zone_name")),
            Column(("状态", "State"), 12, _mark(words.REPLICATIONS, "state")),
            Column(("采纳日期", "Adopted"), 12, _day("adopted_on")),
            Column(("推广计划", "Plan"), 40, at("plan")),
            Column(("完成时限", "Due"), 12, _day("due")),
            Column(("成效", "Result"), 40, at("result")),
        ),
    ),
    "decisions": Listed(
        ("会议议定事项", "Decisions"),
        "/api/progress/v1/decisions",
        ("standing",),
        (
            Column(("会议", "Meeting"), 32, at("meeting_title")),
            Column(("序号", "No."), 6, at("number")),
            Column(("议定事项", "Decision"), 48, at("text")),
            Column(("责任单位", "Office"), 22, at("office_name")),
            Column(("完成时限", "Due"), 12, _day("due")),
            Column(("进展", "Standing"), 12, _mark(words.STANDINGS, "standing")),
            Column(("办理结果", "Outcome"), 40, at("outcome")),
        ),
    ),
    "tasks": Listed(
        ("任务", "Tasks"),
        "/api/catalog/v1/tasks",
        ("q", "plan", "zone", "unit", "role", "edition"),
        (
            Column(("计划", "Plan"), 28, at("plan", "name")),
            Column(("序号", "No."), 6, at("number")),
            Column(("任务", "Task"), 40, at("title")),
            Column(("内容", "Text"), 60, at("text")),
            Column(("牵头单位", "Lead"), 22, _names("responsibilities", "lead")),
            Column(("配合单位", "Members"), 28, _names("responsibilities", "member")),
            Column(("片区", "Zones"), 20, lambda row: t("、", ", ").join(row["zones"])),
            Column(("完成时限", "Due"), 12, _day("due")),
        ),
    ),
    "units": Listed(
        ("责任单位", "Units"),
        "/api/catalog/v1/units",
        ("q", "kind"),
        (
            Column(("代码", "Code"), 12, at("code")),
            Column(("名称", "Name"), 28, at("name")),
            Column(("类别", "Kind"), 14, _word(words.UNIT_KINDS, "kind")),
            Column(("简称和曾用名", "Aliases"), 40, lambda row: t("、", ", ").join(row["aliases"])),
        ),
    ),
}
