"""Decisions (议定事项): what each becomes, and what became of it. The lead office reads its own."""

import json
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response

from chassis import pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.schemas import Day
from chassis.tenancy import Db, Session
from progress.access import DECIDE, READ
from progress.lines import changing
from progress.lines import store as lines
from progress.meetings import changing as telling
from progress.meetings import rules, store
from progress.meetings.rules import Action, Standing, Status
from progress.meetings.schemas import CompletionIn, DecisionOut, DecisionPage, NoteIn, OrderingIn, ProposalIn
from progress.orders import taking
from progress.orders.schemas import OrderIn

router = Router(tags=["meetings"])
Row = dict[str, Any]


def _for(action: Action) -> Any:
    """A dependency: the decision of the path, locked, with which the province may do this now."""

    async def guard(decision_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Row:
        decision = await store.get(db, decision_id, lock=True)
        if decision is None:
            raise NotFound
        check(decision["version"], if_match)
        rules.must_allow(action, caller.scope, Status(decision["status"]))
        return dict(decision)

    return Depends(guard)


@router.get("/decisions", response_model=DecisionPage, dependencies=[READ])
async def decisions(
    db: Db,
    caller: CallerDep,
    today: Today,
    meeting: Annotated[UUID | None, Query(description="A meeting's id")] = None,
    before: Annotated[Day | None, Query(description="Of meetings that were held before this day")] = None,
    standing: Annotated[Standing | None, Query(description="What became of them by today")] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The decisions that the caller may see, newest first: an office those that it leads."""
    given = {"meeting": meeting, "before": before, "standing": standing}
    filters = {name: value for name, value in given.items() if value is not None}
    return answer(await store.decisions(db, caller.scope, today, filters, limit=limit, cursor=cursor))


@router.get("/decisions/{decision_id}", response_model=DecisionOut, dependencies=[READ])
async def decision(decision_id: UUID, db: Db, caller: CallerDep, today: Today) -> Response:
    """One decision."""
    return await _shown(db, caller.scope, today, decision_id, 200)


@router.post("/decisions/{decision_id}/note", response_model=DecisionOut, status_code=201, dependencies=[DECIDE])
async def note(
    given: NoteIn, before: Annotated[Row, _for(Action.NOTE)], db: Db, caller: CallerDep, today: Today
) -> Response:
    """Writes the decision into the story of a line (记入事项)."""
    line = await lines.lock(db, given.line_id)
    if line is None or line.withdrawn:
        raise rules.UnknownLine("没有该推进事项，或已随任务撤回。")
    said = f"{before['meeting_title']}第{before['number']}项：{before['text']}"
    await changing.set_progress(db, line, "decision_noted", line.state, line.percent, today, reason=said)
    await store.note(db, before["id"], line.id)
    return await settled(db, caller.scope, today, before["id"], "noted", before)


@router.post("/decisions/{decision_id}/order", response_model=DecisionOut, status_code=201, dependencies=[DECIDE])
async def make_order(
    given: OrderingIn, before: Annotated[Row, _for(Action.ORDER)], db: Db, caller: CallerDep, today: Today
) -> Response:
    """Registers a supervision order for the decision (转督办单), which then goes with the order to its end."""
    from_meeting = {"source": "meeting", "basis": f"{before['meeting_title']}第{before['number']}项"}
    order = OrderIn.model_validate(given.model_dump(mode="json") | from_meeting)
    order_id = await taking.register(db, order, today, caller.name)
    await store.order(db, before["id"], order_id)
    return await settled(db, caller.scope, today, before["id"], "ordered", before)


@router.post("/decisions/{decision_id}/proposal", response_model=DecisionOut, status_code=201, dependencies=[DECIDE])
async def propose(
    given: ProposalIn, before: Annotated[Row, _for(Action.PROPOSE)], db: Db, caller: CallerDep, today: Today
) -> Response:
    """Proposes a task for the catalog (建议列入目录); it opens lines once an edition has it."""
    if not await store.has_plan(db, given.plan):
        raise rules.UnknownPlan("没有该计划。")
    await store.propose(db, before["id"], given.plan, given.title)
    return await settled(db, caller.scope, today, before["id"], "proposed", before)


@router.post("/decisions/{decision_id}/completion", response_model=DecisionOut, status_code=201, dependencies=[DECIDE])
async def complete(
    given: CompletionIn, before: Annotated[Row, _for(Action.COMPLETE)], db: Db, caller: CallerDep, today: Today
) -> Response:
    """Notes what came of the decision (办结)."""
    await store.complete(db, before["id"], given.outcome, caller.name)
    return await settled(db, caller.scope, today, before["id"], "completed", before)


async def settled(db: Session, scope: str, today: date, decision_id: UUID, what: str, before: Row | None) -> Response:
    """What follows from a change of a decision: audit, event, the answer."""
    await telling.tell(db, decision_id, what, before)
    return await _shown(db, scope, today, decision_id, 201)


async def _shown(db: Session, scope: str, today: date, decision_id: UUID, status: int) -> Response:
    body = await store.shown(db, scope, today, decision_id)
    if body is None:
        raise NotFound
    return answer(body, version=json.loads(body)["version"], status=status)
