"""What an announcement (公告通知) goes through, who may move it, and when its readers are reminded. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from chassis.clock import SHANGHAI
from chassis.problems import DomainError

ALL = "all"
"""Stands among the addressed for every zone and every unit."""
REMINDED_DAYS = 2
"""The automatic reminder comes so many days before the last one."""
REMINDED_AT = time(9, tzinfo=SHANGHAI)


class Status(StrEnum):
    """草稿、已发布、已有新版、已撤回、已作废."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """Reading is no action: whoever sees it may."""

    EDIT = "edit"
    PUBLISH = "publish"
    CANCEL = "cancel"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    REMIND = "remind"
    CONFIRM = "confirm"


class Notice(StrEnum):
    """What the offices are told of."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    REMINDER = "reminder"
    EXPIRING = "expiring"


MAY: Mapping[tuple[str, Status], Sequence[Action]] = {
    ("all", Status.DRAFT): (Action.EDIT, Action.PUBLISH, Action.CANCEL),
    ("all", Status.PUBLISHED): (Action.CORRECT, Action.WITHDRAW, Action.REMIND),
    ("tenant", Status.PUBLISHED): (Action.CONFIRM,),
    ("unit", Status.PUBLISHED): (Action.CONFIRM,),
}
"""By scope (``all`` is the province) and status; nothing where nothing is said."""


class NotNow(DomainError):
    """The announcement's status does not allow it."""

    slug = "not-in-this-state"

    def __init__(self) -> None:
        super().__init__("公告当前的状态不允许此操作。")


class Past(DomainError):
    """It would be shown until a day that is over."""

    status = 422
    slug = "day-is-over"
    pointer = "/body/shown_until"

    def __init__(self) -> None:
        super().__init__("展示截止日期不能早于今天。")


class TooLate(DomainError):
    """A draft whose last day is over."""

    slug = "day-is-over"

    def __init__(self) -> None:
        super().__init__("展示截止日期已过，请先修改草稿。")


class ReasonMissing(DomainError):
    status = 422
    slug = "reason-missing"
    pointer = "/body/reason"

    def __init__(self) -> None:
        super().__init__("请写明更正原因。")


class NothingToCorrect(DomainError):
    """A reason without what is corrected."""

    status = 422
    slug = "nothing-to-correct"
    pointer = "/body/reason"

    def __init__(self) -> None:
        super().__init__("只有更正公告才写更正原因。")


class UnknownCorrected(DomainError):
    status = 422
    slug = "unknown-announcement"
    pointer = "/body/corrects"

    def __init__(self) -> None:
        super().__init__("没有这个公告。")


class UnknownOffice(DomainError):
    """Addressed to a zone or unit that there is not."""

    status = 422
    slug = "unknown-office"
    pointer = "/body/addressed"

    def __init__(self, office: str) -> None:
        super().__init__(f"没有这个片区或责任单位：{office}。")


class RemindedToday(DomainError):
    slug = "reminded-today"

    def __init__(self) -> None:
        super().__init__("今天已经提醒过，每天最多提醒一次。")


class NobodyWaits(DomainError):
    slug = "all-have-read"

    def __init__(self) -> None:
        super().__init__("各单位都已阅，无需提醒。")


@dataclass(frozen=True)
class Standing:
    """How an announcement stands, for the caller. ``waiting`` offices have not read it, or not confirmed it where that
    is asked for.
    """

    status: Status
    shown_until: date
    must_confirm: bool
    confirmed: bool
    waiting: int
    reminded_at: datetime | None

    def reminded_on(self, today: date) -> bool:
        return self.reminded_at is not None and self.reminded_at.astimezone(SHANGHAI).date() == today


def actions(scope: str, standing: Standing, today: date) -> list[Action]:
    """What the caller may do with it today."""
    possible = MAY.get((scope, standing.status), ())
    return [action for action in possible if _fits(action, standing, today)]


def _fits(action: Action, standing: Standing, today: date) -> bool:
    if action is Action.CONFIRM:
        return standing.must_confirm and not standing.confirmed
    if action is Action.PUBLISH:
        return standing.shown_until >= today
    if action is Action.REMIND:
        return standing.shown_until >= today and standing.waiting > 0 and not standing.reminded_on(today)
    return True


def must_allow(action: Action, scope: str, standing: Standing, today: date) -> None:
    """Raises what the action fails by."""
    if action in actions(scope, standing, today):
        return
    if action is Action.REMIND and standing.status is Status.PUBLISHED and standing.shown_until >= today:
        raise RemindedToday if standing.waiting else NobodyWaits
    if action is Action.PUBLISH and standing.status is Status.DRAFT:
        raise TooLate
    raise NotNow


def check_day(shown_until: date, today: date) -> None:
    """Raises Past."""
    if shown_until < today:
        raise Past


def check_reason(corrects: object, reason: str | None) -> None:
    """Raises ReasonMissing or NothingToCorrect."""
    if corrects and not reason:
        raise ReasonMissing
    if reason and not corrects:
        raise NothingToCorrect


def addressed(given: Sequence[str]) -> list[str]:
    """Each once; ``all`` stands alone."""
    return [ALL] if ALL in given else list(dict.fromkeys(given))


def reminds(shown_until: date, published_at: datetime, now: datetime) -> bool:
    """Whether the automatic reminder is due: at nine, two days before the last day.

    Of what was published after that it is due on the last day; of what was published on the last day there is none.
    """
    moments = (datetime.combine(shown_until - timedelta(days), REMINDED_AT) for days in (REMINDED_DAYS, 0))
    due = next((moment for moment in moments if published_at < moment), None)
    return due is not None and due <= now and now.astimezone(SHANGHAI).date() <= shown_until
