"""What an indicator is, for which periods it has values, what is wrong with one, and who may do what. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from chassis.problems import DomainError
from progress.indicators import formulas
from progress.indicators.formulas import BadFormula, Tree
from progress.lines.rules import PROVINCE, Actor, NotPermitted

MOST = 500
FIRST_YEAR, YEARS_AHEAD = 2000, 20


class Kind(StrEnum):
    """流量、存量: a flow is summed over a year, of a stock the last value counts."""

    FLOW = "flow"
    STOCK = "stock"


class Aggregation(StrEnum):
    """How the province's value follows from the zones': 求和、平均、不可加总."""

    SUM = "sum"
    AVERAGE = "average"
    NONE = "none"


class Direction(StrEnum):
    """Whether more or less is better."""

    UP = "up"
    DOWN = "down"


class Period(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Effect(StrEnum):
    """What a check does: 提醒 wants an explanation, 拒绝 takes no value."""

    WARN = "warn"
    REFUSE = "refuse"


class Status(StrEnum):
    """待省自贸办确认、启用、停用."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    EDIT = "edit"
    TARGET = "target"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"
    RECORD = "record"


class NotMeasured(DomainError):
    """Nobody records such a value."""

    status = 422
    slug = "not-recorded"
    pointer = "/body/jurisdiction"


class WrongPeriod(DomainError):
    status = 422
    slug = "wrong-period"
    pointer = "/body/period"


class Refused(DomainError):
    """The value fails a check of the definition."""

    status = 422
    slug = "value-refused"
    pointer = "/body/value"


class Unexplained(DomainError):
    """The value is unusual, and nobody says why."""

    status = 422
    slug = "explanation-needed"
    pointer = "/body/explanation"


class Bounds(DomainError):
    status = 422
    slug = "bounds-crossed"
    pointer = "/body/checks"


class UnknownUnit(DomainError):
    status = 422
    slug = "unknown-unit"
    pointer = "/body/unit"


class UnknownPlace(DomainError):
    status = 422
    slug = "unknown-jurisdiction"
    pointer = "/body/targets"


class Used(DomainError):
    """Other indicators are made of it, or it has values."""

    slug = "indicator-in-use"


class NotNow(DomainError):
    slug = "not-in-this-state"


@dataclass(frozen=True)
class Checks:
    """Written in the definition: what a value is held against. ``jump`` is in percent of the value before."""

    negative: Effect | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    outside: Effect = Effect.WARN
    jump: Decimal | None = None
    jumping: Effect = Effect.WARN


@dataclass(frozen=True)
class Indicator:
    """A definition; ``unit`` is the responsible unit, ``formula`` makes it a derived one."""

    code: str
    measure: str
    kind: Kind
    aggregation: Aggregation
    direction: Direction
    period: Period
    unit: str | None
    formula: str | None
    checks: Checks
    status: Status
    version: int

    @property
    def tree(self) -> Tree | None:
        return formulas.parse(self.formula) if self.formula else None


@dataclass(frozen=True)
class Slot:
    """A month, quarter or year; ``end`` is its last day."""

    label: str
    start: date
    end: date

    @property
    def year_before(self) -> date:
        return self.start.replace(year=self.start.year - 1)


