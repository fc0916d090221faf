"""What every change of a line's progress goes through: guard, new state, light, history, audit, event."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
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

Fields = dict[str, Any]
Changed = tuple[Fields, Fields]
"""Fields before and after."""
Guard = Callable[..., Coroutine[Any, Any, Line]]


def line_for(action: Action) -> Guard:
    """A dependency: the line of the path, locked, on which the caller may do this now.

    404 when the caller may not see it, 403 when it may never do this, 412 when the line has moved on, 409 when it may
    not now.
    """

    async def guard(line_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Line:
        line = await store.lock(db, line_id)
        seen = line or await store.get(db, line_id)
        if seen is None:
            raise NotFound
        if action not in rules.ever(actor(caller), seen):
            raise Forbidden("您不能对该事项进行此操作。")
        if line is None:
            raise rules.NotNow("该事项在目前状态下不能进行此操作。")
        check(line.version, if_match)
        rules.authorize(action, actor(caller), line)
        return line

    return guard


@dataclass(frozen=True)
class Progress:
    """What a line has come to, by which report, and what else has changed of it."""

    line: Line
    state: State
    percent: int
    report_id: UUID | None = None
    beside: Changed = ({}, {})


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
    progress = Progress(line, state, percent, report_id, beside)
    told = await set_all(db, [progress], what, today, event=event, reason=reason, office=office)
    return int(told[line.id]["version"])


async def set_all(
    db: Session,
    progress: Sequence[Progress],
    what: str,
    today: date,
    *,
    event: str = "progressed",
    reason: str | None = None,
    office: str | None = None,
) -> dict[UUID, Fields]:
    """``set_progress`` of many lines by the same cause; the lines as they are told."""
    changed = [(each, *_change(each, what, today)) for each in progress]
    await store.set_progress(db, [stored for _, stored, _, _ in changed], today)
    happened = [(each.line.id, history.changes(before, after), each.report_id) for each, _, before, after in changed]
    await history.add_all(db, what, happened, office=office, reason=reason)
    for each, _, before, after in changed:
        tenant = each.line.jurisdiction
        await audit.record(db, f"line.{what}", "line", each.line.id, before, after, tenant=tenant, reason=reason)
    return await events.tell_all(db, event, [each.line.id for each in progress], reason)


def _change(progress: Progress, what: str, today: date) -> tuple[Fields, Fields, Fields]:
    """What is stored of a line, and its fields before and after."""
    line, state, percent = progress.line, progress.state, progress.percent
    light = line.light_with(state, percent, today)
    moved_on = line.moved_on if what in rules.STILL else today
    alarm = today if what == "stalled" else line.stalled_on
    stalled_on = alarm if line.stands_still(state, moved_on, today) else None
    before = {"state": line.state, "percent": line.percent, "light": line.light} | progress.beside[0]
    after = {"state": state, "percent": percent, "light": light} | progress.beside[1]
    if line.stalled_on != stalled_on:
        before, after = before | {"stalled_on": line.stalled_on}, after | {"stalled_on": stalled_on}
    stored = {"id": line.id, "state": state, "percent": percent, "light": light}
    return stored | {"moved_on": moved_on, "stalled_on": stalled_on}, before, after
