"""How offices are scored, and who may do what with an assessment. Pure: facts and days come in as arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from chassis.problems import DomainError
from progress.indicators.rules import plain
from progress.lines.rules import Actor

WHOLE = 100
CENT = Decimal("0.01")


class Status(StrEnum):
    """拟订、已下发、公示中、已确定."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    PUBLISHED = "published"
    FINAL = "final"


class Action(StrEnum):
    EDIT = "edit"
    ANNOUNCE = "announce"
    SCORE = "score"
    EXEMPT = "exempt"
    PUBLISH = "publish"
    OBJECT = "object"
    ANSWER = "answer"
    CLOSE = "close"


class Basis(StrEnum):
    """What an item is scored by: facts of a kind, or somebody's judgement (``hand``)."""

    LINES = "lines"
    MILESTONES = "milestones"
    FILINGS = "filings"
    ORDERS = "orders"
    INDICATORS = "indicators"
    CASES = "cases"
    HAND = "hand"


OF_ZONES = frozenset({Basis.INDICATORS, Basis.CASES})
"""Units set no targets of their own and submit no cases: they are not judged by them."""


class NotPermitted(DomainError):
    status = 403
    slug = "forbidden"


class NotNow(DomainError):
    slug = "not-in-this-state"


TABLE: Mapping[str, Mapping[Status, tuple[Action, ...]]] = {
    "province": {
        Status.DRAFT: (Action.EDIT, Action.ANNOUNCE),
        Status.ANNOUNCED: (Action.SCORE, Action.EXEMPT, Action.PUBLISH),
        Status.PUBLISHED: (Action.ANSWER, Action.CLOSE),
    },
    "office": {Status.PUBLISHED: (Action.OBJECT,)},
}
"""What the province and an assessed office may do in each status; nothing where nothing is said."""


def capacity(actor: Actor) -> str:
    """``province``, ``office`` for those who are assessed, ``reader`` for an auditor."""
    return {"all": "province", "tenant": "office", "unit": "office"}.get(actor.scope, "reader")


def actions(actor: Actor, status: Status) -> list[Action]:
    return list(TABLE.get(capacity(actor), {}).get(status, ()))


def offered(actor: Actor, status: Status, *, over: bool) -> list[Action]:
    """What the actor may do now; ``over``: the time for objections has ended, and only then a result becomes final."""
    too_soon_or_late = Action.OBJECT if over else Action.CLOSE
    return [action for action in actions(actor, status) if action is not too_soon_or_late]


def authorize(action: Action, actor: Actor, status: Status) -> None:
    """Raises NotPermitted for what the actor never may, NotNow for what it may not in this status."""
    if not any(action in allowed for allowed in TABLE.get(capacity(actor), {}).values()):
        raise NotPermitted("您不能对该考评进行此操作。")
    if action not in actions(actor, status):
        raise NotNow("该考评在目前状态下不能进行此操作。")


@dataclass(frozen=True)
class Item:
    """A part of the scheme. ``target``: so many facts of full worth earn all points; without it their mean counts."""

    code: str
    title: str
    basis: Basis
    points: int
    target: int | None = None


class NoScheme(DomainError):
    status = 422
    slug = "invalid"
    pointer = "/body/items"


def must_hold_together(codes: Sequence[str], points: Sequence[int]) -> None:
    """Raises NoScheme unless codes differ and points make 100."""
    if len(set(codes)) < len(codes):
        raise NoScheme("评分项的代码不能重复")
    if sum(points) != WHOLE:
        raise NoScheme(f"各评分项分值合计应为 {WHOLE} 分，现为 {sum(points)} 分")


@dataclass(frozen=True)
class Fact:
    """What a score rests on. ``worth`` is 0 to 100; an ``exempt`` one (容错) has the reason and does not count."""

    id: str
    title: str
    href: str
    worth: int
    note: str
    note_en: str
    exempt: str | None = None


def concerns(item: Item, office: str) -> bool:
    return item.basis not in OF_ZONES or office.startswith("zone:")


def tolerated(facts: Sequence[Fact], reasons: Mapping[str, str]) -> list[Fact]:
    """The facts, those exempt whose ids have a reason."""
    return [replace(fact, exempt=reasons.get(fact.id)) for fact in facts]


def score(item: Item, facts: Sequence[Fact], office: str) -> Decimal | None:
    """The points that an office's facts earn, to the cent; None when there is nothing to judge by."""
    if not concerns(item, office):
        return None
    counted = [fact.worth for fact in facts if fact.exempt is None]
    if item.target:
        share = min(Decimal(sum(counted)) / (WHOLE * item.target), Decimal(1))
    elif counted:
        share = Decimal(sum(counted)) / (WHOLE * len(counted))
    else:
        return None
    return (item.points * share).quantize(CENT, ROUND_HALF_UP)


def total(scores: Sequence[tuple[int, Decimal | None]]) -> Decimal | None:
    """Points reached of a hundred, over the items that were scored; pairs of an item's points and its score."""
    scored = [(points, given) for points, given in scores if given is not None]
    if not scored:
        return None
    reached, possible = sum(given for _, given in scored), sum(points for points, _ in scored)
    return (Decimal(WHOLE) * reached / possible).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Movement:
    """How two sets of facts differ: who came and went, and how the ones in both did, as mean worth then and now."""

    entered: int
    left: int
    stayed: int
    before: Decimal | None
    after: Decimal | None


