"""What the timeline answers."""

from chassis.schemas import Output
from progress.lines.schemas import LineOut
from progress.milestones.schemas import MilestoneOut


class TimelineLine(LineOut):
    """A line that has a schedule, with its milestones by due date."""

    milestones: list[MilestoneOut]


class TimelinePage(Output):
    items: list[TimelineLine]
    next: str | None
