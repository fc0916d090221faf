"""When a period may be opened, and when its offices are reminded. Pure: days come in as arguments."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chassis.problems import DomainError
from progress.calendar.rules import WorkCalendar

LEAST_NOTICE = 2
SOON = 3


class Kind(StrEnum):
    """月报、季报、年报、专项报送."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ADHOC = "adhoc"


class Reminder(StrEnum):
    """What a period's offices were last reminded of: nothing yet, that it is due soon, that it is overdue."""

    NONE = ""
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


class DatesOutOfOrder(DomainError):
    status = 422
    slug = "period-dates"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.pointer = f"/body/{field}"


class ReasonNeeded(DomainError):
    """Less notice than offices are promised, and nobody says why."""

    status = 422
    slug = "notice-too-short"
    pointer = "/body/reason"


class ReasonForTakeover(DomainError):
    """Why a period from before the portal is taken over stands in each of its versions."""

    status = 422
    slug = "takeover-without-reason"
    pointer = "/body/reason"


class NothingToFile(DomainError):
    status = 422
    slug = "nothing-to-file"
    pointer = "/body/plans"


@dataclass(frozen=True)
class Dates:
    """The days that a period covers, the day it is due, the last one on time (宽限) and the last before it locks."""

    starts: date
    ends: date
    due: date
    grace: date
    locks: date


def must_follow(dates: Dates, today: date, *, takeover: bool = False) -> None:
    """Raises DatesOutOfOrder unless each day follows the one before it and none of those to come is past; of a period
    that is taken over (历史数据接管) all of them are.
    """
    if dates.ends < dates.starts:
        raise DatesOutOfOrder("ends", "结束日期不能早于开始日期。")
    if dates.due < today and not takeover:
        raise DatesOutOfOrder("due", "截止日期不能早于今天；早于平台启用的报告期请用历史数据接管。")
    if dates.grace < dates.due:
        raise DatesOutOfOrder("grace", "宽限日期不能早于截止日期。")
    if dates.locks < dates.grace:
        raise DatesOutOfOrder("locks", "锁定日期不能早于宽限日期。")
    if takeover and dates.locks >= today:
        raise DatesOutOfOrder("locks", "历史数据接管只用于已锁定的报告期，锁定日期须早于今天。")


def notice(due: date, today: date, calendar: WorkCalendar) -> int:
    """The working days after today up to the due day: what an office has to write in. Counted up to a year."""
    return len(calendar.working_days(today + timedelta(1), min(due, today + timedelta(366))))


def is_short(notice: int) -> bool:
    return notice < LEAST_NOTICE


def must_say_why(reason: str) -> None:
    """Raises ReasonForTakeover without one."""
    if not reason:
        raise ReasonForTakeover("接管历史报告期须说明理由。")


def must_give_reason(notice: int, reason: str) -> None:
    """Raises ReasonNeeded for less than two working days of notice (减负) without a reason."""
    if is_short(notice) and not reason:
        raise ReasonNeeded(f"距截止日期不足 {LEAST_NOTICE} 个工作日，须说明理由。")


def week(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week of a day."""
    monday = day - timedelta(day.weekday())
    return monday, monday + timedelta(6)


def reminder(due: date, grace: date, today: date, calendar: WorkCalendar) -> Reminder:
    """What is to be said of a period today: overdue after its grace, due soon within three working days of its day."""
    if today > grace:
        return Reminder.OVERDUE
    return Reminder.DUE_SOON if today > due or notice(due, today, calendar) <= SOON else Reminder.NONE
