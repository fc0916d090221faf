"""What stands beside what in a comparison. Pure: days come in as arguments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Json = Mapping[str, Any]
BACK = {"yesterday": timedelta(1), "week": timedelta(7)}
FIELDS = ("state", "percent", "light", "due", "plan", "leads")
SAME, CHANGED, CAME, WENT = "same", "changed", "came", "went"


@dataclass(frozen=True)
class Pair:
    """A value then and now; ``mark`` is ``same``, ``changed``, ``came`` (nothing was there) or ``went``."""

    before: Any
    after: Any
    mark: str


@dataclass(frozen=True)
class Cell:
    """A plan's lines in a jurisdiction; ``lights`` by code, those that it has or had."""

    lines: Pair
    lights: Mapping[str, Pair]
    mean: Pair

    @property
    def changed(self) -> bool:
        return any(pair.mark != SAME for pair in (self.lines, self.mean, *self.lights.values()))


Row = tuple[Json, str, Sequence[tuple[str, Cell]]]
"""A plan, whether it came or went, and its cells by the name of the jurisdiction."""


def span(against: str, since: str, until: str, today: date) -> tuple[str, str]:
    """The two days whose ends are compared: what is asked for, else yesterday and now."""
    if since and not against:
        return since, until or today.isoformat()
    return (today - BACK.get(against, BACK["yesterday"])).isoformat(), today.isoformat()


def pair(before: Any, after: Any) -> Pair:
    return Pair(before, after, SAME if before == after else CHANGED)


def counted(summary: Json) -> list[tuple[str, int]]:
    """How many lines came, went, and are still there but differ."""
    came, went = summary["by_what"][CAME], summary["by_what"][WENT]
    return [(CAME, came), (WENT, went), (CHANGED, summary["lines"] - came - went)]


def kind(line: Json) -> str:
    return CAME if line["before"] is None else WENT if line["after"] is None else CHANGED


def cells(line: Json) -> dict[str, Pair]:
    """Each field of a line, then and now; those of a line that came are as they are."""
    if line["after"] is None:
        return {field: Pair(line["before"][field], None, WENT) for field in FIELDS}
    before = line["before"] or line["after"]
    return {field: pair(before[field], line["after"][field]) for field in FIELDS}


def names(line: Json) -> list[Pair]:
    """Each unit of a line, those that are there now first."""
    was, now = ((line[side] or {}).get("units", []) for side in ("before", "after"))
    if line["before"] is None:
        was = now
    here = [Pair(name, name, SAME if name in was else CAME) for name in now]
    return here + [Pair(name, name, WENT) for name in was if name not in now]


def places(was: Json, now: Json) -> dict[str, str]:
    """The jurisdictions' names by code, those that are there now first."""
    return {place["code"]: place["name"] for place in (*now["jurisdictions"], *was["jurisdictions"])}


def matrix(was: Json, now: Json) -> list[Row]:
    then, present = ({plan["code"]: plan for plan in overview["plans"]} for overview in (was, now))
    rows: list[Row] = []
    for code in [*present, *(code for code in then if code not in present)]:
        how = CAME if code not in then else WENT if code not in present else SAME
        old, new = (_by_place(plans.get(code)) for plans in (then, present))
        cells = [(name, cell(old.get(place), new.get(place))) for place, name in places(was, now).items()]
        rows.append((present.get(code) or then[code], how, cells))
    return rows


def _by_place(plan: Json | None) -> dict[str, Json]:
    return {cell["jurisdiction"]: cell for cell in plan["cells"]} if plan else {}


def cell(was: Json | None, now: Json | None) -> Cell:
    """Of a cell that is not there there are no lines."""
    lights = [light for each in (was, now) if each for light, count in each["by_light"].items() if count]
    return Cell(
        pair(_of(was, "lines"), _of(now, "lines")),
        {light: pair(_light(was, light), _light(now, light)) for light in dict.fromkeys(lights)},
        pair(_of(was, "mean_percent"), _of(now, "mean_percent")),
    )


def _of(found: Json | None, name: str) -> float:
    return float(found[name]) if found else 0


def _light(found: Json | None, light: str) -> int:
    return int(found["by_light"][light]) if found else 0


def changed(rows: Iterable[Row]) -> int:
    """How many cells differ."""
    return sum(cell.changed for _, _, cells in rows for _, cell in cells)


def totals(was: Json, now: Json) -> dict[str, Pair]:
    """The figures of all, then and now."""
    names = ("lines", "overdue", "mean_percent")
    figures = {name: pair(was["totals"][name], now["totals"][name]) for name in names}
    return figures | {"confirmed": pair(*(each["totals"]["by_state"]["confirmed"] for each in (was, now)))}
