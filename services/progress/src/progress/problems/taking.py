"""How steps of problems are taken: guarded, saved, noted as an entry, audited, told."""

from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response

from chassis import audit
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import Invalid, NotFound
from chassis.routing import IfMatch, answer, check
from chassis.tenancy import Db, Session
from progress import entries, offices
from progress.access import actor
from progress.attachments import store as attachments
from progress.attachments.rules import Kind
from progress.lines import store as lines
from progress.lines.rules import Actor, NotNow
from progress.problems import events, rules, store
from progress.problems.rules import Action, Problem
from progress.problems.schemas import ProblemIn


@dataclass(frozen=True)
class Step:
    """A step that the caller may take with a problem now."""

    db: Session
    actor: Actor
    problem: Problem
    action: Action
    today: date

    async def take(self, text: str, *, day: date | None = None) -> Response:
        before, what = self.problem, rules.HAPPENED[self.action]
        after = rules.take(before, rules.capacity(self.actor, before), self.action, self.today, text, day)
        await store.save(self.db, after)
        if self.action is Action.SETTLE:
            await attachments.freeze(self.db, Kind.PROBLEM, after.id, 1)
        await note(self.db, what, before, after, text, day)
        body = await store.shown(self.db, self.actor, self.today, after.id)
        return answer(body, version=after.version, status=201)


def on(action: Action) -> Callable[..., Coroutine[Any, Any, Step]]:
    """A dependency: the step on the problem of the path, which is locked.

    404 when the caller may not see it, 403 when it may never do this, 412 when the problem has moved on, 409 when it
    may not now.
    """

    async def guard(problem_id: UUID, db: Db, caller: CallerDep, today: Today, if_match: IfMatch) -> Step:
        acting, seen = actor(caller), await store.get(db, problem_id)
        if seen is None:
            raise NotFound
        rules.WORKFLOW.permit(rules.capacity(acting, seen), action)
        problem = await store.lock(db, problem_id)
        check((problem or seen).version, if_match)
        if problem is None:
            raise NotNow("该问题在目前状态下不能进行此操作。")
        return Step(db, acting, problem, action, today)

    return guard


async def raise_(db: Session, given: ProblemIn, acting: Actor, today: date, name: str) -> UUID:
    """Raises a problem in the name of the actor's office. Raises Invalid, or what is wrong with its day."""
    rules.must_be_coming(given.answer_due, today)
    if given.addressee == acting.office:
        raise Invalid("/body/addressee", "应为本单位以外的单位")
    if given.addressee != offices.PROVINCIAL and await offices.unknown(db, [given.addressee]):
        raise Invalid("/body/addressee", "没有这个单位，或其事务由片区承办")
    line = await lines.get(db, given.line_id) if given.line_id else None
    if given.line_id and line is None:
        raise Invalid("/body/line_id", "没有这个推进事项")
    jurisdiction = line.jurisdiction if line else offices.jurisdiction(acting.office)
    problem_id = await store.add(db, given.model_dump(), jurisdiction, acting.office, name)
    problem = await store.get(db, problem_id)
    assert problem is not None  # noqa: S101 - the transaction made it
    await note(db, "raised", None, problem, given.description, given.answer_due)
    return problem_id


async def note(
    db: Session, what: str, before: Problem | None, after: Problem, text: str, day: date | None = None
) -> None:
    """As an entry, in the chain of the acting zone, as an event; also what the clock says."""
    caller = db.caller
    tenant = caller.tenant if caller and caller.scope == "tenant" else after.jurisdiction
    await entries.add(db, "problem", after.id, what, {"text": text, "day": day})
    was = asdict(before) if before else None
    await audit.record(
        db, f"problem.{what}", "problem", after.id, was, asdict(after), tenant=tenant, reason=text or None
    )
    await events.tell(db, what, after.id)
