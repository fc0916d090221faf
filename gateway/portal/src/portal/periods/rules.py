"""What the pages of periods add up and propose. Pure: days come in as arguments."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Json = Mapping[str, Any]
COUNTS = ("expected", "received", "on_time", "approved")
SHOW = ("waiting", "queried", "disagrees")
BULK = ("submit", "withdraw", "check", "uncheck", "accept", "unaccept", "approve", "send_back", "return")


def stage(period: Json, today: str) -> str:
    """``running``, ``grace`` after its due day, ``late`` after that, ``locked``."""
    for name, last in (("running", "due"), ("grace", "grace"), ("late", "locks")):
        if today <= period[last]:
            return name
    return "locked"


def added(cells: Iterable[Json], by: str) -> list[dict[str, Any]]:
    """Counts by ``office`` or ``plan``, in the order of the cells."""
    sums: dict[str, dict[str, Any]] = {}
    for cell in cells:
        row = sums.setdefault(cell[by], {"code": cell[by], "name": cell[f"{by}_name"], **dict.fromkeys(COUNTS, 0)})
        for name in COUNTS:
            row[name] += cell[name]
    return list(sums.values())


def proposal(today: date, free: Collection[date]) -> dict[str, Any]:
    """The quarter of today: due on its last day, three days of grace, locked a fortnight later. The grace ends on a day
    that is not ``free``.
    """
    first = date(today.year, today.month - (today.month - 1) % 3, 1)
    last = (first + timedelta(95)).replace(day=1) - timedelta(1)
    quarter = (today.month - 1) // 3
    locks = last + timedelta(14)
    grace = next((day for more in range(3, 14) if (day := last + timedelta(more)) not in free), locks)
    days = {"starts": first, "ends": last, "due": last, "grace": grace, "locks": locks}
    return {
        "kind": "quarter",
        "title": f"{today.year} 年{'一二三四'[quarter]}季度推进情况",
        "reason": "",
        "plans": [],
        **{name: day.isoformat() for name, day in days.items()},
    }


def bulk_actions(filings: Sequence[Json]) -> list[str]:
    """The steps that some of the filings can take."""
    return [action for action in BULK if any(action in filing["actions"] for filing in filings)]


def succeeded(results: Iterable[Json]) -> int:
    return sum(each["problem"] is None for each in results)


def refused(results: Iterable[Json], filings: Iterable[Json]) -> list[tuple[str, str]]:
    """What was not done: the task's title, and why."""
    titles: dict[str, str] = {filing["id"]: filing["line"]["task"]["title"] for filing in filings}
    return [(titles.get(each["id"], str(each["id"])), str(each["problem"])) for each in results if each["problem"]]