def movement(then: Sequence[Fact], now: Sequence[Fact]) -> Movement:
    old, new = ({fact.id: fact.worth for fact in facts if fact.exempt is None} for facts in (then, now))
    both = old.keys() & new.keys()
    means = [
        (Decimal(sum(worth[key] for key in both)) / len(both)).quantize(CENT, ROUND_HALF_UP) if both else None
        for worth in (old, new)
    ]
    return Movement(len(new.keys() - old.keys()), len(old.keys() - new.keys()), len(both), means[0], means[1])


HALF = 50


class Way(StrEnum):
    """How an office declares a risk with its remedy (风险申报): 申请延期、填报问题和措施、提出需协调问题."""

    EXTENSION = "extension"
    FILED = "filed"
    PROBLEM = "problem"


_TOLD = {
    Way.EXTENSION: ("申请过延期", "more time was asked for"),
    Way.FILED: ("填报过问题和应对措施", "problems were reported with what is done about them"),
    Way.PROBLEM: ("提出过需协调问题", "it was raised as a problem"),
}


@dataclass(frozen=True)
class Declaration:
    way: Way
    on: date


def declared(declarations: Sequence[Declaration], deadline: date | None) -> Declaration | None:
    """The first one that was made until the deadline's end; None when the risk was found instead."""
    early = [each for each in declarations if deadline is not None and each.on <= deadline]
    return min(early, key=lambda each: (each.on, each.way), default=None)


def line_fact(
    line_id: str, title: str, light: str, deadline: date | None, declarations: Sequence[Declaration] = ()
) -> Fact:
    """A line by its light; one that is overdue costs half when its office had declared the risk before it was."""
    href = f"/lines/{line_id}"
    if light != "red":
        return Fact(line_id, title, href, WHOLE, "未逾期", "Not overdue")
    told = declared(declarations, deadline)
    if told is None:
        return Fact(line_id, title, href, 0, "已逾期，事前未申报风险", "Overdue; the risk was not declared beforehand")
    how, how_en = _TOLD[told.way]
    return Fact(
        line_id, title, href, HALF, f"已逾期，{told.on} 事前{how}", f"Overdue; beforehand, on {told.on}, {how_en}"
    )


def milestone_fact(milestone_id: str, line_id: str, title: str, due: date, done_on: date | None) -> Fact:
    """A milestone whose day has come: reached in time, late, or not yet."""
    if done_on is None:
        worth, note = 0, (f"应于 {due} 完成，尚未完成", f"Due on {due}, not reached yet")
    elif done_on <= due:
        worth, note = WHOLE, (f"{done_on} 按期完成", f"Reached in time, on {done_on}")
    else:
        worth, note = HALF, (f"应于 {due} 完成，实际 {done_on} 完成", f"Due on {due}, reached on {done_on}")
    return Fact(milestone_id, title, f"/lines/{line_id}", worth, *note)


def filing_fact(filing_id: str, title: str, due: date, received_on: date | None, on_time: bool) -> Fact:
    """What a line owed for a period whose time is over: filed in time, late, or not at all."""
    href = f"/filings/{filing_id}"
    if received_on is None:
        return Fact(filing_id, title, href, 0, f"应于 {due} 报送，未报送", f"Due on {due}, not filed")
    if on_time:
        return Fact(filing_id, title, href, WHOLE, f"{received_on} 按时报送", f"Filed in time, on {received_on}")
    return Fact(
        filing_id, title, href, HALF, f"应于 {due} 报送，{received_on} 补报", f"Due on {due}, filed {received_on}"
    )


def order_fact(order_id: str, title: str, deadline: date, answered_on: date | None) -> Fact:
    """An order whose deadline is over, or that was answered: applied for conclusion in time, late, or not."""
    href = f"/orders/{order_id}"
    if answered_on is None:
        return Fact(order_id, title, href, 0, f"应于 {deadline} 办结，尚未申请办结", f"Due on {deadline}, not done")
    if answered_on <= deadline:
        return Fact(order_id, title, href, WHOLE, f"{answered_on} 按期申请办结", f"Done in time, on {answered_on}")
    note = f"应于 {deadline} 办结，{answered_on} 申请办结", f"Due on {deadline}, done on {answered_on}"
    return Fact(order_id, title, href, HALF, *note)


def indicator_fact(code: str, title: str, measure: str, value: Decimal | None, target: Decimal, reached: bool) -> Fact:
    """A target of the year against the value so far."""
    wanted, given = f"{plain(target)}{measure}", None if value is None else f"{plain(value)}{measure}"
    note = f"目标 {wanted}，{f'实际 {given}' if given else '尚无数值'}"
    note_en = f"Target {wanted}, {f'value {given}' if given else 'no value yet'}"
    return Fact(code, title, f"/indicators/{code}", WHOLE if reached else 0, note, note_en)


def case_fact(case_id: str, title: str, approved_on: date) -> Fact:
    return Fact(case_id, title, f"/cases/{case_id}", WHOLE, f"{approved_on} 认定", f"Approved on {approved_on}")
