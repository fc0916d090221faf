"""What the API of the staged goals takes and returns."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from chassis.schemas import Day, Input, Output

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]


class StageIn(Input):
    months: Annotated[int, Field(ge=1, le=120)]
    percent: Annotated[int, Field(ge=1, le=100)]


class GoalIn(Input):
    """For all plans or one, for all jurisdictions or one. Without ``start`` it starts when the first line opened."""

    plan: Code | None = None
    jurisdiction: Code | None = None
    start: Day | None = None
    stages: Annotated[list[StageIn], Field(min_length=1, max_length=12)]


class StageOut(Output):
    months: int
    percent: int


class GoalOut(Output):
    """``own``: set for just this plan and jurisdiction; else what is set for more of them. The ETag is ``version``."""

    plan: str | None
    jurisdiction: str | None
    own: bool
    start: date | None
    stages: list[StageOut]
    version: int
    changed_by: str | None
    changed_at: datetime | None


class PointOut(Output):
    """``actual`` is null on days to come, and where no line was open."""

    on: date
    goal: float
    actual: float | None
    lines: int
    confirmed: int


class LandingOut(Output):
    """The share of the lines that the caller may see (落地率), against the goal; no points without any line."""

    goal: GoalOut
    today: date
    points: list[PointOut]
