"""The words for what happens to lines and reports, and for the values that change."""

from collections.abc import Mapping
from typing import Any

from portal.web import formats
from portal.web.language import t
from portal.web.words import LIGHTS, REPORTS, STATES, Both, Mark, mark, word

HAPPENED: dict[str, Both] = {
    "opened": ("事项开立", "Opened"),
    "updated": ("随目录更新", "Updated with the catalog"),
    "withdrawn": ("随任务或片区撤回", "Withdrawn with its task or zone"),
    "reopened": ("重新开立", "Opened again"),
    "report_submitted": ("提交填报", "Report submitted"),
    "report_confirmed": ("填报已确认", "Report confirmed"),
    "report_returned": ("填报被退回", "Report returned"),
    "report_reviewed": ("牵头单位审核", "Reviewed by the leading unit"),
    "suspended": ("暂停推进", "Suspended"),
    "resumed": ("恢复推进", "Resumed"),
    "scheduled": ("安排进度", "Scheduled"),
    "milestone_completed": ("节点完成", "Milestone reached"),
    "extension_asked": ("申请延期", "Extension asked for"),
    "extension_approved": ("同意延期", "Extension approved"),
    "extension_refused": ("不同意延期", "Extension refused"),
    "deadline_moved": ("省自贸办调整时限", "Deadline moved by the province"),
    "decision_noted": ("领导小组会议议定", "Decided by the leading group"),
    "light_changed": ("亮灯变化", "Light changed"),
    "stalled": ("长期无进展提醒", "Alarm: no movement"),
    "stall_lifted": ("解除无进展提醒", "Alarm lifted"),
}
FIELDS: dict[str, Both] = {
    "state": ("状态", "State"),
    "percent": ("完成比例", "Progress"),
    "light": ("亮灯", "Light"),
    "due": ("完成时限", "Deadline"),
    "units": ("责任单位", "Units"),
    "leads": ("牵头单位", "Leading units"),
    "task": ("任务", "Task"),
    "plan": ("所属计划", "Plan"),
    "number": ("编号", "Number"),
    "title": ("标题", "Title"),
    "text": ("内容", "Text"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "edition": ("目录版本", "Edition"),
    "status": ("填报状态", "Status"),
    "done": ("工作进展", "What was done"),
    "problems": ("存在问题", "Problems"),
    "next_steps": ("下一步打算", "Next steps"),
    "finished": ("已完成", "Finished"),
    "office": ("填报单位", "Office"),
    "submitted_by": ("填报人", "Submitted by"),
    "submitted_at": ("填报时间", "Submitted at"),
    "decided_by": ("审定人", "Decided by"),
    "decided_at": ("审定时间", "Decided at"),
    "remark": ("备注", "Remark"),
    "reason": ("原因", "Reason"),
    "review": ("审核意见", "Review"),
    "milestones": ("节点", "Milestones"),
    "milestone": ("节点", "Milestone"),
    "done_on": ("完成日期", "Reached on"),
    "stalled_on": ("无进展提醒", "No movement since"),
    "asked_deadline": ("申请延期至", "Asked to extend to"),
}
OPINIONS: dict[str, Both] = {"agree": ("同意", "Agreed"), "object": ("有异议", "Objected")}
_MARKS = {"state": STATES, "light": LIGHTS, "status": REPORTS}
_FIXED: dict[str, Both] = {
    "role:province": ("省自贸办", "Provincial zone office"),
    "catalog": ("任务目录", "Catalog"),
    "clock": ("系统每日判定", "Daily check"),
}


def said(field: str, value: Any) -> str:
    """A value of a field, as people say it."""
    if value is None or value in ("", []):
        return t("无", "none")
    if isinstance(value, bool):
        return t("是", "yes") if value else t("否", "no")
    if isinstance(value, list):
        return t("、", ", ").join(said(field, each) for each in value)
    return _said(field, value)


def _said(field: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(map(str, value.values()))
    if field in _MARKS:
        return t(*mark(_MARKS[field], str(value)).words)
    if field == "percent":
        return f"{value}%"
    if field in ("due", "done_on", "asked_deadline", "stalled_on"):
        return formats.day(value)
    if field.endswith("_at"):
        return formats.moment(value)
    return str(value)


def office(code: str, names: dict[str, str]) -> str:
    """Who acts: ``zone:hefei``, ``unit:swt``, ``role:province``, ``catalog``, ``clock``; ``names`` by code."""
    known = names.get(code.partition(":")[2])
    return known or word(_FIXED, code)


def options(marks: Mapping[str, Mark]) -> list[tuple[str, str]]:
    """To choose one of them."""
    return [(code, t(*each.words)) for code, each in marks.items()]
