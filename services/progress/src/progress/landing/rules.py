"""The share of lines that are confirmed as done, against staged goals. Pure: days come in as arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from chassis.problems import DomainError
from progress.rounding import tenths


@dataclass(frozen=True)
class Stage:
    """``months`` after the start ``percent`` of the lines are to be done."""

    months: int
    percent: int


USUAL = (Stage(12, 50), Stage(24, 80), Stage(36, 100))
"""Until the province sets others."""


@dataclass(frozen=True)
class Point:
    """``goal`` and ``actual`` in percent; ``actual`` is None on days to come, and on those without any line."""

    on: date
    goal: float
    actual: float | None
    lines: int
    confirmed: int


class StagesOutOfOrder(DomainError):
    """Stages do not lead up."""

    status = 422
    slug = "stages-out-of-order"
    pointer = "/body/stages"


def must_lead_up(stages: Sequence[Stage]) -> None:
    """Raises StagesOutOfOrder unless each is later than the one before, and not lower."""
    if any(later.months <= earlier.months or later.percent < earlier.percent for earlier, later in pairwise(stages)):
        raise StagesOutOfOrder("各阶段的月数应依次增加，比例不应降低。")


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(day.day - 1), first_of_next - timedelta(1))


def goal_on(day: date, start: date, stages: Sequence[Stage]) -> float:
    """What is to be done on a day, rising evenly from stage to stage."""
    ends = [(start, 0.0), *((months_later(start, stage.months), float(stage.percent)) for stage in stages)]
    for (before, low), (end, high) in pairwise(ends):
        if day < end:
            return max(low, low + (high - low) * (day - before).days / (end - before).days)
    return ends[-1][1]


def curve(
    start: date,
    stages: Sequence[Stage],
    opened: Mapping[date, int],
    confirmed: Mapping[date, int],
    today: date,
) -> list[Point]:
    """A point for each month from the start to the last stage or today, whichever is later, and one for today.

    ``opened`` and ``confirmed`` count lines by the day on which it happened.
    """
    end = max(months_later(start, stages[-1].months), today)
    days = {months_later(start, number) for number in range((end.year - start.year) * 12 + end.month - start.month + 1)}
    return [_point(day, start, stages, opened, confirmed, today) for day in sorted({*days, today}) if day >= start]


def _point(
    day: date,
    start: date,
    stages: Sequence[Stage],
    opened: Mapping[date, int],
    confirmed: Mapping[date, int],
    today: date,
) -> Point:
    lines = sum(count for on, count in opened.items() if on <= day)
    done = sum(count for on, count in confirmed.items() if on <= day)
    actual = float(tenths(100 * done, lines)) if lines and day <= today else None
    return Point(day, round(goal_on(day, start, stages), 1), actual, lines, done)
