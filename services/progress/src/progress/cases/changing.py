"""What every change of a case goes through: guard, new state, audit, event, answer."""

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from fastapi import Response

from chassis import audit
from chassis.auth import CallerDep
from chassis.problems import Forbidden, NotFound
from chassis.routing import IfMatch, answer, check
from chassis.tenancy import Db, Session
from progress.access import actor
from progress.cases import events, rules, store
from progress.cases.rules import LEADS_TO, Action, Case
from progress.lines.rules import Actor

Guard = Callable[..., Coroutine[Any, Any, Case]]
HAPPENED = {
    Action.SUBMIT: "submitted",
    Action.INVITE: "invited",
    Action.CONCLUDE: "concluded",
    Action.APPROVE: "approved",
    Action.RETURN: "returned",
    Action.REJECT: "rejected",
    Action.PUBLISH: "published",
    Action.WITHDRAW: "withdrawn",
    Action.RETRACT: "retracted",
}
TOLD_AS = {"withdrawn": "returned", "retracted": "rejected"}
"""What has no event type of its own; the state of the case says which it was."""


def case_for(action: Action) -> Guard:
    """A dependency: the case of the path, locked, on which the caller may do this now.

    404 when the caller may not see it, 403 when it may never do this, 412 when the case has moved on, 409 when it may
    not now.
    """

    async def guard(case_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Case:
        who = actor(caller)
        seen = await store.get(db, who, case_id)
        if seen is None:
            raise NotFound
        if action not in rules.ever(who, seen):
            raise Forbidden("您不能对该案例进行此操作。")
        case = await store.lock(db, who, case_id)
        if case is None:
            raise rules.NotNow("该案例在目前状态下不能进行此操作。")
        check(case.version, if_match)
        rules.authorize(action, who, case)
        return case

    return guard


async def move(
    db: Session, who: Actor, case: Case, action: Action, *, told: dict[str, Any] | None = None, **also: Any
) -> Response:
    """Brings the case to where the action leads; ``also`` are columns that change, ``told`` what its event has more."""
    before = await store.whole(db, case.id)
    await store.move(db, case.id, LEADS_TO[action], **also)
    what = HAPPENED[action]
    await note(db, case, what, before, reason=also.get("reason"))
    await events.tell(db, TOLD_AS.get(what, what), case.id, **(told or {}))
    return await shown(db, who, case.id)


async def note(db: Session, case: Case, what: str, before: dict[str, Any] | None, *, reason: str | None = None) -> None:
    after = await store.whole(db, case.id)
    await audit.record(db, f"case.{what}", "case", case.id, before, after, tenant=case.zone, reason=reason)


async def shown(db: Session, who: Actor, case_id: UUID, *, status: int = 201) -> Response:
    case, body = await store.get(db, who, case_id), await store.shown(db, who, case_id)
    if case is None or body is None:
        raise NotFound
    return answer(body, version=case.version, status=status)
