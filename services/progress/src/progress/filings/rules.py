"""Who may take a filing which step of its way, and what is doubtful in it. Pure: days come in as arguments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from chassis.problems import DomainError
from progress.lines.rules import Actor, NotNow, NotPermitted

JUMP = 30
BEHIND = 20


class State(StrEnum):
    """待填报、待单位审核、已报送省级、已接收、已审定、已退回."""

    OPEN = "open"
    SUBMITTED = "submitted"
    CHECKED = "checked"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    RETURNED = "returned"


class Action(StrEnum):
    FILL = "fill"
    CONTRIBUTE = "contribute"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ANSWER = "answer"
    CHECK = "check"
    SEND_BACK = "send_back"
    UNCHECK = "uncheck"
    ACCEPT = "accept"
    UNACCEPT = "unaccept"
    APPROVE = "approve"
    RETURN = "return"
    REOPEN = "reopen"
    TAKE_OVER = "take_over"


class Capacity(StrEnum):
    """What somebody is to one filing. Writer and checker (``admin``) are of its office, members of its line's units."""

    PROVINCE = "province"
    CHECKER = "checker"
    WRITER = "writer"
    MEMBER = "member"
    READER = "reader"


class Hold(StrEnum):
    """Why nobody may go on with it: nothing, the period's lock, its being from before the portal and not taken over
    yet, the line's suspension or withdrawal.
    """

    NONE = "none"
    LOCKED = "locked"
    PAST = "past"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class Confidence(StrEnum):
    """The reviewer's own view (把握程度), beside the percent that is reported.

    high: 进展有据可查，按目前进度能够如期完成. medium: 存在风险，已有可行措施，有望如期完成.
    low: 存在重大问题或进展与掌握情况不符，不采取进一步措施难以如期完成.
    """

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Doubt(StrEnum):
    """What a check on entry asks about (填报核查)."""

    FALLS = "percent_falls"
    JUMPS = "percent_jumps"
    SAME_TEXT = "same_text"
    NO_EVIDENCE = "no_evidence"


@dataclass(frozen=True)
class Move:
    """A step from some states to one; ``to`` is None for what leaves the state as it is."""

    of: frozenset[State]
    to: State | None = None


_OPEN = frozenset({State.OPEN, State.RETURNED})
MOVES: Mapping[Action, Move] = {
    Action.FILL: Move(_OPEN),
    Action.CONTRIBUTE: Move(_OPEN),
    Action.SUBMIT: Move(_OPEN, State.SUBMITTED),
    Action.WITHDRAW: Move(frozenset({State.SUBMITTED}), State.OPEN),
    Action.ANSWER: Move(frozenset(State) - {State.APPROVED}),
    Action.CHECK: Move(frozenset({State.SUBMITTED}), State.CHECKED),
    Action.SEND_BACK: Move(frozenset({State.SUBMITTED}), State.RETURNED),
    Action.UNCHECK: Move(frozenset({State.CHECKED}), State.SUBMITTED),
    Action.ACCEPT: Move(frozenset({State.CHECKED}), State.ACCEPTED),
    Action.UNACCEPT: Move(frozenset({State.ACCEPTED}), State.CHECKED),
    Action.APPROVE: Move(frozenset({State.ACCEPTED}), State.APPROVED),
    Action.RETURN: Move(frozenset({State.ACCEPTED}), State.RETURNED),
    Action.REOPEN: Move(frozenset({State.APPROVED}), State.OPEN),
    Action.TAKE_OVER: Move(frozenset({State.OPEN}), State.APPROVED),
}
"""The way of a filing. A step is undone by its opposite alone, so in reverse order. What is from before the portal is
taken over (历史数据接管) in one step.
"""

_WRITER = frozenset({Action.FILL, Action.SUBMIT, Action.WITHDRAW, Action.ANSWER})
MAY: Mapping[Capacity, frozenset[Action]] = {
    Capacity.WRITER: _WRITER,
    Capacity.CHECKER: _WRITER | {Action.CHECK, Action.SEND_BACK, Action.UNCHECK},
    Capacity.MEMBER: frozenset({Action.CONTRIBUTE}),
    Capacity.PROVINCE: frozenset(
        {Action.ACCEPT, Action.UNACCEPT, Action.APPROVE, Action.RETURN, Action.REOPEN, Action.TAKE_OVER}
    ),
    Capacity.READER: frozenset(),
}
LOCKABLE = (MAY[Capacity.CHECKER] | MAY[Capacity.MEMBER]) - {Action.ANSWER}
"""What ends with the period's lock: the offices' part. A province's decision on what came before may come later."""

