"""What the API of meetings and decisions takes, returns and publishes."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.schemas import Day, Input, Line, Output, Text
from progress.bulletins.schemas import Code
from progress.meetings.rules import Action, MeetingAction, MeetingStatus, Standing, Status
from progress.offices import Office as OrderOffice
from progress.orders.rules import State

Office = Annotated[str, StringConstraints(pattern=r"^(zone|unit):[a-z0-9][a-z0-9-]{0,40}$")]


class MeetingIn(Input):
    """``agenda`` are the items (议题) in their order."""

    title: Line
    held_on: Day
    agenda: Annotated[list[Line], Field(min_length=1, max_length=50)]


class Conclusion(Input):
    """Nothing to say."""


class DecisionIn(Input):
    """``office`` leads: ``zone:<code>`` or ``unit:<code>``."""

    text: Text
    office: Office
    due: Day


class NoteIn(Input):
    line_id: Annotated[UUID, Field(strict=False)]


class ProposalIn(Input):
    """A task to be, in a plan of the catalog."""

    plan: Code
    title: Line


class OrderingIn(Input):
    """A supervision order (督办单); that it comes from the meeting is known."""

    title: Line
    requirement: Text
    lead: OrderOffice
    members: list[OrderOffice] = Field([], max_length=30)
    lines: list[Annotated[UUID, Field(strict=False)]] = Field([], max_length=100)
    deadline: Day


class CompletionIn(Input):
    outcome: Text


class MeetingData(Output):
    id: UUID
    status: MeetingStatus
    title: str
    held_on: date
    agenda: list[str]
    prepared_by: str
    prepared_at: datetime
    decisions: int
    version: int


class MeetingOut(MeetingData):
    """A meeting of the leading group (领导小组会议); ``decisions`` is their number."""

    actions: list[MeetingAction]


class MeetingPage(Output):
    items: list[MeetingOut]
    next: str | None


class DecisionData(Output):
    """``line_id``, ``order_id``, or ``plan`` and ``task_title``, is what it became; ``number`` counts the meeting's
    from 1. An order is named to those who see it: the lead office when it is issued.
    """

    id: UUID
    meeting_id: UUID
    meeting_title: str
    held_on: date
    number: int
    text: str
    office: str
    due: date
    status: Status
    line_id: UUID | None
    order_id: UUID | None = None
    plan: str | None
    task_title: str | None
    outcome: str | None
    done_by: str | None
    done_at: datetime | None
    version: int


class DecisionOrder(Output):
    id: UUID
    number: str | None
    state: State
    deadline: date


class DecisionOut(DecisionData):
    """A decision (议定事项). ``standing`` is what became of it by today, by its order's deadline when it has one;
    ``task`` the code of the proposed task once an edition has it.
    """

    office_name: str
    standing: Standing
    order: DecisionOrder | None
    task: str | None
    actions: list[Action]


class DecisionPage(Output):
    items: list[DecisionOut]
    next: str | None
