"""Problems (需协调问题): raised by offices, answered by those asked, taken to the leading group by the province."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response

from chassis import pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import NotFound
from chassis.routing import Router, answer
from chassis.schemas import Filter
from chassis.tenancy import Db
from progress import entries
from progress.access import DECIDE, READ, SCHEDULE, WRITE, actor
from progress.entries import EntryPage
from progress.orders.schemas import Said
from progress.problems import store, taking
from progress.problems.rules import Action
from progress.problems.schemas import FollowUp, ProblemIn, ProblemPage, RaisedProblem
from progress.problems.taking import Step, on

router = Router(tags=["problems"])
_TAKEN: dict[str, Any] = {"response_model": RaisedProblem, "status_code": 201}


@router.get("/problems", response_model=ProblemPage, dependencies=[READ])
async def problems(
    db: Db,
    caller: CallerDep,
    today: Today,
    state: Annotated[Filter | None, Query(description="One of the states")] = None,
    office: Annotated[Filter | None, Query(description="Who raised it or is asked: `zone:hefei`, `unit:swt`")] = None,
    line: Annotated[UUID | None, Query(description="A line's id")] = None,
    open: Annotated[bool | None, Query(description="Neither settled nor withdrawn")] = None,
    overdue: Annotated[bool | None, Query(description="Not answered by its day")] = None,
    long_overdue: Annotated[bool | None, Query(description="For so long that the province is to escalate it")] = None,
    waiting: Annotated[bool | None, Query(description="It is the caller's turn")] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The problems that the caller may see, newest first: its own, those it is asked about, those of its lines."""
    given = {"state": state, "party": office, "line": line, "open": open, "overdue": overdue, "waiting": waiting}
    given["long_overdue"] = long_overdue
    filters = {name: value for name, value in given.items() if value is not None}
    return answer(await store.page(db, actor(caller), today, filters, limit=limit, cursor=cursor))


@router.post("/problems", dependencies=[WRITE], **_TAKEN)
async def raise_(given: ProblemIn, db: Db, caller: CallerDep, today: Today) -> Response:
    """Asks a unit, a zone or the province for help, on a line or alone."""
    problem_id = await taking.raise_(db, given, actor(caller), today, caller.name)
    return answer(await store.shown(db, actor(caller), today, problem_id), version=1, status=201)


@router.get("/problems/{problem_id}", response_model=RaisedProblem, dependencies=[READ])
async def problem(problem_id: UUID, db: Db, caller: CallerDep, today: Today) -> Response:
    """One problem."""
    body = await store.shown(db, actor(caller), today, problem_id)
    if body is None:
        raise NotFound
    return answer(body, version=json.loads(body)["version"])


@router.get("/problems/{problem_id}/entries", response_model=EntryPage, dependencies=[READ])
async def story(
    problem_id: UUID, db: Db, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None
) -> Response:
    """Every step that was taken with the problem, from the beginning."""
    if await store.get(db, problem_id) is None:
        raise NotFound
    return answer(await entries.page(db, "problem", problem_id, limit=limit, cursor=cursor))


@router.post("/problems/{problem_id}/answers", dependencies=[SCHEDULE], **_TAKEN)
async def reply(given: Said, step: Annotated[Step, Depends(on(Action.ANSWER))]) -> Response:
    """Answers (答复), or adds to the answer, by those who are asked."""
    return await step.take(given.text)


@router.post("/problems/{problem_id}/follow-ups", dependencies=[WRITE], **_TAKEN)
async def follow_up(given: FollowUp, step: Annotated[Step, Depends(on(Action.FOLLOW_UP))]) -> Response:
    """Asks again (追问) when the answer does not help, with a new day for it."""
    return await step.take(given.text, day=given.answer_due)


@router.post("/problems/{problem_id}/escalation", dependencies=[DECIDE], **_TAKEN)
async def escalate(given: Said, step: Annotated[Step, Depends(on(Action.ESCALATE))]) -> Response:
    """Takes it to the leading group (提请领导小组协调)."""
    return await step.take(given.text)


@router.post("/problems/{problem_id}/settlement", dependencies=[SCHEDULE], **_TAKEN)
async def settle(given: Said, step: Annotated[Step, Depends(on(Action.SETTLE))]) -> Response:
    """Notes the outcome (解决): by those who raised it, or what the leading group decided by the province."""
    return await step.take(given.text)


@router.post("/problems/{problem_id}/withdrawal", dependencies=[WRITE], **_TAKEN)
async def withdraw(given: Said, step: Annotated[Step, Depends(on(Action.WITHDRAW))]) -> Response:
    """Withdraws it (撤回), with a reason."""
    return await step.take(given.text)