UNLOCKABLE = frozenset({State.OPEN, State.RETURNED, State.SUBMITTED})
"""What the province may let in after the lock, as it stands."""


class MovedOn(DomainError):
    status = 412
    slug = "stale"


class Unanswered(DomainError):
    slug = "queries-unanswered"


class Expired(DomainError):
    status = 422
    slug = "reopening-past"
    pointer = "/body/until"


class Unfinished(DomainError):
    """Done is reported with less than 100 percent."""

    status = 422
    slug = "unfinished"
    pointer = "/body/percent"


class NothingWritten(DomainError):
    status = 422
    slug = "nothing-written"
    pointer = "/body/done"


@dataclass(frozen=True)
class Content:
    """What a filing says; so does what was approved last."""

    percent: int
    done: str
    problems: str
    next_steps: str
    finished: bool


@dataclass(frozen=True)
class Filing:
    """A filing as it is stored, with what its line and period allow."""

    id: UUID
    period_id: UUID
    line_id: UUID
    jurisdiction: str
    office: str
    units: tuple[str, ...]
    state: State
    content: Content
    unchanged: bool
    saved_by: str | None
    grace: date
    locks: date
    takeover: bool
    reopened_until: date | None
    received_on: date | None
    returns: int
    approved: int
    suspended: bool
    withdrawn: bool
    version: int

    def hold(self, today: date) -> Hold:
        if self.withdrawn:
            return Hold.WITHDRAWN
        if self.suspended:
            return Hold.SUSPENDED
        last = max(self.locks, self.reopened_until or self.locks)
        if today <= last:
            return Hold.NONE
        return Hold.PAST if self.takeover and not self.approved else Hold.LOCKED


def capacity(actor: Actor, admin: bool, filing: Filing) -> Capacity:
    if actor.scope == "all":
        return Capacity.PROVINCE
    if actor.scope in ("tenant", "unit") and actor.office == filing.office:
        return Capacity.CHECKER if admin else Capacity.WRITER
    return Capacity.MEMBER if actor.scope == "unit" and actor.unit in filing.units else Capacity.READER


def actions(capacity: Capacity, state: State, hold: Hold, *, queried: bool = True) -> list[Action]:
    """What may be done, in the order of ``Action``; to answer there must be a query that has none (``queried``)."""
    allowed = [action for action in Action if action in MAY[capacity] and _goes(action, state, hold)]
    return [action for action in allowed if queried or action is not Action.ANSWER]


def _goes(action: Action, state: State, hold: Hold) -> bool:
    if hold in (Hold.SUSPENDED, Hold.WITHDRAWN):
        return False
    if hold is Hold.PAST:
        return action is Action.TAKE_OVER and state is State.OPEN
    if action is Action.TAKE_OVER:
        return False
    if action is Action.REOPEN and hold is Hold.LOCKED and state in UNLOCKABLE:
        return True
    return state in MOVES[action].of and not (hold is Hold.LOCKED and action in LOCKABLE)


def table() -> dict[str, list[Action]]:
    """All of ``actions`` by ``<capacity>/<state>/<hold>``, and ``/queried`` if so; what is not in it allows nothing."""
    whole = {
        f"{c}/{s}/{h}{'/queried' if queried else ''}": actions(c, s, h, queried=queried)
        for c in Capacity
        for s in State
        for h in Hold
        for queried in (False, True)
    }
    return {key: allowed for key, allowed in whole.items() if allowed}


def ever(capacity: Capacity) -> frozenset[Action]:
    return MAY[capacity]


HELD: Mapping[Hold, str] = {
    Hold.NONE: "该填报在目前状态下不能进行此操作。",
    Hold.LOCKED: "该报告期已锁定，如需补报或更正，请联系省自贸办重新开放。",
    Hold.PAST: "该报告期早于平台启用，由省自贸办统一接管，不能填报。",
    Hold.SUSPENDED: "该事项已暂停推进，恢复前不能填报。",
    Hold.WITHDRAWN: "该事项已随任务撤回，或其所在片区已撤销。",
}


