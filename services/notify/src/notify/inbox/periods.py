"""What offices are told of reporting periods (报告期) and of their own filings in them. Pure."""

from collections.abc import Mapping
from typing import Any

from notify.inbox.texts import Texts, clause, clause_en, quoted

_OF_PERIOD: Mapping[str, tuple[str, str, str, str]] = {
    "period.opened": (
        "请按时填报",
        "请于 {due} 前填报 {count} 项推进事项（{grace} 前计为按时，{locks} 后锁定）{reason}",
        "Please file",
        "Please file on {count} lines by {due}; until {grace} is on time, after {locks} it is locked.{reason_en}",
    ),
    "period.due_soon": (
        "即将截止",
        "还有 {count} 项推进事项未报送，截止日期 {due}（{grace} 前计为按时）。",
        "Due soon",
        "{count} lines are not filed yet. Due on {due}; until {grace} is on time.",
    ),
    "period.overdue": (
        "已逾期",
        "还有 {count} 项推进事项未报送，请尽快补报；{locks} 后锁定。",
        "Overdue",
        "{count} lines are not filed yet. Please file soon; after {locks} it is locked.",
    ),
}


def period(happened: str, given: Mapping[str, Any], count: int) -> Texts:
    """An office is told how much it owes."""
    asked, body, asked_en, body_en = _OF_PERIOD[happened]
    reason = str(given.get("reason") or "")
    words = {
        **{name: str(given[name]) for name in ("due", "grace", "locks")},
        "count": count,
        "reason": clause("情况说明", reason),
        "reason_en": clause_en("Reason", reason),
    }
    title = str(given["title"])
    return Texts(
        f"{asked}：{title}",
        f"{quoted(title)}：" + body.format_map(words),
        f"{asked_en}: {title}",
        f"{quoted(title)}: " + body_en.format_map(words),
    )


def filing(happened: str, title: str, period: str, remark: str) -> Texts:
    """The office that files is told that it was returned, or opened again."""
    what, what_en = quoted(title), f"the filing on {quoted(title)} for {quoted(period)}"
    if happened == "filing.returned":
        return Texts(
            f"期次填报被退回：{title}",
            f"省自贸办退回了{what}的{quoted(period)}填报{clause('意见', remark)}请修改后重新报送。",
            f"Filing returned: {title}",
            f"The provincial office has returned {what_en}.{clause_en('Remark', remark)} Please revise it.",
        )
    return Texts(
        f"期次填报已重新开放：{title}",
        f"省自贸办重新开放了{what}的{quoted(period)}填报{clause('原因', remark)}",
        f"Filing opened again: {title}",
        f"The provincial office has opened {what_en} again.{clause_en('Reason', remark)}",
    )
