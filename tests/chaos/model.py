"""What was acknowledged, written down beside the system: what must be true of a line, whatever died meanwhile."""

from collections import Counter
from dataclasses import dataclass, field

COUNTING = ("submitted", "confirmed")


@dataclass
class Report:
    id: str
    percent: int
    status: str = "submitted"

    @property
    def events(self) -> list[str]:
        """What is told of it, in order."""
        return ["report.submitted", *([] if self.status == "submitted" else [f"report.{self.status}"])]


@dataclass
class Line:
    """A line that ``user`` reports on. Every acknowledged act raises its version by one."""

    id: str
    user: str
    jurisdiction: str
    version: int
    reports: list[Report] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.before = self.version

    def reported(self, report_id: str, percent: int, version: int) -> None:
        """The report takes the place of one that still waits for its decision."""
        for report in self.reports[-1:]:
            report.status = "replaced" if report.status == "submitted" else report.status
        self.reports.append(Report(report_id, percent))
        self.version = version

    def decided(self, status: str, version: int) -> None:
        self.reports[-1].status = status
        self.version = version

    @property
    def standing(self) -> tuple[str, int]:
        """State and percent: those of the last report that was neither returned nor replaced."""
        percents = [report.percent for report in self.reports if report.status in COUNTING]
        return ("in_progress", percents[-1]) if percents else ("not_started", 0)

    @property
    def happened(self) -> Counter[str]:
        return Counter(event for report in self.reports for event in report.events)
