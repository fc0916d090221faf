"""What the API of periods takes, returns and publishes."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.schemas import Day, Filter, Input, Line, OptionalText, Output
from progress.periods.rules import Dates, Kind


class PeriodPlan(Input):
    """``plans`` are codes. Its lines that are worked on will be asked for; ``grace`` is the last day on time."""

    starts: Day
    ends: Day
    due: Day
    grace: Day
    locks: Day
    plans: Annotated[list[Filter], Field(min_length=1, max_length=50)]

    @property
    def dates(self) -> Dates:
        return Dates(self.starts, self.ends, self.due, self.grace, self.locks)


class PeriodIn(PeriodPlan):
    """``reason`` is needed for less than two working days of notice, and for a ``takeover``: a period from before the
    portal, which nobody is asked to file for. The province takes its filings over from a sheet.
    """

    kind: Annotated[Kind, Field(strict=False)]
    title: Line
    reason: OptionalText = ""
    takeover: bool = False


class Owed(Output):
    """What an office will owe: ``expected`` to this period; in that week ``also_due`` to others, ``milestones``,
    ``orders`` to sign for or to settle, and ``problems`` to answer.

    ``known`` of its lines have a confirmed report from the days that the period covers: the portal has that already.
    """

    office: str
    office_name: str
    expected: int
    also_due: int
    milestones: int
    orders: int
    problems: int
    known: int


class Preview(Output):
    """``notice`` counts the working days that offices have; ``short`` when a reason is needed."""

    expected: int
    notice: int
    short: bool
    offices: list[Owed]


class PeriodData(Output):
    """A period as events carry it."""

    id: UUID
    kind: Kind
    title: str
    starts: date
    ends: date
    due: date
    grace: date
    locks: date
    plans: list[str]
    reason: str
    takeover: bool
    opened_by: str
    opened_at: datetime
    version: int


class Counts(Output):
    """How many filings were asked for, how many have come, how many of them in time, how many are approved."""

    expected: int
    received: int
    on_time: int
    approved: int


class PeriodShown(PeriodData):
    """``counts`` are those that the caller may know: all, or its own office's."""

    counts: Counts


class PeriodPage(Output):
    items: list[PeriodShown]
    next: str | None


class Cell(Counts):
    office: str
    office_name: str
    plan: str
    plan_name: str


class PeriodOut(PeriodShown):
    """With its counts by office and plan."""

    cells: list[Cell]


class Quit(Output):
    """``office`` owes nothing any more for an overdue ``period``."""

    period: str
    office: str


class OfficeCount(Output):
    """How many filings an office owes."""

    office: str
    filings: int
