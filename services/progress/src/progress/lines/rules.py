"""What a line is and who may do what with it. Pure: days come in as arguments."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import accumulate, pairwise
from uuid import UUID

from chassis.problems import DomainError
from progress.thresholds.rules import USUAL, Thresholds

PROVINCE = "province"


class State(StrEnum):
    """未开始、推进中、已报完成、已确认、已暂停."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    SUSPENDED = "suspended"


class Light(StrEnum):
    """亮灯: on schedule, at risk, overdue, done."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    BLUE = "blue"


class Action(StrEnum):
    REPORT = "report"
    CONFIRM = "confirm"
    RETURN = "return"
    REVIEW = "review"
    SUSPEND = "suspend"
    RESUME = "resume"
    SCHEDULE = "schedule"
    COMPLETE = "complete"
    EXTEND = "extend"
    APPROVE_EXTENSION = "approve_extension"
    REFUSE_EXTENSION = "refuse_extension"
    MOVE_DEADLINE = "move_deadline"


class Capacity(StrEnum):
    """What somebody is to one line. A leader reports for a line of the province; a reviewer leads a zone's line."""

    PROVINCE = "province"
    CITY = "city"
    LEADER = "leader"
    REVIEWER = "reviewer"
    READER = "reader"


class Awaiting(StrEnum):
    """Whose report on the line awaits the province's decision: nobody's, the actor's own office's, another's."""

    NONE = "none"
    OWN = "own"
    OTHER = "other"


class Timing(StrEnum):
    """How a line's schedule stands: none yet, a deadline of its task alone, milestones to reach, all reached; each with
    an extension asked or not.
    """

    NONE = "none"
    DUE = "due"
    RUNNING = "running"
    REACHED = "reached"
    DUE_ASKED = "due_asked"
    RUNNING_ASKED = "running_asked"
    REACHED_ASKED = "reached_asked"


@dataclass(frozen=True)
class Actor:
    """A caller as the scope of row-level security sees it (``all``, ``audit``, ``tenant``, ``unit``…)."""

    scope: str
    tenant: str | None = None
    unit: str | None = None

    @property
    def office(self) -> str:
        """Whom the caller acts for, written as audiences are: ``zone:hefei``, ``unit:swt``, ``role:province``."""
        if self.scope == "tenant":
            return f"zone:{self.tenant}"
        return f"unit:{self.unit}" if self.scope == "unit" else "role:province"


class NotPermitted(DomainError):
    """The actor's capacity never has this action on such a line."""

    status = 403
    slug = "forbidden"


class NotNow(DomainError):
    """The actor might, but not in the line's present state."""

    slug = "not-in-this-state"


_NOTHING: frozenset[Action] = frozenset()
_REPORT = frozenset({Action.REPORT})
_SUSPEND, _RESUME = frozenset({Action.SUSPEND}), frozenset({Action.RESUME})
_DECIDE, _REVIEW = frozenset({Action.CONFIRM, Action.RETURN}), frozenset({Action.REVIEW})
_PLACE, _COMPLETE, _EXTEND = frozenset({Action.SCHEDULE}), frozenset({Action.COMPLETE}), frozenset({Action.EXTEND})
_DECIDE_EXTENSION = frozenset({Action.APPROVE_EXTENSION, Action.REFUSE_EXTENSION})
_MOVE = frozenset({Action.MOVE_DEADLINE})

ALWAYS: Mapping[Capacity, Mapping[State, frozenset[Action]]] = {
    Capacity.PROVINCE: {
        State.NOT_STARTED: _SUSPEND,
        State.IN_PROGRESS: _SUSPEND,
        State.SUBMITTED: _SUSPEND,
        State.SUSPENDED: _RESUME,
    },
    Capacity.CITY: {State.NOT_STARTED: _REPORT, State.IN_PROGRESS: _REPORT, State.SUBMITTED: _REPORT},
    Capacity.LEADER: {State.NOT_STARTED: _REPORT, State.IN_PROGRESS: _REPORT, State.SUBMITTED: _REPORT},
}
"""What each capacity may do in each state; nothing where nothing is said."""

AWAITED: Mapping[tuple[Capacity, Awaiting], frozenset[Action]] = {
    (Capacity.PROVINCE, Awaiting.OWN): _DECIDE,
    (Capacity.PROVINCE, Awaiting.OTHER): _DECIDE,
    (Capacity.LEADER, Awaiting.OTHER): _REVIEW,
    (Capacity.REVIEWER, Awaiting.OTHER): _REVIEW,
}
"""What comes to it while a report awaits the decision of the province, in the states in which one can be decided."""

DECIDABLE = frozenset({State.IN_PROGRESS, State.SUBMITTED})

