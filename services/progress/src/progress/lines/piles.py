"""The piles (待办) that lines lie on for whoever opens the desk, judged by columns of the line alone.

A line of a zone or a unit lies on the first of its office's piles that it fits; for the province, on each that it fits.
"""

from collections.abc import Sequence
from enum import StrEnum

from progress.lines.rules import Action, Actor


class Pile(StrEnum):
    """被退回待重报、待审填报、已逾期、临期预警、长期无进展、待我审核、尚未开始."""

    RETURNED = "returned"
    DECIDE = "decide"
    RED = "red"
    YELLOW = "yellow"
    STALLED = "stalled"
    REVIEW = "review"
    NEW = "new"


def _may(action: Action) -> str:
    """By the line's reports, as ``rules.table`` has it."""
    return f"""may.rights -> concat_ws('/', may.capacity, l.state, CASE
        WHEN l.report_status IS DISTINCT FROM 'submitted' THEN 'none'
        WHEN l.report_office = :office THEN 'own' ELSE 'other' END) @> '"{action}"'"""


_OF_OFFICE = {
    Pile.RETURNED: f"l.report_status = 'returned' AND {_may(Action.REPORT)}",
    Pile.RED: "l.light = 'red' AND l.state <> 'submitted'",
    Pile.YELLOW: "l.light = 'yellow' AND l.state <> 'submitted'",
    Pile.STALLED: "l.stalled_on IS NOT NULL",
    Pile.REVIEW: f"l.report_status = 'submitted' AND {_may(Action.REVIEW)}",
    Pile.NEW: f"l.state = 'not_started' AND {_may(Action.REPORT)}",
}
_OF_ALL = {
    Pile.DECIDE: f"l.report_status = 'submitted' AND {_may(Action.CONFIRM)}",
    Pile.RED: "l.light = 'red'",
    Pile.YELLOW: "l.light = 'yellow'",
    Pile.STALLED: "l.stalled_on IS NOT NULL",
}
_FIRST = " ".join(f"WHEN {fits} THEN '{pile}'" for pile, fits in _OF_OFFICE.items())
_EACH = ", ".join(f"CASE WHEN {fits} THEN '{pile}' END" for pile, fits in _OF_ALL.items())
OF_LINE = f"CASE WHEN :scope IN ('tenant', 'unit') THEN ARRAY[CASE {_FIRST} END] ELSE ARRAY[{_EACH}] END"
"""The piles of ``l`` for the one who ``may``; NULL stands for none."""


def names(actor: Actor) -> Sequence[Pile]:
    """Those that the actor's desk has, the most urgent first."""
    if actor.scope in ("tenant", "unit"):
        return list(_OF_OFFICE)
    return [pile for pile in _OF_ALL if pile is not Pile.DECIDE or actor.scope == "all"]
