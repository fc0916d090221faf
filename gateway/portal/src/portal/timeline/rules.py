"""Where milestones stand on the axis, and what moving one sends. Pure: days come in as arguments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Json = Mapping[str, Any]
MARGIN, MOST_TICKS = 7, 12
STEPS = (1, 3, 6, 12, 24, 60)


@dataclass(frozen=True)
class Axis:
    """The days from ``start`` to ``end``."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def number(self, day: str | date) -> int:
        """Days from the start."""
        return ((date.fromisoformat(day) if isinstance(day, str) else day) - self.start).days

    def at(self, day: str | date) -> str:
        """The place of a day, as SVG takes it."""
        return f"{100 * self.number(day) / self.days:.3f}%"

    @property
    def ticks(self) -> list[date]:
        """First days of months, few enough to be read."""
        count = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        step = next((step for step in STEPS if count / step <= MOST_TICKS), STEPS[-1])
        months = range(self.start.year * 12 + self.start.month, self.end.year * 12 + self.end.month)
        return [date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0]

    @property
    def years(self) -> range:
        return range(self.start.year, self.end.year + 1)


def axis(lines: Iterable[Json], today: date) -> Axis:
    """Holds today and every milestone and deadline."""
    told = [day for line in lines for day in (line["due"], *(each["due"] for each in line["milestones"])) if day]
    days = [today, *map(date.fromisoformat, told)]
    return Axis(min(days) - timedelta(MARGIN), max(days) + timedelta(MARGIN))


@dataclass(frozen=True)
class Place:
    """A milestone; one that is ``movable`` stays between ``least`` and ``most``, where its neighbours are.

    One without room between them is not: its neighbours have to be moved first.
    """

    milestone: Json
    movable: bool
    least: str
    most: str


def places(line: Json, on: Axis) -> list[Place]:
    """The milestones of a line in their order. The last one that is not reached stays on the deadline."""
    waiting = [each for each in line["milestones"] if not each["done_on"]]
    may = "schedule" in line["actions"]
    found = []
    for each in line["milestones"]:
        here = waiting.index(each) if each in waiting else -1
        movable = may and 0 <= here < len(waiting) - 1
        least = waiting[here - 1]["due"] if movable and here else on.start.isoformat()
        most = waiting[here + 1]["due"] if movable else on.end.isoformat()
        found.append(Place(each, movable and least < most, least, most))
    return found


def moved(schedule: Json, milestone_id: str, due: str) -> dict[str, Any]:
    """The schedule with one of its milestones on another day; those that are done are not sent."""
    waiting = [each for each in schedule["milestones"] if not each["done_on"]]
    return {
        "deadline": schedule["deadline"],
        "milestones": [
            {
                "title": each["title"],
                "weight": each["weight"],
                "due": due if each["id"] == milestone_id else each["due"],
            }
            for each in waiting
        ],
    }


def free(years: Sequence[Iterable[tuple[date, bool]]], on: Axis) -> list[str]:
    """The days of the axis that are not worked; ``years`` give each day and whether it is."""
    return [day.isoformat() for year in years for day, working in year if not working and on.start <= day <= on.end]
