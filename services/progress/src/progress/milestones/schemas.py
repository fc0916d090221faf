"""What the API of milestones and extensions takes and returns."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.schemas import Day, Input, OptionalText, Output, Text
from progress.milestones.rules import Decision
from progress.templates.schemas import StageIn, Stages


class ProposalIn(Input):
    """Without ``stages`` those of the plan's template are taken."""

    deadline: Day
    stages: Stages | None = None


class PlacedStage(Output):
    """``percent`` is what the line should have reached with it."""

    title: str
    weight: int
    due: date
    percent: int


class ProposalOut(Output):
    """``guessed``: holidays of a year in it are not announced yet, so it goes by weekends."""

    deadline: date
    guessed: bool
    milestones: list[PlacedStage]


class PreviewIn(Input):
    deadline: Day


class MovedMilestone(Output):
    """``before`` is its day now, ``due`` the day that it would have."""

    id: UUID
    title: str
    before: date
    due: date


class PreviewOut(Output):
    """The milestones that are not done, as another deadline would place them; ``guessed`` as in a proposal."""

    before: date
    deadline: date
    guessed: bool
    milestones: list[MovedMilestone]


class MilestoneIn(StageIn):
    due: Day


class ScheduleIn(Input):
    """``milestones`` take the place of those that are not done, by their days, the last on the deadline."""

    deadline: Day
    milestones: Annotated[list[MilestoneIn], Field(min_length=1, max_length=50)]


class Completion(Input):
    on: Day
    note: OptionalText = ""


class ExtensionIn(Input):
    deadline: Day
    cause: Text


class DeadlineIn(Input):
    """A deadline that the province sets, earlier or later than the present one."""

    deadline: Day
    cause: Text


class Approval(Input):
    remark: OptionalText = ""


class Refusal(Input):
    reason: Text


class MilestoneOut(Output):
    """A milestone (节点); ``done_on`` is null until it is reached."""

    id: UUID
    line_id: UUID
    title: str
    due: date
    weight: int
    done_on: date | None
    note: str | None
    done_by: str | None
    version: int


class MilestoneShown(MilestoneOut):
    """``percent`` is what the line should have reached with it."""

    percent: int


class ExtensionOut(Output):
    """A change of the deadline (延期、时限调整): from ``before`` to ``deadline``; ``number`` counts from 1.

    One that is ``moved`` was made by the province without being asked.
    """

    id: UUID
    line_id: UUID
    number: int
    status: Decision
    before: date
    deadline: date
    cause: str
    office: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    remark: str | None
    version: int


class ScheduleOut(Output):
    """``first_deadline`` is the one that was set first, ``deadline`` the present one; ``version`` is the line's.

    ``expected_percent`` is the least that keeps up today, null without a deadline; ``guessed`` as in a proposal;
    ``near_days`` and ``behind_percent`` are the thresholds of the line's light.
    """

    line_id: UUID
    first_deadline: date | None
    deadline: date | None
    expected_percent: int | None
    near_days: int
    behind_percent: int
    guessed: bool
    milestones: list[MilestoneShown]
    extensions: list[ExtensionOut]
    version: int
