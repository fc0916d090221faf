"""What the API of bulletins takes, returns and publishes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.schemas import Day, Input, Line, Output, Text
from progress.bulletins.rules import Action, Status
from progress.lines.rules import Light, State

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")]
Reader = Annotated[str, StringConstraints(pattern=r"^(all|(zone|unit):[a-z0-9][a-z0-9-]{0,40})$")]
"""``all``, ``zone:<code>`` or ``unit:<code>``."""


class Format(StrEnum):
    DOCX = "docx"
    PDF = "pdf"


class DraftIn(Input):
    """The period, both days in it; no plans or zones means all. ``zones`` may name ``province``.

    Of a reporting period (``period_id``) the days are its own, no plans mean its own, and what is told is what was
    approved of its filings.
    """

    since: Day | None = None
    until: Day | None = None
    period_id: Annotated[UUID, Field(strict=False)] | None = None
    plans: Annotated[list[Code], Field([], max_length=100)]
    zones: Annotated[list[Code], Field([], max_length=100)]
    corrects: Annotated[UUID, Field(strict=False)] | None = None


class SentenceIn(Input):
    """``key`` is that of the sentence that it was; null for a new one, which has no facts."""

    key: Annotated[int, Field(ge=1, le=100_000)] | None = None
    text: Text


class PartIn(Input):
    level: Annotated[int, Field(ge=1, le=2)]
    heading: Line
    sentences: Annotated[list[SentenceIn], Field(max_length=500)]


class BulletinIn(Input):
    title: Line
    parts: Annotated[list[PartIn], Field(min_length=1, max_length=100)]


class PublicationIn(Input):
    readers: Annotated[list[Reader], Field(min_length=1, max_length=300)]


class BulletinData(Output):
    """A bulletin (通报) without its text. ``year`` and ``number`` are given when it is published; ``period_id`` is the
    reporting period whose approved filings it tells.

    ``corrects_name`` names the bulletin that it corrects (更正).
    """

    id: UUID
    status: Status
    year: int | None
    number: int | None
    title: str
    since: date
    until: date
    period_id: UUID | None = None
    plans: list[str]
    zones: list[str]
    readers: list[str]
    corrects: UUID | None
    corrects_name: str | None
    drafted_by: str
    drafted_at: datetime
    published_by: str | None
    published_at: datetime | None
    version: int


class BulletinShort(BulletinData):
    actions: list[Action]


class BulletinPage(Output):
    items: list[BulletinShort]
    next: str | None


class SentenceOut(Output):
    """``key`` leads to its facts; null for what the province added."""

    key: int | None
    text: str


class PartOut(Output):
    level: int
    heading: str
    sentences: list[SentenceOut]


class Reference(Output):
    id: UUID
    year: int
    number: int
    title: str


class BulletinOut(BulletinShort):
    """``corrected_by`` are published corrections of it that the caller may read."""

    parts: list[PartOut]
    reader_names: list[str]
    corrected_by: list[Reference]


class ConfirmedOut(Output):
    """The last report that was confirmed by the end of the period; ``decided_by`` signed for it."""

    id: UUID
    number: int
    version: int
    done: str
    finished: bool
    submitted_by: str
    decided_by: str
    decided_at: datetime


class FiledOut(Output):
    """The version of a filing that stood approved when it was told: ``sent_by`` signed for the office, ``approved_by``
    for the province.
    """

    id: UUID
    number: int
    done: str
    on_time: bool
    sent_by: str | None
    approved_by: str
    approved_at: datetime


class FactOut(Output):
    """A line as it stood at the end of the period."""

    line_id: UUID
    jurisdiction: str
    place: str
    plan: str
    number: int
    title: str
    due: date | None
    state: State
    percent: int
    light: Light
    leads: list[str]
    members: list[str]
    report: ConfirmedOut | None
    filing: FiledOut | None


class FactPage(Output):
    items: list[FactOut]
    next: str | None
