"""How a zone takes over a published case, or says why not. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from chassis.problems import DomainError
from progress.calendar.rules import WorkCalendar
from progress.lines.rules import Actor

REMIND_AFTER = 20
ESCALATE_AFTER = 20
"""Working days that a zone has to answer, and then again before the province is told."""


class State(StrEnum):
    """未答复、计划推广、推广中、已落地、不采用."""

    UNANSWERED = "unanswered"
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    ADOPTED = "adopted"
    DECLINED = "declined"


class Action(StrEnum):
    ADOPT = "adopt"
    START = "start"
    FINISH = "finish"
    DECLINE = "decline"


class Capacity(StrEnum):
    """What somebody is to one replication: the zone that takes over, or not."""

    ZONE = "zone"
    READER = "reader"


class Reminder(StrEnum):
    """What there is to say of a zone that does not answer: nothing, to itself, to the province."""

    NONE = ""
    REMINDED = "reminded"
    ESCALATED = "escalated"


TABLE: Mapping[State, Mapping[Capacity, frozenset[Action]]] = {
    State.UNANSWERED: {Capacity.ZONE: frozenset({Action.ADOPT, Action.DECLINE})},
    State.PLANNED: {Capacity.ZONE: frozenset({Action.START, Action.DECLINE})},
    State.UNDER_WAY: {Capacity.ZONE: frozenset({Action.FINISH, Action.DECLINE})},
    State.ADOPTED: {},
    State.DECLINED: {Capacity.ZONE: frozenset({Action.ADOPT})},
}
"""Who may do what in which state; nothing where nothing is said. A zone may think again, but not undo what is there."""

LEADS_TO: Mapping[Action, State] = {
    Action.ADOPT: State.PLANNED,
    Action.START: State.UNDER_WAY,
    Action.FINISH: State.ADOPTED,
    Action.DECLINE: State.DECLINED,
}


class NotNow(DomainError):
    """The zone might, but not in the replication's present state."""

    slug = "not-in-this-state"


@dataclass(frozen=True)
class Replication:
    """What a zone makes of a case; ``version`` 1 is that nothing happened. ``open``: the case is still published."""

    case_id: UUID
    zone: str
    origin: str
    state: State
    version: int
    open: bool


def reminder(published_on: date, reminded_on: date | None, today: date, calendar: WorkCalendar) -> Reminder:
    """What there is to say today of an unanswered replication that the province was not told of."""
    if reminded_on is None:
        return Reminder.REMINDED if today > calendar.after(published_on, REMIND_AFTER) else Reminder.NONE
    return Reminder.ESCALATED if today > calendar.after(reminded_on, ESCALATE_AFTER) else Reminder.NONE


def is_late(state: State, due: date | None, today: date) -> bool:
    """Whether the day that the zone itself had set is over, and the case not at work there."""
    return state in (State.PLANNED, State.UNDER_WAY) and due is not None and today > due


def capacity(actor: Actor, zone: str) -> Capacity:
    return Capacity.ZONE if actor.scope == "tenant" and actor.tenant == zone else Capacity.READER


def actions(state: State, capacity: Capacity) -> list[Action]:
    """What may be done, in the order of ``Action``."""
    allowed = TABLE[state].get(capacity, frozenset())
    return [action for action in Action if action in allowed]


def table() -> dict[str, list[Action]]:
    """All of ``actions`` by ``<state>/<capacity>``; what is not in it allows nothing."""
    everything = {f"{s}/{c}": actions(s, c) for s in State for c in Capacity}
    return {key: allowed for key, allowed in everything.items() if allowed}


def authorize(action: Action, actor: Actor, replication: Replication) -> None:
    """Raises NotNow unless the actor may do this now."""
    if not replication.open:
        raise NotNow("该案例已撤下，不再复制推广。")
    if action not in actions(replication.state, capacity(actor, replication.zone)):
        raise NotNow("该复制推广事项在目前状态下不能进行此操作。")
