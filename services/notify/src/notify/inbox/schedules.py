"""The words of the news about schedules: extensions, moved deadlines, standstill."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from notify.inbox.texts import Texts, clause, clause_en, quoted


def _day(value: object) -> str:
    """``2026年6月30日``."""
    given = date.fromisoformat(str(value))
    return f"{given.year}年{given.month}月{given.day}日"


def asked(by: str, title: str, extension: Mapping[str, Any], cause: str) -> Texts:
    """For the province, which decides."""
    before, deadline = extension["before"], extension["deadline"]
    return Texts(
        f"{by}申请延期：{title}",
        f"{by}申请将{quoted(title)}的完成时限由{_day(before)}延至{_day(deadline)}{clause('原因', cause)}请审批。",
        f"Extension asked for: {title}",
        f"{by} asks to extend {quoted(title)} from {before} to {deadline}.{clause_en('Cause', cause)} Please decide.",
    )


def decided(approved: bool, title: str, extension: Mapping[str, Any], remark: str) -> Texts:
    """For the office that asked."""
    deadline = extension["deadline"]
    what, what_en = ("已同意", "approved") if approved else ("未同意", "refused")
    then = "未完成的节点已按新的时限重新安排，请核对。" if approved else "请按原时限推进。"
    then_en = " Milestones were placed anew." if approved else " The deadline stays."
    return Texts(
        f"延期申请{what}：{title}",
        f"省自贸办{what}将{quoted(title)}的完成时限延至{_day(deadline)}{clause('意见', remark)}{then}",
        f"Extension {what_en}: {title}",
        f"The provincial office has {what_en} the extension of {quoted(title)} to {deadline}."
        f"{clause_en('Remark', remark)}{then_en}",
    )


def moved(title: str, extension: Mapping[str, Any], cause: str) -> Texts:
    """For the office of the line."""
    before, deadline = extension["before"], extension["deadline"]
    return Texts(
        f"完成时限已调整：{title}",
        f"省自贸办将{quoted(title)}的完成时限由{_day(before)}调整为{_day(deadline)}{clause('原因', cause)}"
        "未完成的节点已重新安排，请核对。",
        f"Deadline moved: {title}",
        f"The provincial office has moved the deadline of {quoted(title)} from {before} to {deadline}."
        f"{clause_en('Cause', cause)} Milestones were placed anew.",
    )


def stalled(place: str, title: str, since: object, own: bool) -> Texts:
    """``own``: for the office of the line, else for the province."""
    then, then_en = ("请核实情况并及时填报。", " Please report.") if own else ("请了解情况。", " Please find out why.")
    return Texts(
        f"长期无进展：{title}",
        f"{place}推进事项{quoted(title)}自{_day(since)}以来没有填报、节点等进展，{then}",
        f"No movement: {title}",
        f"Nothing was reported or reached for {quoted(title)} since {since}.{then_en}",
    )
