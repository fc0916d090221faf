"""Who may go on with a filing: dependencies that give it, held by the transaction."""

from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any
from uuid import UUID

from chassis.auth import Caller, CallerDep, Role
from chassis.clock import Today
from chassis.problems import Forbidden, NotFound
from chassis.routing import IfMatch, check
from chassis.tenancy import Db
from progress.access import actor
from progress.filings import rules, store
from progress.filings.rules import Action, Capacity, Filing, Hold
from progress.lines import store as lines
from progress.lines.rules import NotNow

Guard = Callable[..., Coroutine[Any, Any, Filing]]
BESIDE = frozenset({Action.CONTRIBUTE, Action.ANSWER})
"""What leaves the filing's own row alone, which those who do it may not change."""


def acting(caller: Caller, filing: Filing) -> Capacity:
    return rules.capacity(actor(caller), caller.has(Role.ADMIN), filing)


def sees_draft(caller: Caller, filing: Filing) -> bool:
    """What an office has not sent yet is its own."""
    return acting(caller, filing) in (Capacity.WRITER, Capacity.CHECKER) or filing.state not in rules.UNLOCKABLE


def may_go_on(action: Action, caller: Caller, seen: Filing, held: Filing | None, today: date) -> Filing:
    """What is held, if the caller may do this with it now. None is held of what the caller may not change now."""
    now = held or seen
    rules.authorize(action, acting(caller, now), now, today)
    if held is None:
        raise NotNow(rules.HELD[Hold.NONE])
    return held


def filing_for(action: Action) -> Guard:
    """A dependency: the filing of the path, locked, on which the caller may do this now.

    404 when the caller may not see it, 403 when it may never do this, 412 when the filing has moved on, 409 when it
    may not now, with the reason. To approve it the line is locked before it.
    """

    async def guard(filing_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch, today: Today) -> Filing:
        seen = await store.get(db, filing_id)
        if seen is None:
            raise NotFound
        if action not in rules.ever(acting(caller, seen)):
            raise Forbidden("您不能对该填报进行此操作。")
        if action is Action.APPROVE:
            await lines.lock(db, seen.line_id)
        if action in BESIDE:
            await store.hold(db, filing_id)
            held = await store.get(db, filing_id)
        else:
            held = (await store.lock(db, [filing_id])).get(filing_id)
        check((held or seen).version, if_match)
        return may_go_on(action, caller, seen, held, today)

    return guard