_OFFICE: Mapping[Timing, frozenset[Action]] = {
    Timing.NONE: _PLACE,
    Timing.DUE: _PLACE | _EXTEND,
    Timing.RUNNING: _PLACE | _COMPLETE | _EXTEND,
    Timing.REACHED: _PLACE | _EXTEND,
    Timing.RUNNING_ASKED: _COMPLETE,
}
TIMED: Mapping[Capacity, Mapping[Timing, frozenset[Action]]] = {
    Capacity.PROVINCE: {
        Timing.NONE: _PLACE,
        Timing.DUE: _PLACE | _MOVE,
        Timing.RUNNING: _PLACE | _MOVE,
        Timing.REACHED: _PLACE | _MOVE,
        Timing.DUE_ASKED: _DECIDE_EXTENSION,
        Timing.RUNNING_ASKED: _DECIDE_EXTENSION,
        Timing.REACHED_ASKED: _DECIDE_EXTENSION,
    },
    Capacity.CITY: _OFFICE,
    Capacity.LEADER: _OFFICE,
}
"""What comes to it by the line's schedule, in the states in which a line is worked on."""

WORKED_ON = frozenset({State.NOT_STARTED, State.IN_PROGRESS, State.SUBMITTED})
ACTED_ON = frozenset({State.NOT_STARTED, State.IN_PROGRESS})
STILL = frozenset(
    {
        "light_changed",
        "stalled",
        "stall_lifted",
        "suspended",
        "extension_asked",
        "extension_approved",
        "extension_refused",
        "deadline_moved",
    }
)
"""What happens to a line without anything being done for it."""


def actions(capacity: Capacity, state: State, awaiting: Awaiting, timing: Timing) -> list[Action]:
    """What may be done, in the order of ``Action``."""
    allowed = _by_reports(capacity, state, awaiting) | _by_schedule(capacity, state, timing)
    return [action for action in Action if action in allowed]


def _by_reports(capacity: Capacity, state: State, awaiting: Awaiting) -> frozenset[Action]:
    allowed = ALWAYS.get(capacity, {}).get(state, _NOTHING)
    return allowed | AWAITED.get((capacity, awaiting), _NOTHING) if state in DECIDABLE else allowed


def _by_schedule(capacity: Capacity, state: State, timing: Timing) -> frozenset[Action]:
    return TIMED.get(capacity, {}).get(timing, _NOTHING) if state in WORKED_ON else _NOTHING


def table() -> dict[str, list[Action]]:
    """All of ``actions`` in two parts, of which a line has both: by ``<capacity>/<state>/<awaiting>`` and by
    ``<capacity>/<state>/<timing>/schedule``. What is not in it allows nothing.
    """
    reports = {f"{c}/{s}/{a}": _by_reports(c, s, a) for c in Capacity for s in State for a in Awaiting}
    schedules = {f"{c}/{s}/{t}/schedule": _by_schedule(c, s, t) for c in Capacity for s in State for t in Timing}
    return {
        key: [action for action in Action if action in allowed]
        for key, allowed in (reports | schedules).items()
        if allowed
    }


@dataclass(frozen=True)
class Step:
    """A milestone as the light sees it: its due day, its weight among the line's milestones, whether it is reached."""

    due: date
    weight: int
    done: bool


@dataclass(frozen=True)
class Line:
    """A line as it is stored; ``due`` ends with its day in Asia/Shanghai.

    ``closed``: it was withdrawn with its zone. ``moved_on`` is the last day on which something was done, ``stalled_on``
    the day of the alarm that nothing was.
    """

    id: UUID
    jurisdiction: str
    task: str
    units: Sequence[str]
    leads: Sequence[str]
    due: date | None
    state: State
    percent: int
    light: Light
    opened_on: date
    withdrawn: bool
    version: int
    awaiting_office: str | None
    moved_on: date
    stalled_on: date | None = None
    closed: bool = False
    steps: Sequence[Step] = ()
    extension_asked: bool = False
    thresholds: Thresholds = USUAL

    @property
    def timing(self) -> Timing:
        if not self.steps and self.extension_asked:
            return Timing.DUE_ASKED
        if not self.steps:
            return Timing.NONE if self.due is None else Timing.DUE
        if all(step.done for step in self.steps):
            return Timing.REACHED_ASKED if self.extension_asked else Timing.REACHED
        return Timing.RUNNING_ASKED if self.extension_asked else Timing.RUNNING

    def light_with(self, state: State, percent: int, today: date) -> Light:
        """The light that the line has with this state and percent."""
        return light(state, percent, self.due, self.opened_on, today, self.steps, self.thresholds)

    def stands_still(self, state: State, moved_on: date, today: date) -> bool:
        """Whether nothing has been done for so long that an alarm is raised, in the states in which its office acts."""
        return state in ACTED_ON and (today - moved_on).days >= self.thresholds.stalled_days


def capacity(actor: Actor, line: Line) -> Capacity:
    if actor.scope == "all":
        return Capacity.PROVINCE
    if actor.scope == "tenant" and actor.tenant == line.jurisdiction:
        return Capacity.CITY
    if actor.scope == "unit" and actor.unit in line.leads:
        return Capacity.LEADER if line.jurisdiction == PROVINCE else Capacity.REVIEWER
    return Capacity.READER


