"""What the API of orders takes, returns and publishes."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.schemas import Day, Input, Line, OptionalText, Output, Text
from progress.offices import Office
from progress.orders.rules import Action, Colour, Source, State


class OrderIn(Input):
    """``basis`` names the meeting's decision or the leader's remark; ``lines`` are those that it is about, if any."""

    title: Line
    requirement: Text
    source: Annotated[Source, Field(strict=False)]
    basis: OptionalText = ""
    lead: Office
    members: list[Office] = Field([], max_length=30)
    lines: list[Annotated[UUID, Field(strict=False)]] = Field([], max_length=100)
    deadline: Day


class Issuance(Input):
    """``sign_due`` is the day until which the lead office is to sign for it."""

    sign_due: Day
    text: OptionalText = ""


class Extension(Input):
    deadline: Day
    text: Text


class Said(Input):
    text: Text


class Remark(Input):
    text: OptionalText = ""


class Closing(Input):
    """``evidence`` says what proves that the matter is settled."""

    text: OptionalText = ""
    evidence: Text


class Party(Output):
    """An office that takes part: ``zone:hefei``, ``unit:swt``."""

    office: str
    name: str


class OrderData(Output):
    """An order as events carry it. ``number`` is 〔2026〕1号, null until it is issued; ``asked_deadline`` waits for the
    province's decision; ``answered_on`` is the day of the application to conclude that was not returned.
    """

    id: UUID
    jurisdiction: str
    number: str | None
    year: int | None
    serial: int | None
    title: str
    requirement: str
    source: Source
    basis: str
    lead: Party
    members: list[Party]
    state: State
    first_deadline: date
    deadline: date
    asked_deadline: date | None
    sign_due: date | None
    issued_on: date | None
    signed_on: date | None
    answered_on: date | None
    ended_on: date | None
    urged_on: date | None
    level: int
    updated_at: datetime
    version: int


class OrderLine(Output):
    """A line that the order is about, as far as the caller may see it."""

    id: UUID
    title: str
    number: int
    jurisdiction_name: str


class OrderDecision(Output):
    """The decision of a meeting that became the order, as far as the caller may see it."""

    id: UUID
    meeting_title: str
    number: int


class OrderOut(OrderData):
    """An order (督办单) with what the caller may do with it now; ``colour`` is null where nothing is to warn of."""

    colour: Colour | None
    lines: list[OrderLine]
    decision: OrderDecision | None
    actions: list[Action]


class OrderPage(Output):
    items: list[OrderOut]
    next: str | None
