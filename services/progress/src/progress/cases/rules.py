"""What an innovation case is, who may do what with it, and what its score is. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID

from chassis.problems import DomainError
from progress.lines.rules import Actor


class State(StrEnum):
    """草拟、已申报、评审中、待审定、已退回、不予认定、已认定、已发布、已撤下."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    EVALUATING = "evaluating"
    EVALUATED = "evaluated"
    RETURNED = "returned"
    REJECTED = "rejected"
    APPROVED = "approved"
    PUBLISHED = "published"
    RETRACTED = "retracted"


class Level(StrEnum):
    """片区级（其他片区自愿采用）、省级（全省复制推广）、省级并推荐国家层面推广."""

    ZONE = "zone"
    PROVINCIAL = "provincial"
    RECOMMENDED = "recommended"


class Action(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    INVITE = "invite"
    SCORE = "score"
    CONCLUDE = "conclude"
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    RETRACT = "retract"


class Capacity(StrEnum):
    """What somebody is to one case. An evaluator is invited to the present round and has not given its score yet."""

    ORIGIN = "origin"
    PROVINCE = "province"
    EVALUATOR = "evaluator"
    READER = "reader"


TABLE: Mapping[State, Mapping[Capacity, frozenset[Action]]] = {
    State.DRAFT: {Capacity.ORIGIN: frozenset({Action.EDIT, Action.SUBMIT})},
    State.SUBMITTED: {
        Capacity.ORIGIN: frozenset({Action.WITHDRAW}),
        Capacity.PROVINCE: frozenset({Action.INVITE, Action.RETURN, Action.REJECT}),
    },
    State.EVALUATING: {
        Capacity.ORIGIN: frozenset({Action.WITHDRAW}),
        Capacity.PROVINCE: frozenset({Action.SCORE, Action.CONCLUDE}),
        Capacity.EVALUATOR: frozenset({Action.SCORE}),
    },
    State.EVALUATED: {
        Capacity.ORIGIN: frozenset({Action.WITHDRAW}),
        Capacity.PROVINCE: frozenset({Action.INVITE, Action.APPROVE, Action.RETURN, Action.REJECT}),
    },
    State.RETURNED: {Capacity.ORIGIN: frozenset({Action.EDIT, Action.SUBMIT})},
    State.REJECTED: {},
    State.APPROVED: {Capacity.PROVINCE: frozenset({Action.PUBLISH})},
    State.PUBLISHED: {Capacity.PROVINCE: frozenset({Action.RETRACT})},
    State.RETRACTED: {},
}
"""Who may do what in which state; nothing where nothing is said. The province scores for an expert without login."""

LEADS_TO: Mapping[Action, State] = {
    Action.SUBMIT: State.SUBMITTED,
    Action.INVITE: State.EVALUATING,
    Action.CONCLUDE: State.EVALUATED,
    Action.APPROVE: State.APPROVED,
    Action.RETURN: State.RETURNED,
    Action.REJECT: State.REJECTED,
    Action.PUBLISH: State.PUBLISHED,
    Action.WITHDRAW: State.DRAFT,
    Action.RETRACT: State.RETRACTED,
}
"""The state after an action; after the others it is what it was."""

NEEDED = {
    "background": "背景",
    "practice": "主要做法",
    "effect_before": "改革前情况",
    "effect_after": "改革后成效",
}


class NotPermitted(DomainError):
    """The actor's capacity never has this action."""

    status = 403
    slug = "forbidden"


class NotNow(DomainError):
    """The actor might, but not in the case's present state."""

    slug = "not-in-this-state"


class Incomplete(DomainError):
    """What every case must say is missing."""

    slug = "case-incomplete"


class NotScored(DomainError):
    """A round cannot be concluded before somebody has given a score."""

    slug = "not-scored"


class ScoredBefore(DomainError):
    """The expert's score of this round is there already."""

    slug = "scored-before"


class PointsDiffer(DomainError):
    """The points are not those of the round's criteria."""

    status = 422
    slug = "points-differ"
    pointer = "/body/points"


class CriteriaTwice(DomainError):
    status = 422
    slug = "criteria-twice"
    pointer = "/body/criteria"


class ExpertNotAllowed(DomainError):
    """A unit scores for itself; whoever scores for the province says for which expert."""

    status = 422
    slug = "expert-not-allowed"
    pointer = "/body/expert"


@dataclass(frozen=True)
class Case:
    """A case as it is stored. ``scored``: whether the actor has given its score in this round; None: not invited."""

    id: UUID
    zone: str
    title: str
    state: State
    round: int
    version: int
    texts: Mapping[str, str]
    scored: bool | None


@dataclass(frozen=True)
class Criterion:
    """A criterion of the scoring sheet; weights count by their share of all."""

    name: str
    weight: int


def capacity(actor: Actor, case: Case) -> Capacity:
    if actor.scope == "all":
        return Capacity.PROVINCE
    if actor.scope == "tenant" and actor.tenant == case.zone:
        return Capacity.ORIGIN
    return Capacity.EVALUATOR if case.scored is False else Capacity.READER


def actions(state: State, capacity: Capacity) -> list[Action]:
    """What may be done, in the order of ``Action``."""
    allowed = TABLE[state].get(capacity, frozenset())
    return [action for action in Action if action in allowed]


def table() -> dict[str, list[Action]]:
    """All of ``actions`` by ``<state>/<capacity>``; what is not in it allows nothing."""
    everything = {f"{s}/{c}": actions(s, c) for s in State for c in Capacity}
    return {key: allowed for key, allowed in everything.items() if allowed}


def ever(actor: Actor, case: Case) -> set[Action]:
    """What the actor may do with the case in some state."""
    what = Capacity.EVALUATOR if case.scored is not None else capacity(actor, case)
    return {action for by_capacity in TABLE.values() for action in by_capacity.get(what, ())}


def authorize(action: Action, actor: Actor, case: Case) -> None:
    """Raises NotNow unless the actor may do this now."""
    if action not in actions(case.state, capacity(actor, case)):
        raise NotNow("该案例在目前状态下不能进行此操作。")


def must_be_complete(texts: Mapping[str, str]) -> None:
    """Raises Incomplete for a case that does not say what every case must."""
    missing = [label for name, label in NEEDED.items() if not texts[name]]
    if missing:
        raise Incomplete(f"申报前请填写：{'、'.join(missing)}。")


def must_be_distinct(criteria: Sequence[Criterion]) -> None:
    if len({criterion.name for criterion in criteria}) < len(criteria):
        raise CriteriaTwice("评分项名称不能重复。")


def must_name_expert(actor: Actor, expert: str | None) -> None:
    """Raises ExpertNotAllowed unless exactly the province names an expert."""
    if actor.scope == "all" and expert is None:
        raise ExpertNotAllowed("请填写评审专家姓名。")
    if actor.scope != "all" and expert is not None:
        raise ExpertNotAllowed("单位评审不填写专家姓名。")


def total(criteria: Sequence[Criterion], points: Iterable[tuple[str, int]]) -> Decimal:
    """The weighted mean of points of 0 to 100, to one decimal. Raises PointsDiffer unless each criterion has some."""
    given = list(points)
    by_name = dict(given)
    if len(given) != len(criteria) or by_name.keys() != {criterion.name for criterion in criteria}:
        raise PointsDiffer(f"应为每个评分项各打一次分：{'、'.join(criterion.name for criterion in criteria)}。")
    weighted = sum(criterion.weight * by_name[criterion.name] for criterion in criteria)
    return _rounded(Decimal(weighted) / sum(criterion.weight for criterion in criteria))


def mean(totals: Sequence[Decimal]) -> Decimal:
    """The score of a round, to one decimal. Raises NotScored without any."""
    if not totals:
        raise NotScored("尚无评审打分，不能结束评审。")
    return _rounded(sum(totals, Decimal(0)) / len(totals))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
