"""What may be done with announcements, when readers are reminded, and what they are told."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from chassis.clock import SHANGHAI
from chassis.problems import DomainError
from notify.announcements import news, rules
from notify.announcements.rules import Action, Standing, Status

TODAY = date(2026, 11, 24)


def standing(status: Status = Status.PUBLISHED, **changes: Any) -> Standing:
    known = {"shown_until": TODAY, "must_confirm": True, "confirmed": False, "waiting": 2, "reminded_at": None}
    return Standing(status=status, **{**known, **changes})


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("scope", "known", "expected"),
    [
        ("all", standing(Status.DRAFT), ["edit", "publish", "cancel"]),
        ("all", standing(Status.DRAFT, shown_until=date(2026, 11, 23)), ["edit", "cancel"]),
        ("all", standing(), ["correct", "withdraw", "remind"]),
        ("all", standing(waiting=0), ["correct", "withdraw"]),
        ("all", standing(reminded_at=at(24, 0)), ["correct", "withdraw"]),
        ("all", standing(reminded_at=at(23, 23)), ["correct", "withdraw", "remind"]),
        ("all", standing(shown_until=date(2026, 11, 23)), ["correct", "withdraw"]),
        *(("all", standing(status), []) for status in (Status.REPLACED, Status.WITHDRAWN, Status.CANCELLED)),
        *((scope, standing(), ["confirm"]) for scope in ("tenant", "unit")),
        ("tenant", standing(confirmed=True), []),
        ("unit", standing(must_confirm=False), []),
        ("tenant", standing(Status.WITHDRAWN), []),
        ("audit", standing(), []),
    ],
)
def test_who_may_do_what(scope: str, known: Standing, expected: list[str]) -> None:
    assert rules.actions(scope, known, TODAY) == expected


@pytest.mark.parametrize(
    ("action", "known", "error"),
    [
        (Action.REMIND, standing(reminded_at=at(24, 8)), rules.RemindedToday),
        (Action.REMIND, standing(waiting=0), rules.NobodyWaits),
        (Action.REMIND, standing(Status.WITHDRAWN), rules.NotNow),
        (Action.PUBLISH, standing(Status.DRAFT, shown_until=date(2026, 11, 23)), rules.TooLate),
        (Action.EDIT, standing(), rules.NotNow),
    ],
)
def test_a_refusal_says_why(action: Action, known: Standing, error: type[DomainError]) -> None:
    with pytest.raises(error):
        rules.must_allow(action, "all", known, TODAY)


@pytest.mark.parametrize(
    ("published", "now", "due"),
    [
        (at(20, 8), at(22, 8), False),
        (at(20, 8), at(22, 9), True),
        (at(20, 8), at(24, 23), True),
        (at(20, 8), at(25, 0), False),
        (at(22, 10), at(23, 23), False),
        (at(22, 10), at(24, 9), True),
        (at(24, 9), at(24, 23), False),
    ],
)
def test_the_clock_reminds_once_before_the_last_day_ends(published: datetime, now: datetime, due: bool) -> None:
    assert rules.reminds(TODAY, published, now) is due


def test_all_stands_alone_and_others_stand_once() -> None:
    assert rules.addressed(["zone:hefei", "all"]) == ["all"]
    assert rules.addressed(["unit:swt", "zone:hefei", "unit:swt"]) == ["unit:swt", "zone:hefei"]


@pytest.mark.parametrize(
    ("kind", "changes", "title", "asked"),
    [
        ("published", {}, "公告：关于报送", "请查阅。"),
        ("published", {"must_confirm": True}, "公告：关于报送", "请于 11 月 24 日前确认已阅。"),
        ("published", {"reason": "时间有误"}, "更正公告：关于报送", "更正原因：时间有误。请查阅。"),
        ("withdrawn", {"withdrawal_reason": "另行通知"}, "公告已撤回：关于报送", "原因：另行通知。请勿再执行。"),
        ("reminder", {}, "请查阅公告：关于报送", "请于 11 月 24 日前查阅。"),
        ("expiring", {"must_confirm": True}, "请确认已阅公告：关于报送", "请于 11 月 24 日前确认已阅。"),
    ],
)
def test_offices_are_told_what_is_asked_of_them(kind: str, changes: dict[str, Any], title: str, asked: str) -> None:
    notice = {
        **dict.fromkeys(("id", "announcement_id"), uuid4()),
        **dict.fromkeys(("reason", "withdrawal_reason")),
        "kind": kind,
        "title": "关于报送",
        "shown_until": TODAY,
        "must_confirm": False,
        **changes,
    }
    (entry,) = news.entries(notice, ["zone:hefei"])
    assert (entry.audience, entry.kind, entry.texts.title) == ("zone:hefei", f"announcement.{kind}", title)
    assert entry.texts.body.endswith(asked)
    assert entry.href == f"/announcements/{notice['announcement_id']}"
