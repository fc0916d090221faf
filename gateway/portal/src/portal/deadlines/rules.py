"""Deadlines laid out by days. Pure: days come in as arguments."""

import re
from calendar import Calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.web.words import Mark

Json = Mapping[str, Any]
KINDS = {
    "line": Mark(("事项时限", "Line"), "list-check", "blue"),
    "milestone": Mark(("节点", "Milestone"), "progress", "azure"),
    "period": Mark(("定期报送", "Reporting"), "calendar-due", "purple"),
    "order": Mark(("督办单", "Order"), "flag", "red"),
    "problem": Mark(("协调问题", "Problem"), "alert-circle", "yellow"),
}
_PATHS = {"line": "/lines", "milestone": "/lines", "period": "/periods", "order": "/orders", "problem": "/problems"}
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


def path(item: Json) -> str:
    """The page of what is due."""
    return f"{_PATHS[item['kind']]}/{item['line_id'] or item['id']}"


@dataclass(frozen=True)
class Month:
    """``weeks`` begin with Monday, and have None for the days of other months."""

    first: date
    weeks: Sequence[Sequence[date | None]]
    items: Mapping[date, Sequence[Json]]

    @property
    def before(self) -> str:
        return _written(self.first - timedelta(1))

    @property
    def after(self) -> str:
        return _written(self.first + timedelta(31))


def first_of(written: str, today: date) -> date:
    """The first day of ``2026-11``, of today's month for what is no month."""
    return date.fromisoformat(f"{written}-01") if _MONTH.fullmatch(written) else today.replace(day=1)


def month(first: date, items: Iterable[Json]) -> Month:
    """The days of a month with what is due on them."""
    by_day: dict[date, list[Json]] = {}
    for item in items:
        by_day.setdefault(date.fromisoformat(item["due"]), []).append(item)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    own = [[day if day.month == first.month else None for day in week] for week in weeks]
    return Month(first, own, by_day)


def _written(day: date) -> str:
    return f"{day:%Y-%m}"
