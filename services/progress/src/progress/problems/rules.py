"""The life of a problem that needs others (需协调问题): who may move it where. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from chassis.problems import DomainError
from progress.calendar.rules import WorkCalendar
from progress.lines.rules import Actor
from progress.milestones.rules import MOST_YEARS
from progress.offices import PROVINCIAL
from progress.periods import rules as periods
from progress.workflow import Workflow


class State(StrEnum):
    """待答复、已答复、已提请领导小组、已解决、已撤回."""

    OPEN = "open"
    ANSWERED = "answered"
    ESCALATED = "escalated"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class Capacity(StrEnum):
    """What somebody is to one problem: 提出单位、答复单位、省自贸办、负责答复的省自贸办、其他人."""

    RAISER = "raiser"
    ADDRESSEE = "addressee"
    PROVINCE = "province"
    ASKED_PROVINCE = "asked_province"
    READER = "reader"


class Action(StrEnum):
    """答复、追问、提请领导小组、确认解决、撤回."""

    ANSWER = "answer"
    FOLLOW_UP = "follow_up"
    ESCALATE = "escalate"
    SETTLE = "settle"
    WITHDRAW = "withdraw"


class Reminder(StrEnum):
    """What was last said of an unanswered problem: nothing yet, 即将到期, 已逾期, 久拖未复."""

    NONE = ""
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    LONG_OVERDUE = "long_overdue"


LONG = 10
"""Working days after the day of its answer, after which a problem is listed to the province for escalation."""

_S, _C, _A = State, Capacity, Action
WORKFLOW = Workflow(
    {
        _S.OPEN: {
            _C.RAISER: {_A.WITHDRAW: _S.WITHDRAWN},
            _C.ADDRESSEE: {_A.ANSWER: _S.ANSWERED},
            _C.PROVINCE: {_A.ESCALATE: _S.ESCALATED},
            _C.ASKED_PROVINCE: {_A.ANSWER: _S.ANSWERED, _A.ESCALATE: _S.ESCALATED},
        },
        _S.ANSWERED: {
            _C.RAISER: {_A.SETTLE: _S.SETTLED, _A.FOLLOW_UP: _S.OPEN, _A.WITHDRAW: _S.WITHDRAWN},
            _C.ADDRESSEE: {_A.ANSWER: _S.ANSWERED},
            _C.PROVINCE: {_A.ESCALATE: _S.ESCALATED},
            _C.ASKED_PROVINCE: {_A.ANSWER: _S.ANSWERED, _A.ESCALATE: _S.ESCALATED},
        },
        _S.ESCALATED: {
            _C.PROVINCE: {_A.SETTLE: _S.SETTLED},
            _C.ASKED_PROVINCE: {_A.SETTLE: _S.SETTLED},
        },
        _S.SETTLED: {},
        _S.WITHDRAWN: {},
    },
    "该问题",
)
"""Who may do what in which state, and where it leads. Nothing else is possible."""

HAPPENED: Mapping[Action, str] = {
    _A.ANSWER: "answered",
    _A.FOLLOW_UP: "followed_up",
    _A.ESCALATE: "escalated",
    _A.SETTLE: "settled",
    _A.WITHDRAW: "withdrawn",
}
"""What has happened when a step is taken, as entries, events and the audit trail call it."""

WAITS_FOR: Mapping[Capacity, Sequence[State]] = {
    Capacity.RAISER: WORKFLOW.waiting_for(_C.RAISER, _A.SETTLE),
    Capacity.ADDRESSEE: [State.OPEN],
    Capacity.PROVINCE: WORKFLOW.waiting_for(_C.PROVINCE, _A.SETTLE),
}
"""The states in which it is somebody's turn. An answer can be added to later, but is not waited for."""


class AnswerDueNotAllowed(DomainError):
    status = 422
    slug = "answer-due-not-allowed"
    pointer = "/body/answer_due"


@dataclass(frozen=True)
class Problem:
    """A problem as it is stored; ``raiser`` and ``addressee`` are offices."""

    id: UUID
    jurisdiction: str
    line_id: UUID | None
    raiser: str
    addressee: str
    state: State
    answer_due: date
    version: int
    answered_on: date | None = None
    outcome: str | None = None
    ended_on: date | None = None
    reminded: Reminder = Reminder.NONE


def capacity(actor: Actor, problem: Problem) -> Capacity:
    if actor.scope == "all":
        return Capacity.ASKED_PROVINCE if problem.addressee == PROVINCIAL else Capacity.PROVINCE
    if actor.scope not in ("tenant", "unit"):
        return Capacity.READER
    if actor.office == problem.raiser:
        return Capacity.RAISER
    return Capacity.ADDRESSEE if actor.office == problem.addressee else Capacity.READER


def must_be_coming(answer_due: date, today: date) -> None:
    """Raises AnswerDueNotAllowed for days that are over, or that nobody plans for."""
    if not today <= answer_due <= date(today.year + MOST_YEARS, 12, 31):
        raise AnswerDueNotAllowed(f"答复时限不能早于今天，也不能晚于 {today.year + MOST_YEARS} 年。")


def take(
    problem: Problem, capacity: Capacity, action: Action, today: date, text: str, day: date | None = None
) -> Problem:
    """The problem after a step; ``day`` is the new day on which an answer is due.

    Raises NotPermitted, NotNow or AnswerDueNotAllowed.
    """
    state = WORKFLOW.after(problem.state, capacity, action)
    changed: dict[Action, dict[str, Any]] = {
        Action.ANSWER: {"answered_on": today},
        Action.FOLLOW_UP: {"answer_due": day, "answered_on": None, "reminded": Reminder.NONE},
        Action.SETTLE: {"outcome": text, "ended_on": today},
        Action.WITHDRAW: {"ended_on": today},
    }
    if action is Action.FOLLOW_UP and day is not None:
        must_be_coming(day, today)
    return replace(problem, state=state, version=problem.version + 1, **changed.get(action, {}))


def reminder(answer_due: date, asked_on: date, today: date, calendar: WorkCalendar) -> Reminder:
    """What there is to say today of an unanswered problem; on the day on which it was asked nothing is due soon."""
    if today > calendar.after(answer_due, LONG):
        return Reminder.LONG_OVERDUE
    said = Reminder(periods.reminder(answer_due, answer_due, today, calendar))
    return Reminder.NONE if said is Reminder.DUE_SOON and asked_on >= today else said