PART_SENT = "填报单位已提交，撤回或退回前不能修改配合情况。"
PART_FROZEN = "该填报已审定，配合情况随之固定；如需更正，请联系省自贸办重新开放。"


def refusal(action: Action, state: State, hold: Hold) -> str:
    """Why this may not be done now."""
    if action is Action.CONTRIBUTE and hold is Hold.NONE:
        return PART_FROZEN if state is State.APPROVED else PART_SENT
    return HELD[hold]


def authorize(action: Action, acting: Capacity, filing: Filing, today: date) -> None:
    """Raises NotPermitted when that capacity never may, NotNow (and why) when it may not now."""
    if action not in ever(acting):
        raise NotPermitted("您不能对该填报进行此操作。")
    hold = filing.hold(today)
    if action not in actions(acting, filing.state, hold):
        raise NotNow(refusal(action, filing.state, hold))


def state_after(action: Action, filing: Filing) -> State:
    """A reopened filing that was not approved stays where it is: only its lock goes."""
    to = MOVES[action].to
    if action is Action.REOPEN and filing.state is not State.APPROVED:
        return filing.state
    return to or filing.state


def of_different_lines(filings: Iterable[Filing]) -> list[list[Filing]]:
    """The filings in as few parts as hold none of a line twice, each line's in the order given."""
    parts: list[dict[UUID, Filing]] = []
    for filing in filings:
        part = next((each for each in parts if filing.line_id not in each), None)
        if part is None:
            parts.append(part := {})
        part[filing.line_id] = filing
    return [list(part.values()) for part in parts]


def must_be_whole(content: Content) -> None:
    """Raises NothingWritten or Unfinished for what cannot be submitted."""
    if not content.done:
        raise NothingWritten("请填写工作进展，或标明“与上期一致”。")
    if content.finished and content.percent < 100:
        raise Unfinished("报告完成时应为 100。")


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields of the content in which two versions differ."""
    return [
        {"field": each.name, "before": before[each.name], "after": after[each.name]}
        for each in fields(Content)
        if before[each.name] != after[each.name]
    ]


def receipt(filing: Filing, today: date) -> tuple[date, bool]:
    """The day that it first came to the province, and whether that was in time: late stays late."""
    first = filing.received_on or today
    return first, first <= filing.grace


def keeps_receipt(filing: Filing) -> bool:
    """Taken back by its own office it has not come; what the province has returned or approved had come."""
    return filing.returns > 0 or filing.approved > 0


def doubts(content: Content, last: Content | None, attachments: int) -> dict[Doubt, str]:
    """Questions that the writer is to answer, by what they are about."""
    step = content.percent - (last.percent if last else 0)
    found: dict[Doubt, str] = {}
    if not attachments and (content.finished or step >= JUMP):
        what = "报告已完成" if content.finished else f"完成比例上升 {step} 个百分点"
        found[Doubt.NO_EVIDENCE] = f"{what}而未附佐证材料，请补充附件或说明原因。"
    if last is None:
        return found
    if step < 0:
        found[Doubt.FALLS] = f"完成比例由 {last.percent}% 降为 {content.percent}%，请说明原因。"
    if step >= JUMP:
        found[Doubt.JUMPS] = f"完成比例由 {last.percent}% 升至 {content.percent}%，请说明依据。"
    if step != 0 and content.done == last.done:
        found[Doubt.SAME_TEXT] = "完成比例有变化而工作进展与上期相同，请补充说明。"
    return found


def disagrees(confidence: Confidence, percent: int, expected: int | None) -> bool:
    """Whether reviewer and reported percent disagree: little confidence in a line that keeps pace, or much in one that
    is more than 20 points behind. Without a deadline there is no pace.
    """
    if expected is None:
        return False
    if confidence is Confidence.LOW:
        return percent >= expected
    return confidence is Confidence.HIGH and percent < expected - BEHIND


def must_be_answered(unanswered: int) -> None:
    if unanswered:
        raise Unanswered(f"还有 {unanswered} 项核查问题未答复。")


def must_last(until: date, today: date) -> None:
    if until < today:
        raise Expired("开放期限不能早于今天。")
