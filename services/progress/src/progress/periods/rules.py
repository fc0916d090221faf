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


def must_follow(dates: Dates, today: date) -> None:
    """Raises DatesOutOfOrder unless each day follows the one before it and none of those to come is past."""
    if dates.ends < dates.starts:
        raise DatesOutOfOrder("ends", "结束日期不能早于开始日期。")
    if dates.due < today:
        raise DatesOutOfOrder("due", "截止日期不能早于今天。")
    if dates.grace < dates.due:
        raise DatesOutOfOrder("grace", "宽限日期不能早于截止日期。")
    if dates.locks < dates.grace:
        raise DatesOutOfOrder("locks", "锁定日期不能早于宽限日期。")


def notice(due: date, today: date, calendar: WorkCalendar) -> int:
    """The working days after today up to the due day: what an office has to write in. Counted up to a year."""
    return len(calendar.working_days(today + timedelta(1), min(due, today + timedelta(366))))


def is_short(notice: int) -> bool:
    return notice < LEAST_NOTICE


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
