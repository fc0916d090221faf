"""The news of deadlines that come or have passed (到期提醒): all that an office is told on a day is one entry. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from notify import audiences
from notify.inbox.levels import Level
from notify.inbox.texts import Texts, english, quoted

HAPPENED = ("reminder.due_soon", "reminder.overdue")
LISTED = 5
DESK = "/"
KINDS: Mapping[str, tuple[str, str, str]] = {
    "line": ("事项", "Line", "/lines/{}"),
    "milestone": ("节点", "Milestone", "/lines/{}"),
    "period": ("填报", "Filings", "/periods/{}"),
    "order": ("督办单", "Order", "/orders/{}"),
}
"""What is due, Chinese and English, and where that leads."""
PLACE = {"writer": 1, "admin": 2, "province": 3}
"""Levels (层级) in their order: a step adds those of its level to those who are told already."""


@dataclass(frozen=True)
class Said:
    """What one audience is told, what of, and whom in it."""

    audience: str
    texts: Texts
    href: str
    thing: str
    level: Level | None


def told(happened: str, reminder: Mapping[str, Any]) -> Iterator[Said]:
    """The office, its writers alone while no level above them is reached; and the province, of what has reached it."""
    office, due = str(reminder["office"]), list(reminder["due"])
    name = happened.partition(".")[2]
    writers = all(PLACE[each["level"]] <= PLACE["writer"] for each in due)
    href, thing = _place(due, f"reminders/{name}")
    yield Said(office, _texts(happened, due), href, thing, Level.WRITER if writers else None)
    high = [each for each in due if PLACE[each["level"]] >= PLACE["province"]]
    if high:
        href, thing = _place(high, f"reminders/{name}/{office}")
        yield Said(audiences.PROVINCE, _of_office(reminder, high), href, thing, None)


def _place(due: Sequence[Mapping[str, Any]], several: str) -> tuple[str, str]:
    """Where it leads, and what it is about: the one thing, or ``several``."""
    if len(due) > 1:
        return DESK, several
    href = KINDS[due[0]["kind"]][2].format(due[0]["line_id"] or due[0]["thing"])
    return href, href


def _texts(happened: str, due: Sequence[Mapping[str, Any]]) -> Texts:
    soon = happened == "reminder.due_soon"
    what, what_en = ("即将到期", "due soon") if soon else ("已逾期", "overdue")
    asked, asked_en = ("请按时完成。", "Please finish in time.") if soon else ("请抓紧办理。", "Please act now.")
    first, counted, counted_en = str(due[0]["title"]), f"{len(due)} 项工作{what}", f"{len(due)} things {what_en}"
    several = len(due) > 1
    return Texts(
        counted if several else f"{what}：{first}",
        f"{_listed(due)}{what}，{asked}",
        counted_en.capitalize() if several else f"{what_en.capitalize()}: {first}",
        f"{what_en.capitalize()}: {_listed_en(due)}. {asked_en}",
    )


def _of_office(reminder: Mapping[str, Any], due: Sequence[Mapping[str, Any]]) -> Texts:
    name, days = str(reminder["office_name"]), abs(int(due[0]["step"]))
    code = str(reminder["office"]).partition(":")[2]
    return Texts(
        f"{name}：{len(due)} 项工作逾期满 {days} 个工作日",
        f"{name}的{_listed(due)}逾期满 {days} 个工作日仍未办结，请予督促。",
        f"{english(code)}: {len(due)} things overdue for {days} working days",
        f"{name}, overdue for {days} working days: {_listed_en(due)}. Please urge them.",
    )


def _listed(due: Sequence[Mapping[str, Any]]) -> str:
    """``事项“…”（6月30日前）、…``."""
    more = f"等 {len(due)} 项" if len(due) > LISTED else ""
    return (
        "、".join(f"{KINDS[each['kind']][0]}{quoted(str(each['title']))}（{_when(each)}）" for each in due[:LISTED])
        + more
    )


def _listed_en(due: Sequence[Mapping[str, Any]]) -> str:
    more = f"; {len(due)} in all" if len(due) > LISTED else ""
    return (
        "; ".join(f"{KINDS[each['kind']][1]} {quoted(str(each['title']))} ({_when_en(each)})" for each in due[:LISTED])
        + more
    )


def _when(each: Mapping[str, Any]) -> str:
    day = date.fromisoformat(str(each["deadline"]))
    owed = f"{each['count']} 项未报，" if each["kind"] == "period" else ""
    return f"{owed}{day.month}月{day.day}日前"


def _when_en(each: Mapping[str, Any]) -> str:
    owed = f"{each['count']} not filed, " if each["kind"] == "period" else ""
    return f"{owed}due {each['deadline']}"
