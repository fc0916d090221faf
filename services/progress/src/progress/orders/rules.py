"""The life of an order (督办单): who may move it where, its colour, when it is urged. Pure: days are arguments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from chassis.problems import DomainError
from progress.lines.rules import Actor
from progress.milestones.rules import MOST_YEARS
from progress.workflow import Workflow

NEAR_DAYS = 7
HIGHEST_LEVEL = 3
WEEK = 7


class State(StrEnum):
    """已立项、待签收、办理中、延期待批、办结待审、已办结、已核验、已销号、已撤销."""

    REGISTERED = "registered"
    ISSUED = "issued"
    IN_HAND = "in_hand"
    EXTENDING = "extending"
    SUBMITTED = "submitted"
    CONCLUDED = "concluded"
    VERIFIED = "verified"
    CLOSED = "closed"
    REVOKED = "revoked"


class Capacity(StrEnum):
    """What somebody is to one order: 省自贸办、牵头单位、配合单位、系统时钟、其他人."""

    PROVINCE = "province"
    LEAD = "lead"
    MEMBER = "member"
    CLOCK = "clock"
    READER = "reader"


class Action(StrEnum):
    """交办、签收、反馈、催办、申请延期、同意延期、不同意延期、申请办结、退回、办结、核验、销号、撤销."""

    ISSUE = "issue"
    SIGN = "sign"
    REPLY = "reply"
    URGE = "urge"
    EXTEND = "extend"
    APPROVE_EXTENSION = "approve_extension"
    REFUSE_EXTENSION = "refuse_extension"
    APPLY = "apply"
    RETURN = "return"
    CONCLUDE = "conclude"
    VERIFY = "verify"
    CLOSE = "close"
    REVOKE = "revoke"


class Source(StrEnum):
    """会议议定、领导批示、推进事项."""

    MEETING = "meeting"
    REMARK = "remark"
    LINES = "lines"


class Colour(StrEnum):
    """蓝 (near), 黄 (behind or poor), 红 (overdue)."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


_S, _C, _A = State, Capacity, Action
_ENDED = {_A.REVOKE: _S.REVOKED}
"""What becomes of an order when the zone that leads it is closed."""
WORKFLOW = Workflow(
    {
        _S.REGISTERED: {_C.PROVINCE: {_A.ISSUE: _S.ISSUED, _A.REVOKE: _S.REVOKED}, _C.CLOCK: _ENDED},
        _S.ISSUED: {
            _C.PROVINCE: {_A.URGE: _S.ISSUED, _A.REVOKE: _S.REVOKED},
            _C.LEAD: {_A.SIGN: _S.IN_HAND},
            _C.CLOCK: {_A.URGE: _S.ISSUED, **_ENDED},
        },
        _S.IN_HAND: {
            _C.PROVINCE: {_A.URGE: _S.IN_HAND, _A.REVOKE: _S.REVOKED},
            _C.LEAD: {_A.REPLY: _S.IN_HAND, _A.EXTEND: _S.EXTENDING, _A.APPLY: _S.SUBMITTED},
            _C.MEMBER: {_A.REPLY: _S.IN_HAND},
            _C.CLOCK: {_A.URGE: _S.IN_HAND, **_ENDED},
        },
        _S.EXTENDING: {
            _C.PROVINCE: {
                _A.APPROVE_EXTENSION: _S.IN_HAND,
                _A.REFUSE_EXTENSION: _S.IN_HAND,
                _A.URGE: _S.EXTENDING,
                _A.REVOKE: _S.REVOKED,
            },
            _C.LEAD: {_A.REPLY: _S.EXTENDING},
            _C.MEMBER: {_A.REPLY: _S.EXTENDING},
            _C.CLOCK: _ENDED,
        },
        _S.SUBMITTED: {
            _C.PROVINCE: {_A.CONCLUDE: _S.CONCLUDED, _A.RETURN: _S.IN_HAND, _A.REVOKE: _S.REVOKED},
            _C.CLOCK: _ENDED,
        },
        _S.CONCLUDED: {_C.PROVINCE: {_A.VERIFY: _S.VERIFIED, _A.RETURN: _S.IN_HAND}, _C.CLOCK: _ENDED},
        _S.VERIFIED: {_C.PROVINCE: {_A.CLOSE: _S.CLOSED}, _C.CLOCK: _ENDED},
        _S.CLOSED: {},
        _S.REVOKED: {},
    },
    "该督办单",
)
"""Who may do what in which state, and where it leads. Nothing else is possible."""

