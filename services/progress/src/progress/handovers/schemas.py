"""What the API of handovers takes, returns and publishes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.schemas import Input, Line, Output, Text
from progress.handovers.rules import Kind

Person = Annotated[Line, StringConstraints(max_length=100)]
"""The name that the person's account has: what reports, filings and steps are signed with."""


class PersonIn(Input):
    person: Person


class LinePersonOut(Output):
    """Who is responsible for a line within the caller's office; ``person`` is null while nobody was named."""

    line_id: UUID
    person: str | None
    changed_by: str | None
    changed_at: datetime | None
    version: int


class PersonOut(Output):
    name: str


class PersonPage(Output):
    items: list[PersonOut]
    next: str | None


class ThingOut(Output):
    kind: Kind
    id: UUID
    title: str


class ThingPage(Output):
    items: list[ThingOut]
    next: str | None


class HandoverIn(Input):
    """``things`` are the ids of the whole list of ``/belongings`` as it was confirmed."""

    giver: Person
    receiver: Person
    reason: Text
    things: Annotated[list[Annotated[UUID, Field(strict=False)]], Field(max_length=5000)]


class HandoverData(Output):
    """A handover as events carry it; ``count`` of things."""

    id: UUID
    office: str
    giver: str
    receiver: str
    reason: str
    count: int
    made_by: str
    made_at: datetime
    version: int


class HandoverShort(HandoverData):
    office_name: str


class HandoverPage(Output):
    items: list[HandoverShort]
    next: str | None


class HandoverOut(HandoverShort):
    """A handover with the list that was confirmed."""

    things: list[ThingOut]
