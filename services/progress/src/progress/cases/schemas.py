"""What the API of cases takes, returns and publishes."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.schemas import Day, Input, Line, OptionalText, Output, Text
from progress.attachments.schemas import AttachmentData
from progress.cases.rules import Action, Level, State
from progress.replications.rules import State as Replicated
from progress.templates.schemas import Weight

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Link = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]{1,490}$")]
Quantity = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Points = Annotated[int, Field(ge=0, le=100)]


class Figure(Input):
    """A quantity before and after, in its unit of measure."""

    name: Line
    measure: Line
    before: Quantity
    after: Quantity


class Evidence(Input):
    """佐证材料: what it is, and where it can be read."""

    title: Line
    link: Link | None = None


Figures = Annotated[list[Figure], Field(max_length=20)]


class CaseIn(Input):
    """What a zone writes; all but the title may be missing in a draft. ``tasks`` are codes of the catalog."""

    title: Line
    background: OptionalText = ""
    practice: OptionalText = ""
    effect_before: OptionalText = ""
    effect_after: OptionalText = ""
    figures: Figures = Field(default_factory=list)
    tasks: Annotated[list[Code], Field(max_length=20)] = Field(default_factory=list)
    evidence: Annotated[list[Evidence], Field(max_length=20)] = Field(default_factory=list)
    preconditions: OptionalText = ""
    credit: OptionalText = ""


class Submission(Input):
    """Nothing to say."""


class Invitation(Input):
    """Opens a round: the units that are asked for a score, and until when. Without units experts alone evaluate."""

    units: Annotated[list[Code], Field(max_length=20)]
    due: Day | None = None


class CriterionPoints(Input):
    criterion: Line
    points: Points


class ScoreIn(Input):
    """Points of 0 to 100 for each criterion of the round; the province says whose sheet it records."""

    points: Annotated[list[CriterionPoints], Field(min_length=1, max_length=20)]
    opinion: OptionalText = ""
    expert: Line | None = None


class Conclusion(Input):
    """Nothing to say."""


class Approval(Input):
    level: Annotated[Level, Field(strict=False)]
    remark: OptionalText = ""


class Refusal(Input):
    """Why a case is returned (退回), rejected (不予认定), withdrawn (撤回) or taken from the public list (撤下)."""

    reason: Text


class Publication(Input):
    """The replication passport (复制推广说明书): what others need beforehand. No credit leaves what the zone wrote."""

    preconditions: Text
    credit: OptionalText | None = None


class CriterionIn(Input):
    name: Line
    weight: Weight


class SchemeIn(Input):
    criteria: Annotated[list[CriterionIn], Field(min_length=1, max_length=20)]


class SchemeOut(Output):
    """The criteria that later rounds are scored by."""

    criteria: list[CriterionIn]
    version: int
    actions: list[Literal["edit"]]


class CaseData(Output):
    """A case as events and lists carry it; ``zone`` is the zone of origin."""

    id: UUID
    zone: str
    zone_name: str
    title: str
    state: State
    level: Level | None
    round: int
    submitted_on: date | None
    approved_on: date | None
    published_on: date | None
    updated_at: datetime
    version: int


class CaseEvent(Output):
    """Something happened to a case."""

    case: CaseData


class UnitRef(Output):
    code: str
    name: str


class InvitedCaseEvent(CaseEvent):
    """Units were invited to score a case until ``due``."""

    units: list[UnitRef]
    due: date | None


class EvaluatedCaseEvent(CaseEvent):
    """``evaluator`` has scored: ``unit:<code>``, or ``expert:<name>``; how many points is not told."""

    evaluator: str


class RefusedCaseEvent(CaseEvent):
    reason: str


class ReturnedCaseEvent(RefusedCaseEvent):
    """A case went back to its zone, returned by the province or withdrawn by the zone itself (``draft``), and why.
    ``units`` were asked to score what was withdrawn.
    """

    units: list[UnitRef] = Field(default_factory=list)


class ZoneRef(Output):
    code: str
    name: str


class TakingZone(ZoneRef):
    """A zone with what it has made of a case."""

    replication: Replicated


class RejectedCaseEvent(RefusedCaseEvent):
    """The province rejected a case, or took it from the public list (``retracted``), and why. ``zones`` were asked to
    take over what was retracted, or do.
    """

    zones: list[TakingZone] = Field(default_factory=list)


class PublishedCaseEvent(CaseEvent):
    """A case was published; ``zones`` are asked to take it over."""

    zones: list[ZoneRef]


class CaseShort(CaseData):
    """``score`` is the mean of the last round that was concluded."""

    score: float | None
    actions: list[Action]


class CasePage(Output):
    items: list[CaseShort]
    next: str | None


class LinkedTask(Output):
    """``line_id`` is the line of the zone of origin, for those who may see it."""

    code: str
    number: int
    title: str
    line_id: UUID | None


class CaseOut(CaseShort):
    """An innovation case (创新案例) with what the caller may do with it now."""

    background: str
    practice: str
    effect_before: str
    effect_after: str
    figures: list[Figure]
    tasks: list[LinkedTask]
    evidence: list[Evidence]
    preconditions: str
    credit: str
    drafted_by: str
    remark: str | None
    reason: str | None


class ScoreOut(Output):
    """One evaluator's sheet; without points as long as it has not been filled in."""

    evaluator: str
    name: str
    points: list[CriterionPoints] | None
    total: float | None
    opinion: str
    scored_by: str | None
    scored_at: datetime | None


class RoundOut(Output):
    """A round of the evaluation, concluded or withdrawn with its case. ``scores`` are those that the caller may see:
    evaluators see their own.
    """

    number: int
    criteria: list[CriterionIn]
    due: date | None
    opened_by: str
    opened_on: date
    concluded_on: date | None
    withdrawn_on: date | None = None
    score: float | None
    scores: list[ScoreOut]


class Rounds(Output):
    items: list[RoundOut]
    next: None


class PublicCase(Output):
    """A published case as everybody may read it."""

    id: UUID
    zone_name: str
    title: str
    level: Level
    published_on: date
    effect_after: str


class PublicCaseOut(PublicCase):
    """With the ``attachments`` that it was published with."""

    background: str
    practice: str
    effect_before: str
    figures: list[Figure]
    preconditions: str
    credit: str
    attachments: list[AttachmentData]


class PublicCasePage(Output):
    items: list[PublicCase]
    next: str | None
