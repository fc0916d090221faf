"""What the API of assessments takes and returns."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.schemas import Day, Input, Line, Output, Text
from progress.assessment.rules import WHOLE, Action, Basis, Status

Office = Annotated[str, StringConstraints(pattern=r"^(zone|unit):[a-z0-9-]{1,64}$")]
ItemCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
Points = Annotated[float, Field(ge=0, le=WHOLE, allow_inf_nan=False)]


class ItemIn(Input):
    """``target``: so many facts of full worth earn all points; without it their mean counts."""

    code: ItemCode
    title: Line
    basis: Annotated[Basis, Field(strict=False)]
    points: Annotated[int, Field(ge=1, le=WHOLE)]
    target: Annotated[int, Field(ge=1, le=10_000)] | None = None


class SchemeIn(Input):
    """Items' codes differ; their points together make 100."""

    title: Line
    items: Annotated[list[ItemIn], Field(min_length=1, max_length=30)]


class AssessmentIn(SchemeIn):
    year: Annotated[int, Field(ge=2021, le=2100)]


class PublicationIn(Input):
    """Objections can be raised until the end of ``objections_until`` in Asia/Shanghai."""

    objections_until: Day


class ScoreIn(Input):
    """Points by hand, for an item whose basis is ``hand``."""

    points: Points
    reason: Text


class ObjectionIn(Input):
    item: ItemCode
    text: Text


class AnswerIn(Input):
    """``points`` corrects the item's score; null leaves it."""

    answer: Text
    points: Points | None = None


class ExemptionIn(Input):
    """``fact`` is the id of one that the item is scored by."""

    item: ItemCode
    fact: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    reason: Text


class LiftingIn(Input):
    reason: Text


class ItemOut(Output):
    code: str
    title: str
    basis: Basis
    points: int
    target: int | None


class AssessmentOut(Output):
    """``published_on`` is the day as of which facts were taken; ``offices`` counts those that were assessed."""

    id: UUID
    year: int
    title: str
    status: Status
    items: list[ItemOut]
    published_on: date | None
    objections_until: date | None
    version: int
    actions: list[Action]


class AssessmentPage(Output):
    items: list[AssessmentOut]
    next: str | None


class ItemScore(Output):
    """``score`` is null when there was nothing to judge by; ``corrected`` is told when an objection changed it."""

    code: str
    title: str
    score: float | None
    corrected: bool


class ResultOut(Output):
    """``total`` is of a hundred, over the items that were scored."""

    office: str
    name: str
    total: float | None
    scores: list[ItemScore]


class ResultsOut(Output):
    """``trial``: computed from the facts of today, not published. By total; offices see their own alone."""

    trial: bool
    items: list[ResultOut]


class FactOut(Output):
    """``worth`` 0 to 100; an ``exempt`` fact does not count, for the reason that it gives."""

    id: str
    title: str
    href: str
    worth: int
    note: str
    note_en: str
    exempt: str | None


class MovementOut(Output):
    """Against the year before: facts that entered and left the set, and how those in both did (mean worth)."""

    entered: int
    left: int
    stayed: int
    before: float | None
    after: float | None


class ObjectionOut(Output):
    id: UUID
    office: str
    item: str
    text: str
    raised_by: str
    raised_at: datetime
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    version: int


class ExemptionOut(Output):
    """A fact that is left out of an office's score for an item (容错); a lifted one counts again."""

    id: UUID
    office: str
    item: str
    fact: str
    title: str
    reason: str
    granted_by: str
    granted_at: datetime
    lifted_reason: str | None
    lifted_by: str | None
    lifted_at: datetime | None
    version: int


class ScoredItem(ItemScore):
    """``by`` and ``reason`` tell of a score by hand or of a correction."""

    points: int
    basis: Basis
    by: str | None
    reason: str | None
    facts: list[FactOut]
    movement: MovementOut | None


class ResultDetail(Output):
    trial: bool
    office: str
    name: str
    total: float | None
    items: list[ScoredItem]
    objections: list[ObjectionOut]
    exemptions: list[ExemptionOut]


class AssessmentData(Output):
    """An assessment as events carry it."""

    id: UUID
    year: int
    title: str
    status: Status
    published_on: date | None
    objections_until: date | None
    offices: list[str]
    version: int
