"""What the desk answers."""

from chassis.schemas import Output
from progress.lines.piles import Pile
from progress.lines.schemas import LineOut


class PileOut(Output):
    """``lines`` are the first of ``count``, those due first; those without a deadline come last."""

    name: Pile
    count: int
    lines: list[LineOut]


class Desk(Output):
    """All piles of the caller's desk, the most urgent first, empty ones too."""

    piles: list[PileOut]