_LABELS: Mapping[Period, re.Pattern[str]] = {
    Period.MONTH: re.compile(r"(?P<year>20[0-9]{2})-(?P<part>0[1-9]|1[0-2])"),
    Period.QUARTER: re.compile(r"(?P<year>20[0-9]{2})-Q(?P<part>[1-4])"),
    Period.YEAR: re.compile(r"(?P<year>20[0-9]{2})(?P<part>)"),
}
_MONTHS: Mapping[Period, int] = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
A_YEAR: Mapping[Period, int] = {period: 12 // months for period, months in _MONTHS.items()}
"""How many periods a year has."""
_EXAMPLES: Mapping[Period, str] = {Period.MONTH: "2026-03", Period.QUARTER: "2026-Q1", Period.YEAR: "2026"}


def slot(period: Period, label: str) -> Slot:
    """Raises WrongPeriod for what is none of the indicator's periods."""
    found = _LABELS[period].fullmatch(label)
    if found is None:
        raise WrongPeriod(f"报告期应写成 {_EXAMPLES[period]} 的形式。")
    return slot_at(period, date(int(found["year"]), 1 + (int(found["part"] or 1) - 1) * _MONTHS[period], 1))


def slot_at(period: Period, start: date) -> Slot:
    """The one that begins on this first of a month."""
    months = _MONTHS[period]
    label = {
        Period.MONTH: f"{start:%Y-%m}",
        Period.QUARTER: f"{start.year}-Q{(start.month + 2) // 3}",
        Period.YEAR: f"{start.year}",
    }[period]
    following = start.year * 12 + start.month - 1 + months
    return Slot(label, start, date(following // 12, following % 12 + 1, 1) - timedelta(1))


def slot_of(period: Period, day: date) -> Slot:
    """The one that a day is in."""
    months = _MONTHS[period]
    return slot_at(period, date(day.year, (day.month - 1) // months * months + 1, 1))


def before(period: Period, start: date) -> date:
    """Where the period before begins."""
    earlier = start.year * 12 + start.month - 1 - _MONTHS[period]
    return date(earlier // 12, earlier % 12 + 1, 1)


def must_have_begun(given: Slot, today: date) -> None:
    if given.start > today:
        raise WrongPeriod("报告期尚未开始。")


def must_fit(given: Indicator, others: Sequence[Indicator]) -> None:
    """Raises BadFormula or Bounds unless the definition goes with the others, itself among them or not.

    A formula names indicators that are not withdrawn, of the same period, in units of measure that go together, and
    never itself by whatever way; and those that are made of this one still fit it.
    """
    low, high = given.checks.minimum, given.checks.maximum
    if low is not None and high is not None and low > high:
        raise Bounds("下限不能大于上限。")
    known = {each.code: each for each in (*others, given) if each.status is not Status.WITHDRAWN}
    trees = {code: tree for code, each in known.items() if (tree := each.tree)}
    for code, tree in trees.items():
        if code == given.code or given.code in formulas.codes(tree):
            _must_derive(known[code], tree, known)
    formulas.must_not_turn(trees)


def _must_derive(given: Indicator, tree: Tree, known: Mapping[str, Indicator]) -> None:
    parts = formulas.codes(tree)
    if not parts:
        raise BadFormula("公式至少引用一个指标。")
    unknown = sorted(parts - known.keys())
    if unknown:
        raise BadFormula(f"没有代码为 {'、'.join(unknown)} 的指标。")
    others = sorted(code for code in parts if known[code].period is not given.period)
    if others:
        raise BadFormula(f"与 {given.code} 的报告期不同：{'、'.join(others)}。")
    formulas.must_measure(tree, given.measure, lambda code: known[code].measure)
    formulas.must_divide(tree)


def must_be_unused(code: str, others: Sequence[Indicator]) -> None:
    """Raises Used when a formula is made of it."""
    users = [
        each.code
        for each in others
        if each.status is not Status.WITHDRAWN and (tree := each.tree) and code in formulas.codes(tree)
    ]
    if users:
        raise Used(f"以下指标的公式引用了它：{'、'.join(sorted(users))}。")


def warnings(checks: Checks, value: Decimal, previous: Decimal | None) -> list[str]:
    """What is unusual about a value beside the one of the period before. Raises Refused."""
    found: list[str] = []
    for effect, reason in _findings(checks, value, previous):
        if effect is Effect.REFUSE:
            raise Refused(reason)
        found.append(reason)
    return found


def _findings(checks: Checks, value: Decimal, previous: Decimal | None) -> list[tuple[Effect, str]]:
    found: list[tuple[Effect, str]] = []
    if checks.negative and value < 0:
        found.append((checks.negative, "数值为负。"))
    if checks.minimum is not None and value < checks.minimum:
        found.append((checks.outside, f"低于下限 {plain(checks.minimum)}。"))
    if checks.maximum is not None and value > checks.maximum:
        found.append((checks.outside, f"高于上限 {plain(checks.maximum)}。"))
    if checks.jump is not None and previous:
        percent = abs(value - previous) / abs(previous) * 100
        if percent > checks.jump:
            found.append(
                (checks.jumping, f"与上期 {plain(previous)} 相比变动 {percent:.1f}%，超过 {plain(checks.jump)}%。")
            )
    return found


def must_explain(found: Sequence[str], explanation: str) -> None:
    if found and not explanation:
        raise Unexplained("".join(found) + "请核对；确属实际情况的，请填写说明。")


def plain(value: Decimal) -> str:
    """A decimal without exponent and without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def records(indicator: Indicator, jurisdiction: str) -> bool:
    """Whether values are recorded there: of derived ones nowhere, for the province of what is not added up."""
    if indicator.formula:
        return False
    return jurisdiction != PROVINCE or indicator.aggregation is Aggregation.NONE


def may_record(actor: Actor, indicator: Indicator, jurisdiction: str) -> bool:
    """A zone its own values; the responsible unit those of all zones and of the province; the province its own."""
    if actor.scope == "unit":
        return indicator.unit is not None and actor.unit == indicator.unit
    if actor.scope == "tenant":
        return jurisdiction == actor.tenant
    return actor.scope == "all" and jurisdiction == PROVINCE


def authorize(actor: Actor, indicator: Indicator, jurisdiction: str) -> None:
    """Raises NotPermitted, NotNow or NotMeasured unless the actor may record there now."""
    if not may_record(actor, indicator, jurisdiction):
        raise NotPermitted("您不能填报该辖区的指标值。")
    if indicator.status is not Status.CONFIRMED:
        raise NotNow("该指标未启用，不能填报。")
    if not records(indicator, jurisdiction):
        raise NotMeasured("该指标由公式计算。" if indicator.formula else "全省数由各片区汇总得出，不单独填报。")


def recordable(actor: Actor, indicator: Indicator, places: Iterable[str]) -> list[str]:
    """Where of open places the actor may record now."""
    if indicator.status is not Status.CONFIRMED:
        return []
    return [place for place in places if may_record(actor, indicator, place) and records(indicator, place)]


DEFINING: Mapping[Status, tuple[Action, ...]] = {
    Status.DRAFT: (Action.EDIT, Action.TARGET, Action.CONFIRM, Action.WITHDRAW),
    Status.CONFIRMED: (Action.EDIT, Action.TARGET, Action.WITHDRAW),
    Status.WITHDRAWN: (Action.CONFIRM,),
}


def actions(actor: Actor, indicator: Indicator, places: Iterable[str]) -> list[Action]:
    """What the actor may do with it now."""
    defining = list(DEFINING[indicator.status]) if actor.scope == "all" else []
    return defining + ([Action.RECORD] if recordable(actor, indicator, places) else [])


def must_allow(action: Action, indicator: Indicator) -> None:
    """Raises NotNow when a definition does not go this way."""
    if action not in DEFINING[indicator.status]:
        raise NotNow("该指标在目前状态下不能进行此操作。")
