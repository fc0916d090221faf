"""Days turn at midnight in Asia/Shanghai; which are known, compared, shown in trends."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.past import rules
from progress.past.rules import DAY, MOST_POINTS, UnknownDay

FIRST, TODAY = date(2026, 11, 2), date(2026, 11, 25)
DATES = st.dates(date(2021, 1, 1), date(2060, 1, 1))


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 11, 24), datetime(2026, 11, 24, 16, tzinfo=UTC)),
        (date(2026, 11, 30), datetime(2026, 11, 30, 16, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 31, 16, tzinfo=UTC)),
        (date(2027, 2, 28), datetime(2027, 2, 28, 16, tzinfo=UTC)),
        (date(2028, 2, 28), datetime(2028, 2, 28, 16, tzinfo=UTC)),
        (date(2028, 2, 29), datetime(2028, 2, 29, 16, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_midnight_in_shanghai(day: date, end: datetime) -> None:
    assert rules.end(day) == end


@pytest.mark.parametrize(
    ("closed", "first", "today", "next_day"),
    [
        (None, None, date(2026, 11, 25), None),
        (None, datetime(2026, 11, 25, 15, 59, tzinfo=UTC), date(2026, 11, 25), None),
        (None, datetime(2026, 11, 25, 15, 59, tzinfo=UTC), date(2026, 11, 26), date(2026, 11, 25)),
        (None, datetime(2026, 11, 25, 16, 0, tzinfo=UTC), date(2026, 11, 26), None),
        (None, datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 2), date(2027, 1, 1)),
        (date(2026, 11, 23), None, date(2026, 11, 25), date(2026, 11, 24)),
        (date(2026, 11, 24), None, date(2026, 11, 25), None),
        (date(2026, 11, 25), None, date(2026, 11, 25), None),
        (date(2026, 11, 30), None, date(2026, 12, 9), date(2026, 12, 1)),
        (date(2026, 12, 31), None, date(2027, 1, 2), date(2027, 1, 1)),
        (date(2028, 2, 28), None, date(2028, 3, 1), date(2028, 2, 29)),
    ],
)
def test_days_are_closed_one_after_another_when_they_are_over(
    closed: date | None, first: datetime | None, today: date, next_day: date | None
) -> None:
    assert rules.next_to_close(closed, first, today) == next_day


@pytest.mark.parametrize(
    ("day", "first", "closed", "said"),
    [
        (TODAY + DAY, FIRST, TODAY - DAY, "还没有到"),
        (date(9999, 12, 31), FIRST, TODAY - DAY, "还没有到"),
        (FIRST - DAY, FIRST, TODAY - DAY, "统计从 2026-11-02 开始"),
        (date(1, 1, 1), FIRST, TODAY - DAY, "统计从 2026-11-02 开始"),
        (TODAY, None, None, "还没有开立推进事项"),
        (TODAY - DAY, FIRST, TODAY - 2 * DAY, "正在生成"),
        (FIRST, FIRST, None, "正在生成"),
    ],
)
def test_a_day_of_which_nothing_is_known_is_refused(
    day: date, first: date | None, closed: date | None, said: str
) -> None:
    with pytest.raises(UnknownDay, match=said) as refused:
        rules.must_be_known("on", day, first, closed, TODAY)
    assert (refused.value.status, refused.value.pointer) == (422, "/query/on")


@pytest.mark.parametrize("day", [FIRST, FIRST + DAY, TODAY - DAY, TODAY])
def test_days_from_the_first_to_today_are_known(day: date) -> None:
    rules.must_be_known("on", day, FIRST, TODAY - DAY, TODAY)


@pytest.mark.parametrize(
    ("since", "until", "first", "expected"),
    [
        (None, None, FIRST, (TODAY - timedelta(7), TODAY)),
        (None, None, TODAY - DAY, (TODAY - 2 * DAY, TODAY)),
        (None, None, TODAY, (TODAY - DAY, TODAY)),
        (None, None, None, (TODAY - DAY, TODAY)),
        (None, FIRST, FIRST, (FIRST - DAY, FIRST)),
        (FIRST - DAY, None, FIRST, (FIRST - DAY, TODAY)),
        (FIRST, FIRST + DAY, FIRST, (FIRST, FIRST + DAY)),
    ],
)
def test_the_days_that_are_compared(
    since: date | None, until: date | None, first: date | None, expected: tuple[date, date]
) -> None:
    assert rules.span(since, until, first, TODAY) == expected


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (None, TODAY + DAY, "until"),
        (None, date(9999, 12, 31), "until"),
        (FIRST - 2 * DAY, None, "since"),
        (date(1, 1, 1), None, "since"),
        (TODAY, None, "since"),
        (FIRST, FIRST, "since"),
        (FIRST + DAY, FIRST, "since"),
        (None, FIRST - DAY, "since"),
        (None, date(1, 1, 1), "since"),
    ],
)
def test_days_that_cannot_be_compared(since: date | None, until: date | None, field: str) -> None:
    with pytest.raises(UnknownDay) as refused:
        rules.span(since, until, FIRST, TODAY)
    assert refused.value.pointer == f"/query/{field}"


@pytest.mark.parametrize(
    ("since", "until", "first", "expected"),
    [
        (None, None, None, (TODAY, TODAY)),
        (None, None, FIRST, (FIRST, TODAY)),
        (None, None, date(2020, 1, 1), (date(2026, 8, 26), TODAY)),
        (None, FIRST, FIRST, (FIRST, FIRST)),
        (FIRST, FIRST + DAY, FIRST, (FIRST, FIRST + DAY)),
    ],
)
def test_the_days_of_a_trend(
    since: date | None, until: date | None, first: date | None, expected: tuple[date, date]
) -> None:
    assert rules.window(since, until, first, TODAY) == expected


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (None, TODAY + DAY, "until"),
        (FIRST - DAY, None, "since"),
        (FIRST + DAY, FIRST, "since"),
        (None, FIRST - DAY, "since"),
        (None, date(1, 1, 1), "since"),
    ],
)
def test_days_that_no_trend_has(since: date | None, until: date | None, field: str) -> None:
    with pytest.raises(UnknownDay) as refused:
        rules.window(since, until, FIRST, TODAY)
    assert refused.value.pointer == f"/query/{field}"


@given(DATES, st.integers(0, 5000))
def test_points_are_even_end_with_the_last_day_and_are_not_too_many(since: date, days: int) -> None:
    until = since + timedelta(days)
    points = rules.points(since, until)
    steps = {later - earlier for earlier, later in pairwise(points)}
    assert len(points) <= MOST_POINTS
    assert len(steps) <= 1
    assert points[-1] == until
    assert since <= points[0] < since + max(steps, default=DAY)
    assert days >= MOST_POINTS or len(points) == days + 1
