"""A list of lines as a board by state, and as bars on an axis of time. Pure: days come in as arguments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.timeline.rules import MARGIN, Axis

Json = Mapping[str, Any]
LEAST_WIDTH = 0.5


@dataclass(frozen=True)
class Column:
    """The first lines in a state; ``count`` is how many there are in all, ``more`` that there are more than that."""

    state: str
    lines: Sequence[Json]
    count: int
    more: bool


def column(state: str, found: Json, total: int | None) -> Column:
    """``total`` where it is known."""
    lines = found["items"]
    return Column(state, lines, len(lines) if total is None else total, total is None and found["next"] is not None)


def axis(lines: Iterable[Json], today: date) -> Axis:
    """Holds today, and every line from its opening to its deadline."""
    told = [day for line in lines for day in (line["opened_on"], line["due"]) if day]
    days = [today, *map(date.fromisoformat, told)]
    return Axis(min(days) - timedelta(MARGIN), max(days) + timedelta(MARGIN))


@dataclass(frozen=True)
class Bar:
    """Where a line lies on the axis and how much of it is done, as SVG takes it."""

    x: str
    width: str
    done: str


def bar(line: Json, on: Axis) -> Bar:
    """From its opening to its deadline; one without a deadline goes on to the end."""
    ends = sorted((on.number(line["opened_on"]), on.number(line["due"]) if line["due"] else on.days))
    start, end = (100 * number / on.days for number in ends)
    width = max(end - start, LEAST_WIDTH)
    return Bar(f"{start:.3f}%", f"{width:.3f}%", f"{width * line['percent'] / 100:.3f}%")
