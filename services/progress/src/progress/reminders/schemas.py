"""What is published about reminders."""

from datetime import date
from uuid import UUID

from chassis.schemas import Output
from progress.reminders.rules import Kind, Level


class DueOut(Output):
    """A thing with a deadline. ``thing`` is its id, ``line_id`` the line of a line or milestone; ``step`` counts the
    working days before (negative) and after the deadline; ``count`` the filings of a period that have not come.
    """

    kind: Kind
    thing: UUID
    line_id: UUID | None
    title: str
    deadline: date
    step: int
    level: Level
    count: int


class ReminderData(Output):
    """What an office is told on a day; ``level`` of each says who is, beside those of lower levels."""

    id: UUID
    office: str
    office_name: str
    jurisdiction: str
    day: date
    due: list[DueOut]
    version: int
