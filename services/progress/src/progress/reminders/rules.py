"""When an office is reminded of a deadline, and up to which level that is told. Pure: days come in as arguments."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum

from progress.calendar.rules import WorkCalendar

AHEAD, BACK = timedelta(31), timedelta(60)
"""Deadlines that are further off are not looked at."""
BEFORE, AFTER = (-1, -3, -7), (7, 3, 1)
"""Steps: working days before and after a deadline; the latest first."""


class Kind(StrEnum):
    """事项、节点、报告期填报、督办单."""

    LINE = "line"
    MILESTONE = "milestone"
    PERIOD = "period"
    ORDER = "order"


class Level(StrEnum):
    """填报人、单位管理员、省自贸办: each is told beside those before it."""

    WRITER = "writer"
    ADMIN = "admin"
    PROVINCE = "province"


LEVELS: Mapping[int, Level] = {
    **dict.fromkeys((-7, -3, -1, 1), Level.WRITER),
    3: Level.ADMIN,
    7: Level.PROVINCE,
}
STEPS: Mapping[Kind, tuple[int, ...]] = {
    Kind.LINE: (-7, -3, -1, 1, 3, 7),
    Kind.MILESTONE: (-7, -3, -1, 1, 3, 7),
    Kind.PERIOD: (-7, -1, 3, 7),  # period.due_soon tells three days before, period.overdue the day after
    Kind.ORDER: (-7, -3, -1),  # order.urged tells each day after, level by level
}
"""The steps that are told here; those that are left out are told by other events, so that nobody is told twice. A
milestone on its line's deadline is told as the line.
"""


def step(deadline: date, day: date, calendar: WorkCalendar) -> int | None:
    """The latest step of a deadline that a day has reached; None before the first one.

    On the deadline itself, and on free days after it, that is still the last one before it.
    """
    if day <= deadline:
        left = len(calendar.working_days(day + timedelta(1), min(deadline, day + AHEAD)))
        return next((each for each in BEFORE if left <= -each), None)
    passed = len(calendar.working_days(deadline + timedelta(1), day))
    return next((each for each in AFTER if passed >= each), BEFORE[0])


def reached(day: date, calendar: WorkCalendar) -> Iterator[tuple[date, int]]:
    """The deadlines of which there is something to say on a day, each with its step."""
    for number in range(-BACK.days, AHEAD.days + 1):
        deadline = day + timedelta(number)
        found = step(deadline, day, calendar)
        if found is not None:
            yield deadline, found


def is_news(deadline: date, begun: date, day: date, calendar: WorkCalendar) -> bool:
    """Whether the step is later than that of the day on which the thing was given, with its deadline."""
    return step(deadline, begun, calendar) != step(deadline, day, calendar)
