"""The working days of the Chinese calendar (工作日): holidays, and weekends that are worked instead of them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar  # type: ignore[import-untyped]

KNOWN_YEARS = frozenset(day.year for day in chinese_calendar.holidays)


@lru_cache(maxsize=20_000)
def usually_works(day: date) -> bool:
    """Without corrections: as announced, or by weekends alone in years whose holidays are not announced yet."""
    if day.year in KNOWN_YEARS:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


@dataclass(frozen=True)
class WorkCalendar:
    """``corrected`` says of days whether they are worked; the province has gone through the ``settled`` years."""

    corrected: Mapping[date, bool] = field(default_factory=dict)
    settled: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        given = self.corrected.get(day)
        return usually_works(day) if given is None else given

    def working_days(self, start: date, end: date) -> list[date]:
        """From ``start`` to ``end``, both included."""
        return [day for day in days(start, end) if self.is_working(day)]

    def after(self, day: date, number: int) -> date:
        """The working day that is the ``number``-th after a day."""
        while number:
            day += timedelta(1)
            number -= self.is_working(day)
        return day

    def is_guessed(self, start: date, end: date) -> bool:
        """Whether holidays of some of these days are not known."""
        return not (KNOWN_YEARS | self.settled).issuperset(range(start.year, end.year + 1))


def days(start: date, end: date) -> list[date]:
    """From ``start`` to ``end``, both included."""
    return [start + timedelta(number) for number in range((end - start).days + 1)]
