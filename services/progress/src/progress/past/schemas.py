"""What changes and trends answer."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from chassis.schemas import Output
from progress.lines.rules import Light, State
from progress.lines.schemas import TaskOut
from progress.overview.schemas import Lights, States
from progress.past.rules import What
from progress.rounding import tenths


class Stood(Output):
    """How a line stood; plan, units and leading units by their names."""

    state: State
    percent: int
    light: Light
    due: date | None
    plan: str
    units: list[str]
    leads: list[str]


class ChangeOut(Output):
    """What is another than before, how ``times`` it was changed meanwhile, and the entry of the history that did it
    last: by whom and why. An extension's reason is its cause; ``office_name`` is null for one that is no zone or unit.
    """

    what: What
    times: int
    at: datetime
    entry: str
    actor: str
    office: str
    office_name: str | None
    reason: str | None


class ChangedLine(Output):
    """``before`` is null for a line that came, ``after`` for one that went."""

    id: UUID
    jurisdiction: str
    jurisdiction_name: str
    task: TaskOut
    before: Stood | None
    after: Stood | None
    changes: list[ChangeOut]


class ChangedPage(Output):
    items: list[ChangedLine]
    next: str | None


class Counts(Output):
    came: int
    went: int
    state: int
    percent: int
    light: int
    due: int
    plan: int
    units: int
    leads: int


class Turn(Output):
    """How many lines went from one state or light to another."""

    field: Literal["state", "light"]
    before: str
    after: str
    lines: int


class Difference(Output):
    """What differs between the end of ``since`` and the end of ``until``; that of today is now."""

    lines: int
    by_what: Counts
    turns: list[Turn]


class DifferenceOut(Difference):
    since: date
    until: date


class Point(Output):
    """The figures when ``day`` ended, those of today as they are now; ``reconstructed`` as in the overview."""

    day: date
    reconstructed: bool
    lines: int
    by_state: States
    by_light: Lights
    mean_percent: float


class TrendOut(Output):
    """``first_day`` is the first one of which there are figures, null as long as there is no line."""

    first_day: date | None
    since: date
    until: date
    points: list[Point]


class ClosedDay(Output):
    """A jurisdiction's figures when a day ended, as events carry them; a day that was closed late is reconstructed from
    the history of its lines.
    """

    id: str
    day: date
    jurisdiction: str
    reconstructed: bool
    lines: int
    by_state: States
    by_light: Lights
    mean_percent: float
    version: int


def figures(row: Mapping[str, Any]) -> dict[str, Any]:
    """Lines, their states, lights and mean percent, from summed cells."""
    return {
        "lines": row["lines"],
        "by_state": States(**{state: row[state] for state in State}),
        "by_light": Lights(**{light: row[light] for light in Light}),
        "mean_percent": float(tenths(row["percent_sum"], row["lines"])) if row["lines"] else 0,
    }
