"""What the API of problems takes, returns and publishes."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.schemas import Day, Input, Line, Output, Text
from progress.orders.schemas import OrderLine, Party
from progress.problems.rules import Action, State

Addressee = Annotated[str, Field(pattern=r"^((unit|zone):[a-z0-9-]{1,64}|role:province)$", max_length=69)]


class ProblemIn(Input):
    """``addressee`` is a unit (``unit:czt``), a zone (``zone:wuhu``) or the province (``role:province``); ``line_id``
    null for none.
    """

    title: Line
    description: Text
    addressee: Addressee
    answer_due: Day
    line_id: Annotated[UUID, Field(strict=False)] | None = None


class FollowUp(Input):
    answer_due: Day
    text: Text


class ProblemData(Output):
    """A problem as events carry it. ``outcome`` is null until it is settled; ``answered_on`` until it is answered."""

    id: UUID
    jurisdiction: str
    line_id: UUID | None
    title: str
    description: str
    raiser: Party
    addressee: Party
    answer_due: date
    state: State
    answered_on: date | None
    outcome: str | None
    ended_on: date | None
    raised_by: str
    raised_at: datetime
    updated_at: datetime
    version: int


class RaisedProblem(ProblemData):
    """A problem with what the caller may do with it now; ``overdue``: no answer by its day; ``long_overdue``: for so
    long that the province is to escalate it. ``line`` and ``line_id`` are null for none, and for a line that the caller
    may not see; ``jurisdiction`` is the raiser's then.
    """

    overdue: bool
    long_overdue: bool
    line: OrderLine | None
    actions: list[Action]


class ProblemPage(Output):
    items: list[RaisedProblem]
    next: str | None
