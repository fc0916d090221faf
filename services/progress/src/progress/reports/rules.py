"""What reports make of a line. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from chassis.problems import DomainError
from progress.lines.rules import State


class Status(StrEnum):
    """待审、已确认、已退回、已被替换."""

    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Report:
    status: Status
    percent: int
    finished: bool


class Decided(DomainError):
    """The report does not await a decision any more."""

    slug = "report-decided"


COUNTS = frozenset({Status.SUBMITTED, Status.CONFIRMED})
"""A report that was returned or replaced leaves no trace in its line."""


def standing(last: Report | None) -> tuple[State, int]:
    """State and percent of a line by the last of its reports that counts."""
    if last is None:
        return State.NOT_STARTED, 0
    if not last.finished:
        return State.IN_PROGRESS, last.percent
    return (State.CONFIRMED if last.status is Status.CONFIRMED else State.SUBMITTED), last.percent


def must_await(status: Status) -> None:
    """Raises Decided unless the report awaits the province's decision."""
    if status is not Status.SUBMITTED:
        raise Decided("该填报已有结论。")
