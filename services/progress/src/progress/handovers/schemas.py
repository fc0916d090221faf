"""What the API of handovers takes, returns and publishes."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.schemas import Input, Line, Output, Text
from progress.handovers.rules import Kind

Person = Annotated[Line, StringConstraints(max_length=100)]
"""The name that the person's account has: what reports, filings and steps are signed with."""


class PersonIn(Input):
    """A name, or the account of somebody of the office."""

    person: Person


class LinePersonOut(Output):
    """Who is responsible for a line within the caller's office; ``person`` is null while nobody was named, ``account``
    for somebody who has not used the platform.
    """

    line_id: UUID
    person: str | None
    account: str | None
    changed_by: str | None
    changed_at: datetime | None
    version: int


class PersonOut(Output):
    """Whom the office's things know by name; who has an account can receive, and was here last on ``seen_on``."""

    name: str
    account: str | None
    seen_on: date | None


class PersonPage(Output):
    items: list[PersonOut]
    next: str | None


class ThingOut(Output):
    """``within`` is the assessment of an objection, the case of a replication."""

    kind: Kind
    id: UUID
    within: UUID | None = None
    title: str


class ThingPage(Output):
    items: list[ThingOut]
    next: str | None


class HandoverIn(Input):
    """``receiver`` is the account of somebody of the office, or a name that only one of them has; ``things`` are the
    ids of the whole list of ``/belongings`` as it was confirmed.
    """

    giver: Person
    receiver: Person
    reason: Text
    things: Annotated[list[Annotated[UUID, Field(strict=False)]], Field(max_length=5000)]


class HandoverData(Output):
    """A handover as events carry it; ``count`` of things. A giver who never used the platform has no account."""

    id: UUID
    office: str
    giver: str
    giver_account: str | None = None
    receiver: str
    receiver_account: str | None = None
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
