"""The things that have attachments: who may change theirs, and when, by each kind's own table of steps."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from chassis.auth import Caller
from chassis.problems import Forbidden, NotFound
from chassis.tenancy import Session
from progress.access import actor
from progress.attachments.rules import Kind
from progress.cases import rules as case_rules
from progress.cases import store as cases
from progress.closing import store as closing
from progress.filings import guards
from progress.filings import rules as filing_rules
from progress.filings import store as filings
from progress.lines.rules import NotNow
from progress.orders import rules as order_rules
from progress.orders import store as orders
from progress.problems import rules as problem_rules
from progress.problems import store as problems

_FILING_STEPS = frozenset({filing_rules.Action.FILL, filing_rules.Action.CONTRIBUTE})
_ORDER_STEPS = frozenset(
    {
        order_rules.Action.ISSUE,
        order_rules.Action.REPLY,
        order_rules.Action.APPLY,
        order_rules.Action.VERIFY,
        order_rules.Action.CLOSE,
    }
)
_PROBLEM_STEPS = frozenset({problem_rules.Action.ANSWER, problem_rules.Action.FOLLOW_UP, problem_rules.Action.SETTLE})
"""The steps of which attachments are a part: who may take one now may add and remove."""


@dataclass(frozen=True)
class _Keeper:
    """How a kind's things are found and held, and whether the caller may change their attachments, ever and now."""

    get: Callable[[Session, Caller, UUID], Awaitable[Any]]
    lock: Callable[[Session, Caller, UUID], Awaitable[Any]]
    ever: Callable[[Caller, Any], bool]
    now: Callable[[Caller, Any, date], bool]


async def _lock_filing(db: Session, caller: Caller, thing_id: UUID) -> Any:
    """Members may hold a filing that they may not change."""
    await filings.hold(db, thing_id)
    return await filings.get(db, thing_id)


def _fills(caller: Caller, filing: filing_rules.Filing, today: date) -> bool:
    acting = guards.acting(caller, filing)
    return bool(_FILING_STEPS & set(filing_rules.actions(acting, filing.state, filing.hold(today))))


def _order_steps(caller: Caller, order: order_rules.Order) -> frozenset[order_rules.Action]:
    steps = order_rules.WORKFLOW.steps(order.state, order_rules.capacity(actor(caller), order))
    return _ORDER_STEPS & steps.keys()


def _problem_steps(caller: Caller, problem: problem_rules.Problem) -> frozenset[problem_rules.Action]:
    steps = problem_rules.WORKFLOW.steps(problem.state, problem_rules.capacity(actor(caller), problem))
    return _PROBLEM_STEPS & steps.keys()


def _edits(caller: Caller, case: case_rules.Case) -> bool:
    acting = case_rules.capacity(actor(caller), case)
    return case_rules.Action.EDIT in case_rules.actions(case.state, acting)


_KEEPERS: Mapping[Kind, _Keeper] = {
    Kind.FILING: _Keeper(
        get=lambda db, caller, thing_id: filings.get(db, thing_id),
        lock=_lock_filing,
        ever=lambda caller, filing: bool(_FILING_STEPS & filing_rules.ever(guards.acting(caller, filing))),
        now=_fills,
    ),
    Kind.ORDER: _Keeper(
        get=lambda db, caller, thing_id: orders.get(db, thing_id),
        lock=lambda db, caller, thing_id: orders.lock(db, thing_id),
        ever=lambda caller, order: bool(
            _ORDER_STEPS & order_rules.WORKFLOW.ever(order_rules.capacity(actor(caller), order))
        ),
        now=lambda caller, order, today: bool(_order_steps(caller, order)),
    ),
    Kind.PROBLEM: _Keeper(
        get=lambda db, caller, thing_id: problems.get(db, thing_id),
        lock=lambda db, caller, thing_id: problems.lock(db, thing_id),
        ever=lambda caller, problem: bool(
            _PROBLEM_STEPS & problem_rules.WORKFLOW.ever(problem_rules.capacity(actor(caller), problem))
        ),
        now=lambda caller, problem, today: bool(_problem_steps(caller, problem)),
    ),
    Kind.CASE: _Keeper(
        get=lambda db, caller, thing_id: cases.get(db, actor(caller), thing_id),
        lock=lambda db, caller, thing_id: cases.lock(db, actor(caller), thing_id),
        ever=lambda caller, case: case_rules.Action.EDIT in case_rules.ever(actor(caller), case),
        now=lambda caller, case, today: _edits(caller, case),
    ),
}


@dataclass(frozen=True)
class Thing:
    """A thing that the caller sees; ``ever`` and ``now``: whether it may change its attachments."""

    jurisdiction: str
    ever: bool
    now: bool

    def must_take(self) -> None:
        """Raises Forbidden or NotNow for a caller who may not change its attachments."""
        if not self.ever:
            raise Forbidden("您不能为其添加或移除附件。")
        if not self.now:
            raise NotNow("在目前状态下不能添加或移除附件。")


async def seen(db: Session, caller: Caller, kind: Kind, thing_id: UUID, today: date) -> Thing:
    """As it is now, which may change at once. Raises NotFound for one that the caller does not see."""
    keeper = _KEEPERS[kind]
    found = await keeper.get(db, caller, thing_id)
    if found is None:
        raise NotFound
    ever, jurisdiction = keeper.ever(caller, found), _jurisdiction(found)
    now = ever and keeper.now(caller, found, today) and jurisdiction not in await closing.closed(db)
    return Thing(jurisdiction, ever, now)


async def held(db: Session, caller: Caller, kind: Kind, thing_id: UUID, today: date) -> Thing:
    """Unchanged by others until the transaction ends, if the caller may change it now."""
    first = await seen(db, caller, kind, thing_id, today)
    if not first.ever:
        return first
    keeper = _KEEPERS[kind]
    found = await keeper.lock(db, caller, thing_id)
    return Thing(first.jurisdiction, ever=True, now=found is not None and keeper.now(caller, found, today))


def _jurisdiction(thing: Any) -> str:
    return str(thing.zone if isinstance(thing, case_rules.Case) else thing.jurisdiction)
