"""What the pages of the calendar show and send. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Day:
    """``usual`` is what it would be without a correction."""

    on: date
    working: bool
    usual: bool


@dataclass(frozen=True)
class Month:
    """``before`` is the number of empty places before its first day, in weeks that begin on Monday."""

    number: int
    days: tuple[Day, ...]

    @property
    def before(self) -> int:
        return self.days[0].on.weekday()


def days(year: Json) -> list[Day]:
    """Every day of the year: the service names those that are not as their weekday says."""
    told = {
        date.fromisoformat(day["day"]): Day(date.fromisoformat(day["day"]), day["working"], day["usual"])
        for day in year["days"]
    }
    first = date(year["year"], 1, 1)
    every = (first + timedelta(number) for number in range((date(year["year"] + 1, 1, 1) - first).days))
    return [told.get(day) or Day(day, day.weekday() < 5, day.weekday() < 5) for day in every]


def months(year: Json) -> list[Month]:
    return [Month(number, tuple(found)) for number, found in groupby(days(year), lambda day: day.on.month)]


def corrections(year: Json, working: Collection[str]) -> list[dict[str, Any]]:
    """What differs from the usual, when these days are to be working days."""
    chosen = [(day, str(day.on) in working) for day in days(year)]
    return [{"day": str(day.on), "working": works} for day, works in chosen if works != day.usual]