HAPPENED: Mapping[Action, str] = {
    _A.ISSUE: "issued",
    _A.SIGN: "signed",
    _A.REPLY: "replied",
    _A.URGE: "urged",
    _A.EXTEND: "extension_asked",
    _A.APPROVE_EXTENSION: "extension_approved",
    _A.REFUSE_EXTENSION: "extension_refused",
    _A.APPLY: "applied",
    _A.RETURN: "returned",
    _A.CONCLUDE: "concluded",
    _A.VERIFY: "verified",
    _A.CLOSE: "closed",
    _A.REVOKE: "revoked",
}
"""What has happened when a step is taken, as entries, events and the audit trail call it."""

IN_THE_OFFICE = frozenset({State.ISSUED, State.IN_HAND, State.EXTENDING})
"""The states in which the lead office has it, so that its deadlines run."""

WAITS_FOR: Mapping[Capacity, Sequence[State]] = {
    Capacity.PROVINCE: WORKFLOW.waiting_for(_C.PROVINCE, _A.ISSUE, _A.CONCLUDE, _A.VERIFY, _A.CLOSE)
    + WORKFLOW.waiting_for(_C.PROVINCE, _A.APPROVE_EXTENSION),
    Capacity.LEAD: WORKFLOW.waiting_for(_C.LEAD, _A.SIGN, _A.APPLY),
}
"""The states in which it is somebody's turn."""


class SignDueNotAllowed(DomainError):
    """The office would have no time to sign, or sign after the order is due."""

    status = 422
    slug = "sign-due-not-allowed"
    pointer = "/body/sign_due"


class OrderDeadlineNotAllowed(DomainError):
    status = 422
    slug = "deadline-not-allowed"
    pointer = "/body/deadline"


@dataclass(frozen=True)
class Order:
    """An order as it is stored. ``answered_on`` is the day of the application to conclude that was not returned;
    ``pressed``: urged and no answer since; ``poor``: returned and not applied for again.
    """

    id: UUID
    jurisdiction: str
    lead: str
    members: Sequence[str]
    state: State
    deadline: date
    version: int
    year: int | None = None
    serial: int | None = None
    sign_due: date | None = None
    asked_deadline: date | None = None
    issued_on: date | None = None
    signed_on: date | None = None
    answered_on: date | None = None
    ended_on: date | None = None
    urged_on: date | None = None
    level: int = 0
    pressed: bool = False
    poor: bool = False


@dataclass(frozen=True)
class Watch:
    """The days from which on an order has a colour, and from which the clock urges it; None for never."""

    blue_from: date | None = None
    yellow_from: date | None = None
    red_from: date | None = None
    urge_from: date | None = None

    def colour(self, today: date) -> Colour | None:
        """The gravest one that has come."""
        days = ((Colour.RED, self.red_from), (Colour.YELLOW, self.yellow_from), (Colour.BLUE, self.blue_from))
        return next((colour for colour, day in days if day is not None and day <= today), None)


def capacity(actor: Actor, order: Order) -> Capacity:
    if actor.scope == "all":
        return Capacity.PROVINCE
    if actor.scope not in ("tenant", "unit"):
        return Capacity.READER
    if actor.office == order.lead:
        return Capacity.LEAD
    return Capacity.MEMBER if actor.office in order.members else Capacity.READER


