"""What every change of a line's progress goes through: guard, new state, light, history, audit, event."""

from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any
from uuid import UUID

from chassis import audit
from chassis.auth import CallerDep
from chassis.problems import Forbidden, NotFound
from chassis.routing import IfMatch, check
from chassis.tenancy import Db, Session
from progress.access import actor
from progress.lines import events, history, rules, store
from progress.lines.rules import Action, Line, State

Changed = tuple[dict[str, Any], dict[str, Any]]
"""Fields before and after."""
Guard = Callable[..., Coroutine[Any, Any, Line]]


def line_for(action: Action) -> Guard:
    """A dependency: the line of the path, locked, on which the caller may do this now.

    404 when the caller may not see it, 403 when it may never do this, 412 when the line has moved on, 409 when it may
    not now.
    """

    async def guard(line_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Line:
        seen = await store.get(db, line_id)
        if seen is None:
            raise NotFound
        if action not in rules.ever(actor(caller), seen):
            raise Forbidden("您不能对该事项进行此操作。")
        line = await store.lock(db, line_id)
        if line is None:
            raise rules.NotNow("该事项在目前状态下不能进行此操作。")
        check(line.version, if_match)
        rules.authorize(action, actor(caller), line)
        return line

    return guard


async def set_progress(
    db: Session,
    line: Line,
    what: str,
    state: State,
    percent: int,
    today: date,
    *,
    event: str = "progressed",
    reason: str | None = None,
    report_id: UUID | None = None,
    office: str | None = None,
    beside: Changed = ({}, {}),
) -> int:
    """Sets state and percent with the light that follows from them; the line's new version.

    ``what`` names the entry in the line's history, ``event`` the event; ``beside`` is what else has changed.
    """
    light = line.light_with(state, percent, today)
    moved_on = line.moved_on if what in rules.STILL else today
    alarm = today if what == "stalled" else line.stalled_on
    stalled_on = alarm if line.stands_still(state, moved_on, today) else None
    before = {"state": line.state, "percent": line.percent, "light": line.light} | beside[0]
    after = {"state": state, "percent": percent, "light": light} | beside[1]
    if line.stalled_on != stalled_on:
        before, after = before | {"stalled_on": line.stalled_on}, after | {"stalled_on": stalled_on}
    version = await store.set_progress(db, line, state, percent, light, today, moved_on, stalled_on)
    changed = history.changes(before, after)
    await history.add(db, line.id, what, changed, office=office, reason=reason, report_id=report_id)
    await audit.record(db, f"line.{what}", "line", line.id, before, after, tenant=line.jurisdiction, reason=reason)
    await events.tell(db, event, line.id, reason)
    return version
