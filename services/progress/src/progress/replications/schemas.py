"""What the API of replications takes, returns and publishes."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from chassis.schemas import Day, Input, OptionalText, Output, Text
from progress.cases.rules import Level
from progress.cases.schemas import Figure, Figures
from progress.replications.rules import Action, State


class Adoption(Input):
    """How the zone means to take the case over: what differs there, what is planned, until when."""

    plan: Text
    differences: OptionalText = ""
    due: Day | None = None


class Start(Input):
    progress: OptionalText = ""


class Result(Input):
    """What came of it (推广成效), with what was different in this zone in the end."""

    result: Text
    differences: OptionalText = ""
    effect_before: OptionalText = ""
    effect_after: OptionalText = ""
    figures: Figures = Field(default_factory=list)


class Decline(Input):
    """Why the zone does not take the case over (不采用的原因)."""

    reason: Text


class CaseRef(Output):
    """``zone`` is the zone of origin, whose credit it is."""

    id: UUID
    title: str
    zone: str
    zone_name: str
    level: Level


class ReplicationData(Output):
    """A replication as events carry it; ``zone`` is the zone that takes over."""

    id: UUID
    case: CaseRef
    zone: str
    zone_name: str
    state: State
    reason: str
    due: date | None
    version: int


class ReplicationEvent(Output):
    """A zone has answered, gone on or come to the end; or it has not answered for long, or its own day is over."""

    replication: ReplicationData


class Refused(Output):
    """A refusal, and who said so when."""

    reason: str
    on: date
    by: str


class ReplicationOut(Output):
    """A replication (复制推广); before the zone has answered it says nothing, and its version is 1 until the clock asks
    again. ``refusals`` are all that there were, for the province, the auditor and the two zones. Nobody goes on with a
    case that is ``retracted``.
    """

    case: CaseRef
    zone: str
    zone_name: str
    state: State
    plan: str
    differences: str
    due: date | None
    reason: str
    refusals: list[Refused]
    retracted: bool = False
    progress: str
    result: str
    effect_before: str
    effect_after: str
    figures: list[Figure]
    answered_on: date | None
    started_on: date | None
    adopted_on: date | None
    moved_by: str | None
    updated_at: datetime | None
    version: int
    actions: list[Action]


class ReplicationPage(Output):
    items: list[ReplicationOut]
    next: str | None