def awaiting(actor: Actor, line: Line) -> Awaiting:
    if line.awaiting_office is None:
        return Awaiting.NONE
    return Awaiting.OWN if line.awaiting_office == actor.office else Awaiting.OTHER


def ever(actor: Actor, line: Line) -> frozenset[Action]:
    """What the actor may do with such a line in one state or another."""
    return _ever(capacity(actor, line))


@cache
def _ever(acting: Capacity) -> frozenset[Action]:
    return frozenset(
        action
        for state in State
        for whose in Awaiting
        for timing in Timing
        for action in actions(acting, state, whose, timing)
    )


def authorize(action: Action, actor: Actor, line: Line) -> None:
    """Raises NotPermitted when the actor never may, NotNow when it may not in the line's present state."""
    if action not in ever(actor, line):
        raise NotPermitted("您不能对该事项进行此操作。")
    if line.withdrawn:
        raise NotNow("该事项所在片区已撤销。" if line.closed else "该事项已随任务撤回。")
    if action not in actions(capacity(actor, line), line.state, awaiting(actor, line), line.timing):
        raise NotNow("该事项在目前状态下不能进行此操作。")


@dataclass(frozen=True)
class Standing:
    """What a light is judged by; ``lacking`` is how many percent are missing to what is expected."""

    state: State
    due: date | None
    lacking: float
    today: date
    steps: Sequence[Step]
    thresholds: Thresholds


@dataclass(frozen=True)
class LightRule:
    name: str
    light: Light
    holds: Callable[[Standing], bool]


def _near_and_behind(line: Standing) -> bool:
    near = line.due is not None and (line.due - line.today).days <= line.thresholds.near_days
    return near and line.lacking > line.thresholds.behind_percent


LIGHTS: Sequence[LightRule] = (
    LightRule("confirmed", Light.BLUE, lambda line: line.state is State.CONFIRMED),
    LightRule("no_deadline", Light.GREEN, lambda line: line.due is None),
    LightRule("overdue", Light.RED, lambda line: line.due is not None and line.due < line.today),
    LightRule(
        "milestone_overdue",
        Light.YELLOW,
        lambda line: any(step.due < line.today and not step.done for step in line.steps),
    ),
    LightRule("near_and_behind", Light.YELLOW, _near_and_behind),
    LightRule("on_schedule", Light.GREEN, lambda line: True),
)
"""A line has the light of the first rule that holds."""


def light(
    state: State,
    percent: int,
    due: date | None,
    opened_on: date,
    today: date,
    steps: Sequence[Step] = (),
    thresholds: Thresholds = USUAL,
) -> Light:
    """By the first of ``LIGHTS`` that holds."""
    lacking = expected(due, opened_on, today, steps) - percent if due else 0.0
    standing = Standing(state, due, lacking, today, steps, thresholds)
    return next(rule.light for rule in LIGHTS if rule.holds(standing))


def expected(due: date, opened_on: date, today: date, steps: Sequence[Step] = ()) -> float:
    """The percent that a line would have today if it advanced evenly from its opening to each milestone in turn, and
    without milestones to its due day. Weights count by their share, so 100 is reached with the last, on the due day at
    the latest (it may have moved before one that is done), and never passed.
    """
    given = sorted(steps, key=lambda step: step.due) or [Step(due, 1, False)]
    whole = sum(step.weight for step in given)
    reached = [100.0 * weight / whole for weight in accumulate(step.weight for step in given)]
    days = [opened_on, *(max(min(step.due, due), opened_on) for step in given)]
    for (start, end), (before, after) in zip(pairwise(days), pairwise([0.0, *reached]), strict=True):
        if today < end and start < end:
            return max(before, before + (after - before) * (today - start).days / (end - start).days)
    return 100.0


@dataclass(frozen=True)
class Party:
    """A responsible unit of a task; ``zone`` is the zone whose city it is."""

    code: str
    lead: bool
    zone: str | None


@dataclass(frozen=True)
class Opening:
    """The units of a line to be, in order, and those of them that lead it."""

    units: tuple[str, ...]
    leads: tuple[str, ...]


def openings(parties: Sequence[Party], zones: Iterable[str]) -> dict[str, Opening]:
    """The lines of a task by jurisdiction: each zone that it names, and the province when it names any other unit."""
    others = [party for party in parties if party.zone is None]
    lines = {zone: _opening([party for party in parties if party.zone in (None, zone)]) for zone in zones}
    return lines | ({PROVINCE: _opening(others)} if others else {})


def _opening(parties: Sequence[Party]) -> Opening:
    units = tuple(dict.fromkeys(party.code for party in parties))
    leads = tuple(dict.fromkeys(party.code for party in parties if party.lead)) or units[:1]
    return Opening(units, leads)