def watch(order: Order) -> Watch:
    """An order that was answered in time has no colour, one that was answered late stays red to its end."""
    if order.state in IN_THE_OFFICE:
        red = order.deadline + timedelta(1)
        return Watch(order.deadline - timedelta(NEAR_DAYS), _behind_from(order), red, _urge_from(order))
    if order.ended_on is None and order.answered_on is not None and order.answered_on > order.deadline:
        return Watch(red_from=order.answered_on)
    return Watch()


def _behind_from(order: Order) -> date | None:
    if order.pressed or order.poor:
        return order.issued_on
    if order.state is State.ISSUED and order.sign_due is not None:
        return order.sign_due + timedelta(1)
    return None


def _urge_from(order: Order) -> date | None:
    """The day after what is missing was due; then daily, a level higher each time, and weekly on the highest. Never
    while it is the province that has to decide on an extension.
    """
    if order.state is State.EXTENDING:
        return None
    due = order.sign_due if order.state is State.ISSUED and order.sign_due else order.deadline
    if order.urged_on is None:
        return due + timedelta(1)
    pause = WEEK if order.level >= HIGHEST_LEVEL else 1
    return max(due + timedelta(1), order.urged_on + timedelta(pause))


def must_be_coming(deadline: date, today: date) -> None:
    """Raises OrderDeadlineNotAllowed for days that are over, or that nobody plans for."""
    if not today <= deadline <= date(today.year + MOST_YEARS, 12, 31):
        raise OrderDeadlineNotAllowed(f"办理时限不能早于今天，也不能晚于 {today.year + MOST_YEARS} 年。")


def take(
    order: Order,
    capacity: Capacity,
    action: Action,
    today: date,
    *,
    day: date | None = None,
    number: tuple[int, int] | None = None,
) -> Order:
    """The order after a step. ``day`` is what the step sets: when it is to be signed, the deadline that is asked for;
    ``number`` the year and place in its series. Raises NotPermitted, NotNow, or what is wrong with the day.
    """
    state = WORKFLOW.after(order.state, capacity, action)
    changed: dict[str, Any] = _CHANGES[action](order, today, day) if action in _CHANGES else {}
    if number is not None:
        changed |= {"year": number[0], "serial": number[1]}
    if capacity is Capacity.MEMBER:
        changed = {}
    return replace(order, state=state, version=order.version + 1, **changed)


def _issue(order: Order, today: date, day: date | None) -> dict[str, Any]:
    if day is None or not today <= day <= order.deadline:
        raise SignDueNotAllowed(f"签收时限应在今天至办理时限 {order.deadline} 之间。")
    return {"issued_on": today, "sign_due": day}


def _extend(order: Order, today: date, day: date | None) -> dict[str, Any]:
    if day is None or day <= order.deadline:
        raise OrderDeadlineNotAllowed(f"延期后的时限应晚于目前的时限 {order.deadline}。")
    must_be_coming(day, today)
    return {"asked_deadline": day}


_QUIET = {"pressed": False, "level": 0}
_CHANGES: Mapping[Action, Callable[[Order, date, date | None], dict[str, Any]]] = {
    Action.ISSUE: _issue,
    Action.SIGN: lambda order, today, day: {"signed_on": today} | _QUIET,
    Action.REPLY: lambda order, today, day: {"pressed": False},
    Action.URGE: lambda order, today, day: {
        "pressed": True,
        "urged_on": today,
        "level": min(order.level + 1, HIGHEST_LEVEL),
    },
    Action.EXTEND: _extend,
    Action.APPROVE_EXTENSION: lambda order, today, day: (
        {"deadline": order.asked_deadline, "asked_deadline": None} | _QUIET
    ),
    Action.REFUSE_EXTENSION: lambda order, today, day: {"asked_deadline": None},
    Action.APPLY: lambda order, today, day: {"answered_on": today, "poor": False} | _QUIET,
    Action.RETURN: lambda order, today, day: {"answered_on": None, "poor": True},
    Action.CLOSE: lambda order, today, day: {"ended_on": today},
    Action.REVOKE: lambda order, today, day: {"ended_on": today, "asked_deadline": None},
}
"""What a step of the province, the lead office or the clock changes beside the state."""
