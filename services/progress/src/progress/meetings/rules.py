"""What meetings and their decisions go through, and who may move them. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from chassis.problems import DomainError
from progress.calendar.rules import WorkCalendar
from progress.orders.rules import Action as OrderAction
from progress.periods import rules as periods
from progress.periods.rules import Reminder


class MeetingStatus(StrEnum):
    """筹备中、已召开."""

    PLANNED = "planned"
    HELD = "held"


class MeetingAction(StrEnum):
    EDIT = "edit"
    CONCLUDE = "conclude"
    DECIDE = "decide"


class Status(StrEnum):
    """待办、已记入事项、已转督办单、已建议列入目录、已办结."""

    OPEN = "open"
    NOTED = "noted"
    ORDERED = "ordered"
    PROPOSED = "proposed"
    DONE = "done"


class Action(StrEnum):
    NOTE = "note"
    ORDER = "order"
    PROPOSE = "propose"
    COMPLETE = "complete"


class Standing(StrEnum):
    """What became of a decision: 在办、逾期、办结."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"


MEETINGS: Mapping[tuple[str, MeetingStatus], frozenset[MeetingAction]] = {
    ("all", MeetingStatus.PLANNED): frozenset({MeetingAction.EDIT, MeetingAction.CONCLUDE}),
    ("all", MeetingStatus.HELD): frozenset({MeetingAction.DECIDE}),
}
"""By scope (``all`` is the province) and status; nothing where nothing is said."""

_COMPLETE = frozenset({Action.COMPLETE})
DECISIONS: Mapping[tuple[str, Status], frozenset[Action]] = {
    ("all", Status.OPEN): frozenset(Action),
    ("all", Status.NOTED): _COMPLETE,
    ("all", Status.PROPOSED): _COMPLETE,
}
"""A decision becomes one thing at most, and is done once; one that became an order goes with it."""

LEADS_TO: Mapping[Action, Status] = {
    Action.NOTE: Status.NOTED,
    Action.ORDER: Status.ORDERED,
    Action.PROPOSE: Status.PROPOSED,
    Action.COMPLETE: Status.DONE,
}

FOLLOWS: Mapping[OrderAction, str] = {OrderAction.CLOSE: "completed", OrderAction.REVOKE: "reopened"}
"""What happens to a decision by a step of its order."""


class NotNow(DomainError):
    """The status of the meeting or decision does not allow it."""

    slug = "not-in-this-state"


class NotHeld(DomainError):
    """A meeting of a day to come has not been held."""

    status = 422
    slug = "not-held"
    pointer = "/body/held_on"


class DueTooEarly(DomainError):
    """A decision is due on the day of its meeting at the earliest."""

    status = 422
    slug = "due-too-early"
    pointer = "/body/due"


class UnknownOffice(DomainError):
    status = 422
    slug = "unknown-office"
    pointer = "/body/office"


class UnknownLine(DomainError):
    status = 422
    slug = "unknown-line"
    pointer = "/body/line_id"


class UnknownPlan(DomainError):
    status = 422
    slug = "unknown-plan"
    pointer = "/body/plan"


def meeting_actions(scope: str) -> dict[MeetingStatus, list[MeetingAction]]:
    return {
        status: [action for action in MeetingAction if action in MEETINGS.get((scope, status), ())]
        for status in MeetingStatus
    }


def actions(scope: str) -> dict[Status, list[Action]]:
    """What somebody of this scope may do with a decision, by status."""
    return {status: [action for action in Action if action in DECISIONS.get((scope, status), ())] for status in Status}


def must_allow_meeting(action: MeetingAction, scope: str, status: MeetingStatus) -> None:
    if action not in MEETINGS.get((scope, status), ()):
        raise NotNow("会议在目前状态下不能进行此操作。")


def must_allow(action: Action, scope: str, status: Status) -> None:
    if action not in DECISIONS.get((scope, status), ()):
        raise NotNow("该议定事项在目前状态下不能进行此操作。")


def must_have_been(held_on: date, today: date) -> None:
    if held_on > today:
        raise NotHeld("会议日期未到，不能登记为已召开。")


def must_follow(due: date, held_on: date) -> None:
    if due < held_on:
        raise DueTooEarly("办理时限不能早于会议日期。")


def outcome(said: Mapping[str, str]) -> str:
    """What came of a decision, in the words and with the evidence by which its order was closed."""
    return "\n".join(filter(None, (said["text"], said["evidence"])))


def standing(status: Status, due: date, today: date) -> Standing:
    """A due day is over with its end."""
    if status is Status.DONE:
        return Standing.DONE
    return Standing.OVERDUE if due < today else Standing.OPEN


def reminder(due: date, made_on: date, today: date, calendar: WorkCalendar) -> Reminder:
    """What there is to say today of a decision that is not done; on the day that it was made nothing is due soon."""
    said = periods.reminder(due, due, today, calendar)
    return Reminder.NONE if said is Reminder.DUE_SOON and made_on >= today else said
