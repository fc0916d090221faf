"""What offices are told of announcements. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from notify.announcements.rules import Notice
from notify.inbox.lines import PROVINCE
from notify.inbox.rules import Entry
from notify.inbox.texts import Texts, clause, clause_en, quoted


def entries(notice: Mapping[str, Any], offices: Iterable[str]) -> list[Entry]:
    """``notice`` with its announcement; one entry per office, a further one for each notice."""
    kind = f"announcement.{notice['kind']}"
    key, href, texts = f"{kind}/{notice['id']}", f"/announcements/{notice['announcement_id']}", _texts(notice)
    return [Entry(office, key, kind, PROVINCE, texts, href) for office in offices]


def _texts(notice: Mapping[str, Any]) -> Texts:
    kind, title, asked = Notice(notice["kind"]), str(notice["title"]), bool(notice["must_confirm"])
    if kind is Notice.PUBLISHED:
        return _published(notice, title, asked)
    if kind is Notice.WITHDRAWN:
        reason = str(notice["withdrawal_reason"])
        return Texts(
            f"公告已撤回：{title}",
            f"省自贸办撤回了公告{quoted(title)}{clause('原因', reason)}请勿再执行。",
            f"Announcement withdrawn: {title}",
            f"The provincial office has withdrawn the announcement {quoted(title)}.{clause_en('Reason', reason)}",
        )
    what, what_en = ("确认已阅", "confirmed") if asked else ("查阅", "read")
    until, until_en = _until(notice["shown_until"])
    return Texts(
        f"请{what}公告：{title}",
        f"省自贸办的公告{quoted(title)}，贵单位尚未{what}，请{until}{what}。",
        f"Not {what_en} yet: {title}",
        f"Your office has not {what_en} the announcement {quoted(title)}. Please do so by {until_en}.",
    )


def _published(notice: Mapping[str, Any], title: str, asked: bool) -> Texts:
    reason = notice["reason"]
    what, what_en = ("更正公告", "Announcement corrected") if reason else ("公告", "Announcement")
    until, until_en = _until(notice["shown_until"])
    please = f"请{until}确认已阅。" if asked else "请查阅。"
    please_en = f" Please confirm by {until_en} that you have read it." if asked else " Please read it."
    why, why_en = (clause("更正原因", str(reason)), clause_en("Reason", str(reason))) if reason else ("。", "")
    made, made_en = ("发布了更正后的公告", "a corrected") if reason else ("发布了公告", "the")
    return Texts(
        f"{what}：{title}",
        f"省自贸办{made}{quoted(title)}{why}{please}",
        f"{what_en}: {title}",
        f"The provincial office has published {made_en} announcement {quoted(title)}.{why_en}{please_en}",
    )


def _until(day: date) -> tuple[str, str]:
    return f"于 {day.month} 月 {day.day} 日前", day.isoformat()
