"""What the API of lines takes, returns and publishes."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import JsonValue

from chassis.schemas import Input, Output, Text
from progress.lines.rules import Action, Light, State
from progress.reports.schemas import ReportOut


class PlanOut(Output):
    code: str
    name: str
    number: int
    kind: str


class TaskOut(Output):
    code: str
    number: int
    title: str
    plan: PlanOut


class PartyOut(Output):
    code: str
    name: str
    role: Literal["lead", "member"]


class LineData(Output):
    """A line as events carry it. ``edition`` is the edition that its task stands in.

    ``first_due`` is the deadline that was set first, ``due`` what has become of it by ``due_changes`` changes. Nothing
    was done since ``moved_on``; ``stalled_on`` is the day of the alarm about it. It was first red on ``red_on``.
    """

    id: UUID
    jurisdiction: str
    jurisdiction_name: str
    task: TaskOut
    state: State
    percent: int
    light: Light
    due: date | None
    first_due: date | None
    due_changes: int
    moved_on: date
    stalled_on: date | None
    red_on: date | None
    units: list[PartyOut]
    opened_on: date
    withdrawn: bool
    edition: int | None
    updated_at: datetime
    version: int


class LineOut(LineData):
    """A line (推进事项) with what the caller may do with it now; ``closed``: it was withdrawn with its zone."""

    closed: bool = False
    latest_report: ReportOut | None
    actions: list[Action]


class LinePage(Output):
    items: list[LineOut]
    next: str | None


class JurisdictionOut(Output):
    code: str
    name: str
    kind: Literal["province", "zone", "linked"]
    closed_on: date | None = None


class Jurisdictions(Output):
    items: list[JurisdictionOut]
    next: str | None


class Suspension(Input):
    reason: Text


class Resumption(Input):
    """Nothing to say."""


class Change(Output):
    field: str
    before: JsonValue
    after: JsonValue


class HistoryEntry(Output):
    """``actor`` is a person's name, or ``system``; ``office`` as in a report, ``catalog`` or ``clock``."""

    at: datetime
    what: str
    actor: str
    office: str
    report_id: UUID | None
    edition: int | None
    reason: str | None
    changes: list[Change]


class HistoryPage(Output):
    items: list[HistoryEntry]
    next: str | None
