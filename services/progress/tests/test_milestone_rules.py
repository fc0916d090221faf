"""When milestones are due, what is expected on a day, and when a deadline may move."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import DomainError
from progress.calendar.rules import KNOWN_YEARS, WorkCalendar
from progress.lines import rules as line_rules
from progress.lines.rules import Light, State, Step
from progress.milestones import rules
from progress.milestones.rules import (
    AlreadyDecided,
    AlreadyDone,
    DeadlineNotAllowed,
    Decision,
    DoneInFuture,
    OutOfOrder,
    TooLittleTime,
    back_schedule,
)
from progress.templates.rules import USUAL
from services.progress.tests.test_rules import OPENED, TODAY, line

CALENDAR = WorkCalendar()
UNKNOWN = max(KNOWN_YEARS) + 1
DAYS = st.dates(date(2024, 1, 1), date(UNKNOWN + 3, 12, 31))
WEIGHTS = st.lists(st.integers(1, 1000), min_size=1, max_size=12)
STEPS = st.lists(st.builds(Step, DAYS, st.integers(1, 1000), st.booleans()), max_size=6)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 10, 1), False),  # 国庆节
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a Saturday that is worked
        (date(2026, 2, 17), False),  # 春节
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),
        (date(2026, 1, 4), True),  # a Sunday that is worked
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), True),
        (date(2024, 2, 29), True),
        (date(UNKNOWN, 10, 1), date(UNKNOWN, 10, 1).weekday() < 5),
    ],
)
def test_holidays_and_worked_weekends(day: date, working: bool) -> None:
    assert CALENDAR.is_working(day) is working


@pytest.mark.parametrize(
    ("start", "end", "guessed"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), False),
        (date(2026, 12, 31), date(UNKNOWN, 1, 1), True),
        (date(UNKNOWN, 1, 1), date(UNKNOWN, 1, 2), True),
    ],
)
def test_years_that_are_not_announced_are_said_to_be_guessed(start: date, end: date, guessed: bool) -> None:
    assert CALENDAR.is_guessed(start, end) is guessed


@pytest.mark.parametrize(
    ("start", "deadline", "weights", "dues"),
    [
        ("2026-11-02", "2026-11-13", [20, 60, 20], ["2026-11-03", "2026-11-11", "2026-11-13"]),
        ("2026-11-02", "2026-11-15", [20, 60, 20], ["2026-11-03", "2026-11-11", "2026-11-15"]),
        ("2026-09-28", "2026-10-12", [1, 1], ["2026-10-08", "2026-10-12"]),
        ("2026-11-23", "2026-11-25", [1, 1, 1000], ["2026-11-23", "2026-11-24", "2026-11-25"]),
        ("2026-11-23", "2026-11-25", [1000, 1, 1], ["2026-11-23", "2026-11-24", "2026-11-25"]),
        ("2026-12-31", "2026-12-31", [7], ["2026-12-31"]),
        ("2026-12-30", f"{UNKNOWN}-01-04", [1, 3], ["2026-12-30", f"{UNKNOWN}-01-04"]),
    ],
)
def test_steps_are_counted_back_over_working_days(
    start: str, deadline: str, weights: list[int], dues: list[str]
) -> None:
    found = back_schedule(date.fromisoformat(deadline), weights, date.fromisoformat(start), CALENDAR)
    assert [due.isoformat() for due in found] == dues


@given(DAYS, st.integers(0, 900), WEIGHTS)
def test_each_step_has_a_working_day_of_its_own_and_the_last_the_deadline(
    start: date, length: int, weights: list[int]
) -> None:
    deadline = start + timedelta(length)
    days = CALENDAR.working_days(start, deadline)
    if len(days) < len(weights):
        with pytest.raises(TooLittleTime):
            back_schedule(deadline, weights, start, CALENDAR)
        return
    dues = back_schedule(deadline, weights, start, CALENDAR)
    assert len(dues) == len(weights)
    assert dues[-1] == deadline
    assert all(earlier < later for earlier, later in pairwise(dues))
    assert set(dues[:-1]) <= set(days)


@given(WEIGHTS, st.integers(2, 9))
def test_only_the_proportion_of_weights_counts(weights: list[int], times: int) -> None:
    start, deadline = date(2026, 1, 5), date(2026, 12, 31)
    larger = [weight * times for weight in weights]
    assert back_schedule(deadline, weights, start, CALENDAR) == back_schedule(deadline, larger, start, CALENDAR)
    assert rules.shares(weights) == rules.shares(larger)


@given(WEIGHTS)
def test_percents_grow_to_100_and_never_pass_it(weights: list[int]) -> None:
    percents = rules.shares(weights)
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert percents[0] >= 0


def test_the_template_is_of_three_stages() -> None:
    assert [(stage.title, stage.weight) for stage in USUAL] == [("制定方案", 20), ("组织实施", 60), ("总结评估", 20)]


PLAN = [Step(date(2026, 1, 11), 20, False), Step(date(2026, 3, 2), 60, False), Step(date(2026, 4, 1), 20, False)]


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2025, 12, 31), 0),
        (date(2026, 1, 1), 0),
        (date(2026, 1, 6), 10),
        (date(2026, 1, 11), 20),
        (date(2026, 2, 5), 50),
        (date(2026, 3, 2), 80),
        (date(2026, 3, 17), 90),
        (date(2026, 4, 1), 100),
        (date(2030, 1, 1), 100),
    ],
)
def test_what_is_expected_leads_from_milestone_to_milestone(day: date, percent: int) -> None:
    for times in (1, 40):
        steps = [Step(step.due, step.weight * times, step.done) for step in reversed(PLAN)]
        assert line_rules.expected(date(2026, 4, 1), OPENED, day, steps) == pytest.approx(percent)


def test_all_is_expected_on_a_deadline_that_moved_before_a_milestone() -> None:
    assert line_rules.expected(date(2026, 3, 2), OPENED, date(2026, 3, 2), PLAN) == 100


@given(DAYS, DAYS, DAYS, STEPS)
def test_expectations_are_percents_that_only_grow(due: date, opened: date, today: date, steps: list[Step]) -> None:
    before = line_rules.expected(due, opened, today, steps)
    assert 0 <= before <= line_rules.expected(due, opened, today + timedelta(1), steps) <= 100


@given(DAYS, DAYS, DAYS, st.integers(1, 9))
def test_one_milestone_on_the_deadline_is_even_progress(due: date, opened: date, today: date, weight: int) -> None:
    assert line_rules.expected(due, opened, today, [Step(due, weight, False)]) == line_rules.expected(
        due, opened, today
    )


FAR, NEAR = TODAY + timedelta(300), TODAY + timedelta(30)
LATE, LATE_DONE, TODAYS = (
    Step(TODAY - timedelta(1), 20, False),
    Step(TODAY - timedelta(1), 20, True),
    Step(TODAY, 20, False),
)


@pytest.mark.parametrize(
    ("state", "percent", "due", "steps", "light"),
    [
        (State.IN_PROGRESS, 0, FAR, [LATE, Step(FAR, 80, False)], Light.YELLOW),
        (State.IN_PROGRESS, 99, FAR, [LATE, Step(FAR, 80, False)], Light.YELLOW),
        (State.IN_PROGRESS, 0, FAR, [LATE_DONE, Step(FAR, 80, False)], Light.GREEN),
        (State.IN_PROGRESS, 0, FAR, [TODAYS, Step(FAR, 80, False)], Light.GREEN),
        (State.IN_PROGRESS, 19, NEAR, [LATE_DONE, Step(NEAR, 80, False)], Light.YELLOW),
        (State.IN_PROGRESS, 25, NEAR, [LATE_DONE, Step(NEAR, 80, False)], Light.GREEN),
        (State.IN_PROGRESS, 99, TODAY - timedelta(1), [LATE], Light.RED),
        (State.CONFIRMED, 100, TODAY - timedelta(1), [LATE], Light.BLUE),
        (State.SUSPENDED, 0, FAR, [LATE, Step(FAR, 80, False)], Light.YELLOW),
    ],
)
def test_lights_of_lines_with_milestones(
    state: State, percent: int, due: date, steps: list[Step], light: Light
) -> None:
    assert line_rules.light(state, percent, due, OPENED, TODAY, steps) is light


@given(st.sampled_from(State), st.integers(0, 100), st.none() | DAYS, DAYS, DAYS, STEPS)
def test_lights_follow_the_table(
    state: State, percent: int, due: date | None, opened: date, today: date, steps: list[Step]
) -> None:
    late = any(step.due < today and not step.done for step in steps)
    table = [
        (Light.BLUE, state is State.CONFIRMED),
        (Light.GREEN, due is None),
        (Light.RED, due is not None and today > due),
        (Light.YELLOW, late),
        (
            Light.YELLOW,
            due is not None
            and due - today <= timedelta(30)
            and percent < line_rules.expected(due, opened, today, steps),
        ),
        (Light.GREEN, True),
    ]
    assert line_rules.light(state, percent, due, opened, today, steps) is next(light for light, holds in table if holds)


SET = [Step(date(2026, 12, 31), 1, False)]


@pytest.mark.parametrize(
    ("due", "steps", "deadline", "dues", "error"),
    [
        (None, [], "2027-06-30", ["2027-03-01", "2027-06-30"], None),
        (None, [], str(TODAY), [str(TODAY)], None),
        (None, [], str(TODAY - timedelta(1)), [str(TODAY - timedelta(1))], DeadlineNotAllowed),
        (None, [], "2027-06-30", ["2020-03-01", "2027-06-30"], None),
        (None, [], "2027-06-30", ["2027-03-01", "2027-06-29"], OutOfOrder),
        (None, [], "2027-06-30", ["2027-07-01", "2027-06-30"], OutOfOrder),
        (None, [], "2027-06-30", ["2027-06-30", "2027-06-30"], None),
        (None, [], "2999-06-30", ["2999-06-30"], DeadlineNotAllowed),
        (date(2026, 12, 31), [], "2026-12-31", ["2026-12-31"], None),
        (date(2026, 12, 31), [], "2026-11-30", ["2026-11-30"], None),
        (date(2026, 12, 31), [], "2027-01-01", ["2027-01-01"], DeadlineNotAllowed),
        (date(2025, 12, 31), [], "2025-12-31", ["2025-12-31"], None),
        (date(2025, 12, 31), [], "2025-12-30", ["2025-12-30"], DeadlineNotAllowed),
        (date(2026, 12, 31), SET, "2026-12-31", ["2026-12-31"], None),
        (date(2025, 12, 31), [Step(date(2025, 12, 31), 1, False)], "2025-12-31", ["2025-12-31"], None),
        (date(2026, 12, 31), SET, "2026-12-30", ["2026-12-30"], DeadlineNotAllowed),
        (date(2026, 12, 31), SET, "2027-12-31", ["2027-12-31"], DeadlineNotAllowed),
    ],
)
def test_what_a_schedule_may_be(
    due: date | None, steps: list[Step], deadline: str, dues: list[str], error: type[DomainError] | None
) -> None:
    what = line("hefei", due=due, steps=steps)
    days = [date.fromisoformat(day) for day in dues]
    if error is None:
        rules.must_fit(what, date.fromisoformat(deadline), days, TODAY)
    else:
        with pytest.raises(error):
            rules.must_fit(what, date.fromisoformat(deadline), days, TODAY)


@pytest.mark.parametrize(
    ("before", "given", "continued"),
    [
        ("", "AB", [None, None]),
        ("ABC", "ABC", [0, 1, 2]),
        ("ABC", "CAB", [2, 0, 1]),
        ("ABC", "AXC", [0, 1, 2]),
        ("AB", "XAB", [None, 0, 1]),
        ("ABC", "AC", [0, 2]),
        ("AB", "BX", [1, None]),
        ("AA", "AAA", [0, 1, None]),
        ("AB", "XY", [0, 1]),
    ],
)
def test_a_step_goes_on_by_its_title_or_in_its_place(before: str, given: str, continued: list[int | None]) -> None:
    assert rules.continued(before, given) == continued


@pytest.mark.parametrize(
    ("due", "deadline", "allowed"),
    [
        (TODAY, TODAY + timedelta(1), True),
        (TODAY, TODAY, False),
        (TODAY - timedelta(9), TODAY - timedelta(1), False),
        (TODAY - timedelta(9), TODAY, True),
        (TODAY, date(2999, 1, 1), False),
    ],
)
def test_a_deadline_moves_only_later_and_to_a_day_to_come(due: date, deadline: date, allowed: bool) -> None:
    what = line("hefei", due=due, steps=SET)
    if allowed:
        rules.must_extend(what, deadline, TODAY)
    else:
        with pytest.raises(DeadlineNotAllowed):
            rules.must_extend(what, deadline, TODAY)


def test_a_milestone_is_reached_once_and_not_in_advance() -> None:
    rules.must_be_undone(None)
    rules.must_be_past(TODAY, TODAY)
    with pytest.raises(AlreadyDone):
        rules.must_be_undone(TODAY)
    with pytest.raises(DoneInFuture):
        rules.must_be_past(TODAY + timedelta(1), TODAY)


def test_an_extension_is_decided_once() -> None:
    rules.must_await(Decision.ASKED)
    for decided in (Decision.APPROVED, Decision.REFUSED):
        with pytest.raises(AlreadyDecided):
            rules.must_await(decided)
