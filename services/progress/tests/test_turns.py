"""Every rule with dates where days, months and years turn, on holidays and on weekends that are worked.

A deadline is a date and means the end of that day in Asia/Shanghai, be it a holiday or not.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch
from uuid import UUID

import pytest

from chassis import clock
from chassis.problems import DomainError
from progress.assessment import rules as assessments
from progress.assessment.rules import Declaration
from progress.bulletins import rules as bulletins
from progress.calendar.rules import WorkCalendar
from progress.filings import rules as filings
from progress.indicators import rules as indicators
from progress.landing import rules as landing
from progress.lines import rules as lines
from progress.lines.rules import Light, Step
from progress.meetings import rules as meetings
from progress.milestones import rules as milestones
from progress.orders import rules as orders
from progress.orders.rules import Colour
from progress.periods import rules as periods
from progress.problems import rules as problems
from services.progress.tests.test_filing_rules import FILING
from services.progress.tests.test_order_rules import order
from services.progress.tests.test_rules import line

DAY = timedelta(1)
TURNS = {
    "a day": date(2026, 11, 24),
    "a short month": date(2026, 11, 30),
    "a long month": date(2027, 1, 31),
    "a year": date(2026, 12, 31),
    "February": date(2027, 2, 28),
    "February of a leap year": date(2028, 2, 28),
    "a leap day": date(2028, 2, 29),
    "the century": date(2099, 12, 31),
    "the eve of a holiday": date(2026, 9, 30),
    "a holiday": date(2026, 10, 1),
    "the end of a holiday": date(2026, 10, 7),
    "a Friday": date(2026, 11, 27),
    "a Sunday": date(2026, 11, 29),
    "a Sunday that is worked": date(2026, 9, 20),
    "a Saturday that is worked": date(2026, 10, 10),
}
CALENDAR = WorkCalendar()


def passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except DomainError:
        return False
    return True


def light(due: date, today: date, *steps: Step) -> Light:
    return lines.light(lines.State.IN_PROGRESS, 99, due, date(2026, 1, 1), today, steps)


def dates(due: date, grace: date | None = None) -> periods.Dates:
    return periods.Dates(due - DAY, due - DAY, due, grace or due, grace or due)


ISSUED, IN_HAND, ANSWERED = orders.State.ISSUED, orders.State.IN_HAND, orders.State.SUBMITTED
FAR = date(2150, 1, 1)
OVER: Mapping[str, Callable[[date, date], bool]] = {
    "a line is red": lambda day, today: light(day, today) is Light.RED,
    "a milestone makes a line yellow": lambda day, today: light(FAR, today, Step(day, 1, False)) is Light.YELLOW,
    "a filing is locked": lambda day, today: replace(FILING, locks=day).hold(today) is filings.Hold.LOCKED,
    "a reopened filing is locked": lambda day, today: (
        replace(FILING, locks=day - 30 * DAY, reopened_until=day).hold(today) is filings.Hold.LOCKED
    ),
    "a filing is late": lambda day, today: not filings.receipt(replace(FILING, grace=day), today)[1],
    "nothing can be reopened until then": lambda day, today: not passes(lambda: filings.must_last(day, today)),
    "no period can be due then": lambda day, today: not passes(lambda: periods.must_follow(dates(day), today)),
    "offices are told that they are overdue": lambda day, today: (
        periods.reminder(day - DAY, day, today, CALENDAR) is periods.Reminder.OVERDUE
    ),
    "an order is red": lambda day, today: orders.watch(order(IN_HAND, deadline=day)).colour(today) is Colour.RED,
    "an unsigned order is yellow": lambda day, today: (
        orders.watch(order(ISSUED, deadline=FAR, sign_due=day)).colour(today) is Colour.YELLOW
    ),
    "an unsigned order is urged": lambda day, today: _urges(order(ISSUED, deadline=FAR, sign_due=day), today),
    "an order is urged": lambda day, today: _urges(order(IN_HAND, deadline=day), today),
    "an order is urged again": lambda day, today: _urges(
        order(IN_HAND, deadline=day - 9 * DAY, urged_on=day, level=1), today
    ),
    "an answer is late": lambda day, today: (
        orders.watch(order(ANSWERED, deadline=day, answered_on=today)).colour(FAR) is Colour.RED
    ),
    "no order can be due then": lambda day, today: not passes(lambda: orders.must_be_coming(day, today)),
    "no answer can be due then": lambda day, today: not passes(lambda: problems.must_be_coming(day, today)),
    "a decision is overdue": lambda day, today: (
        meetings.standing(meetings.Status.OPEN, day, today) is meetings.Standing.OVERDUE
    ),
    "no deadline can be set there": lambda day, today: (
        not passes(lambda: milestones.must_fit(line("hefei"), day, [day], today))
    ),
    "no deadline can move there": lambda day, today: (
        not passes(lambda: milestones.must_move(line("hefei", due=FAR), day, today))
    ),
    "no extension reaches it": lambda day, today: (
        not passes(lambda: milestones.must_extend(line("hefei", due=date(2026, 1, 1)), day, today))
    ),
    "a milestone is late": lambda day, today: _worth(assessments.milestone_fact("", "", "", day, today)) == 50,
    "an order's answer costs points": lambda day, today: _worth(assessments.order_fact("", "", day, today)) == 50,
    "a risk was declared too late": lambda day, today: (
        _worth(assessments.line_fact("", "", "red", day, [Declaration(assessments.Way.EXTENSION, today)])) == 0
    ),
}
"""What is so when a day is over, and not before."""
COME: Mapping[str, Callable[[date, date], bool]] = {
    "a meeting can have been held": lambda day, today: passes(lambda: meetings.must_have_been(day, today)),
    "a milestone can have been reached": lambda day, today: passes(lambda: milestones.must_be_past(day, today)),
    "a bulletin can tell of it": lambda day, today: passes(lambda: bulletins.must_be_over(day, day, today)),
    "an order is blue a week before": lambda day, today: (
        orders.watch(order(IN_HAND, deadline=day + 7 * DAY)).colour(today) is Colour.BLUE
    ),
    "a line is near its deadline": lambda day, today: (
        lines.light(lines.State.IN_PROGRESS, 0, day + 30 * DAY, date(2020, 1, 1), today) is Light.YELLOW
    ),
    "a line stands still": lambda day, today: line("hefei").stands_still(
        lines.State.IN_PROGRESS, day - 60 * DAY, today
    ),
    "a line is to be done": lambda day, today: lines.expected(day, date(2026, 1, 1), today) == 100,
    "a highly urged order is urged after a week": lambda day, today: _urges(
        order(IN_HAND, deadline=day - 90 * DAY, urged_on=day - 7 * DAY, level=3), today
    ),
}
"""What is so when a day has come, and not before."""


def _urges(given: orders.Order, today: date) -> bool:
    begins = orders.watch(given).urge_from
    return begins is not None and begins <= today


def _worth(fact: assessments.Fact) -> int:
    return fact.worth


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("what", OVER)
def test_a_day_is_over_with_its_end(what: str, turn: str) -> None:
    day, holds = TURNS[turn], OVER[what]
    assert [holds(day, today) for today in (day - DAY, day, day + DAY)] == [False, False, True]


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("what", COME)
def test_a_day_has_come_with_its_beginning(what: str, turn: str) -> None:
    day, holds = TURNS[turn], COME[what]
    assert [holds(day, today) for today in (day - DAY, day, day + DAY)] == [False, True, True]


@pytest.mark.parametrize("turn", TURNS)
def test_days_turn_at_midnight_in_shanghai(turn: str) -> None:
    day = TURNS[turn]
    midnight = datetime(day.year, day.month, day.day, 16, tzinfo=UTC)
    for instant, today in ((midnight - timedelta(microseconds=1), day), (midnight, day + DAY)):
        with patch.object(clock, "now", lambda instant=instant: instant):
            assert clock.today() == today


@pytest.mark.parametrize(
    ("today", "due", "notice", "soon"),
    [
        (date(2026, 9, 29), date(2026, 9, 30), 1, True),
        (date(2026, 9, 30), date(2026, 10, 7), 0, True),
        (date(2026, 9, 30), date(2026, 10, 10), 3, True),
        (date(2026, 9, 30), date(2026, 10, 11), 3, True),
        (date(2026, 9, 30), date(2026, 10, 12), 4, False),
        (date(2026, 9, 18), date(2026, 9, 20), 1, True),
        (date(2026, 11, 27), date(2026, 11, 29), 0, True),
        (date(2026, 11, 27), date(2026, 12, 3), 4, False),
        (date(2025, 12, 31), date(2026, 1, 1), 0, True),
        (date(2025, 12, 31), date(2026, 1, 4), 1, True),
        (date(2028, 2, 28), date(2028, 3, 1), 2, True),
    ],
)
def test_notice_and_reminders_go_by_working_days(today: date, due: date, notice: int, soon: bool) -> None:
    assert periods.notice(due, today, CALENDAR) == notice
    assert passes(lambda: periods.must_give_reason(notice, "")) == (notice >= 2)
    said = periods.Reminder.DUE_SOON if soon else periods.Reminder.NONE
    assert periods.reminder(due, due, today, CALENDAR) is said


def test_a_corrected_calendar_counts() -> None:
    corrected = WorkCalendar({date(2027, 1, 4): False, date(2027, 1, 3): True}, frozenset({2027}))
    assert periods.notice(date(2027, 1, 4), date(2027, 1, 2), corrected) == 1
    assert milestones.back_schedule(date(2027, 1, 4), [1], date(2027, 1, 3), corrected) == [date(2027, 1, 4)]
    with pytest.raises(milestones.TooLittleTime):
        milestones.back_schedule(date(2027, 1, 4), [1, 1], date(2027, 1, 3), corrected)


@pytest.mark.parametrize(
    ("start", "deadline", "dues"),
    [
        (date(2026, 9, 18), date(2026, 9, 21), [date(2026, 9, 18), date(2026, 9, 20), date(2026, 9, 21)]),
        (date(2026, 9, 29), date(2026, 10, 8), [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8)]),
        (date(2026, 9, 30), date(2026, 10, 10), [date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10)]),
        (date(2026, 11, 27), date(2026, 12, 1), [date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1)]),
        (date(2028, 2, 28), date(2028, 3, 1), [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]),
    ],
)
def test_schedules_step_over_what_is_not_worked(start: date, deadline: date, dues: list[date]) -> None:
    assert milestones.back_schedule(deadline, [1, 1, 1], start, CALENDAR) == dues


@pytest.mark.parametrize(
    ("period", "label", "first"),
    [
        (indicators.Period.MONTH, "2026-12", date(2026, 12, 1)),
        (indicators.Period.MONTH, "2027-01", date(2027, 1, 1)),
        (indicators.Period.MONTH, "2028-03", date(2028, 3, 1)),
        (indicators.Period.QUARTER, "2026-Q4", date(2026, 10, 1)),
        (indicators.Period.QUARTER, "2027-Q1", date(2027, 1, 1)),
        (indicators.Period.YEAR, "2027", date(2027, 1, 1)),
    ],
)
def test_values_are_recorded_from_the_first_day_of_their_period(
    period: indicators.Period, label: str, first: date
) -> None:
    given = indicators.slot(period, label)
    assert indicators.slot_at(period, indicators.before(period, first)).end == first - DAY
    assert not passes(lambda: indicators.must_have_begun(given, first - DAY))
    assert passes(lambda: indicators.must_have_begun(given, first))


@pytest.mark.parametrize(
    ("start", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 10, 1), 3, date(2027, 1, 1)),
    ],
)
def test_goals_are_due_months_later(start: date, months: int, later: date) -> None:
    assert landing.months_later(start, months) == later
    stages = [landing.Stage(months, 50)]
    assert landing.goal_on(later, start, stages) == 50
    assert landing.goal_on(later - DAY, start, stages) < 50


@pytest.mark.parametrize("turn", TURNS)
def test_an_order_takes_its_number_and_days_from_the_day_on_which_it_is_issued(turn: str) -> None:
    day = TURNS[turn]
    issued = orders.take(
        order(deadline=day + 9 * DAY),
        orders.Capacity.PROVINCE,
        orders.Action.ISSUE,
        day,
        day=day,
        number=(day.year, 1),
    )
    assert (issued.issued_on, issued.sign_due, issued.year, issued.id) == (day, day, day.year, UUID(int=1))
