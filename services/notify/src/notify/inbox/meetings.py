"""The words of the news of the leading group's decisions (议定事项)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from notify.inbox.texts import Texts, quoted

TOLD = ("made", "completed", "due_soon", "overdue")
_URGED = {
    "decision.due_soon": ("临近时限", "请抓紧办理", "due soon"),
    "decision.overdue": ("已逾期", "尚未登记办结，请尽快办理", "overdue"),
}


def decided(happened: str, decision: Mapping[str, Any]) -> Texts:
    """For the office that leads, and the province; ``decision`` as its event tells it."""
    meeting, text = str(decision["meeting_title"]), str(decision["text"])
    if happened == "decision.completed":
        return Texts(
            f"议定事项已办结：{meeting}",
            f"省自贸办已登记{quoted(text)}办结，结果：{decision['outcome']}",
            f"Decision carried out: {meeting}",
            f"The provincial office has noted {quoted(text)} as done: {decision['outcome']}",
        )
    due = date.fromisoformat(str(decision["due"]))
    if happened in _URGED:
        what, asked, what_en = _URGED[happened]
        return Texts(
            f"议定事项{what}：{meeting}",
            f"{meeting}议定的{quoted(text)}应于{due.year}年{due.month}月{due.day}日前办结，{asked}。",
            f"Decision {what_en}: {meeting}",
            f"{quoted(text)} is to be done by {due}: {what_en}.",
        )
    return Texts(
        f"会议议定由您单位牵头：{meeting}",
        f"{meeting}议定由您单位牵头：{quoted(text)}，请于{due.year}年{due.month}月{due.day}日前办结。",
        f"A decision for you to lead: {meeting}",
        f"The leading group has decided that your office leads {quoted(text)}, due {due}.",
    )
