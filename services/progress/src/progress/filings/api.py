"""Filings (期次填报): written by the line's office, checked by its administrator, decided by the province."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response

from chassis import audit, pages
from chassis.auth import Caller, CallerDep, Role
from chassis.clock import Today
from chassis.problems import NotFound
from chassis.routing import Router, answer
from chassis.schemas import Filter
from chassis.tenancy import Db, Session
from progress.access import CHECK, DECIDE, READ, REVIEW, SCHEDULE, WRITE, actor
from progress.filings import bulk, filling, reading, steps, store
from progress.filings.guards import filing_for, sees_draft
from progress.filings.rules import Action, Filing, State
from progress.filings.schemas import (
    AnswerIn,
    ApprovalIn,
    BulkIn,
    BulkOut,
    DraftIn,
    FilingOut,
    FilingPage,
    PartIn,
    ReopeningIn,
    ReturnIn,
    StepIn,
)
from progress.filings.steps import Step
from progress.lines.rules import NotNow

router = Router(tags=["filings"])


def _for(action: Action) -> Any:
    return Depends(filing_for(action))


@router.get("/filings", response_model=FilingPage, dependencies=[READ])
async def filings(
    db: Db,
    caller: CallerDep,
    today: Today,
    period: Annotated[UUID | None, Query(description="A period's id")] = None,
    line: Annotated[UUID | None, Query(description="A line's id")] = None,
    jurisdiction: Annotated[Filter | None, Query(description="A zone's code, or `province`")] = None,
    plan: Annotated[Filter | None, Query(description="A plan's code")] = None,
    office: Annotated[Filter | None, Query(description="Who files: `zone:<code>` or `unit:<code>`")] = None,
    state: Annotated[State | None, Query()] = None,
    disagrees: Annotated[bool | None, Query(description="Confidence and reported percent disagree")] = None,
    queried: Annotated[bool | None, Query(description="Has queries without an answer")] = None,
    waiting: Annotated[bool | None, Query(description="Waits for the caller")] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The filings that the caller may see, by period, plan and task. An unknown code finds nothing."""
    given = dict(  # noqa: C408
        period=period,
        line=line,
        jurisdiction=jurisdiction,
        plan=plan,
        office=office,
        state=state,
        disagrees=disagrees,
        queried=queried,
        waiting=waiting,
    )
    filters = {name: value for name, value in given.items() if value is not None}
    found = await reading.page(db, actor(caller), caller.has(Role.ADMIN), today, filters, limit=limit, cursor=cursor)
    return answer(found)


@router.get("/filings/{filing_id}", response_model=FilingOut, dependencies=[READ])
async def filing(filing_id: UUID, db: Db, caller: CallerDep, today: Today) -> Response:
    """One filing with its parts, queries, versions and steps, and what approving it would change."""
    return await _shown(db, caller, today, filing_id)


@router.put("/filings/{filing_id}/draft", response_model=FilingOut, dependencies=[WRITE])
async def save(
    given: DraftIn, held: Annotated[Filing, _for(Action.FILL)], db: Db, caller: CallerDep, today: Today
) -> Response:
    """Saves a draft (草稿), as often as the writer likes; half a filing is a draft too."""
    await filling.fill(db, held, given, today)
    return await _shown(db, caller, today, held.id)


@router.put("/filings/{filing_id}/part", response_model=FilingOut, dependencies=[REVIEW])
async def contribute(
    given: PartIn, held: Annotated[Filing, _for(Action.CONTRIBUTE)], db: Db, caller: CallerDep, today: Today
) -> Response:
    """Gives or changes a member's part (配合单位填报), for the one report that the line's office sends."""
    await filling.contribute(db, held, given.text)
    return await _shown(db, caller, today, held.id)


@router.post("/filings/{filing_id}/queries/{query_id}/answer", response_model=FilingOut, dependencies=[WRITE])
async def reply(
    given: AnswerIn,
    held: Annotated[Filing, _for(Action.ANSWER)],
    query_id: UUID,
    db: Db,
    caller: CallerDep,
    today: Today,
) -> Response:
    """Answers what a check on entry asked. 409 when it is no open query any more."""
    before = await store.query(db, held.id, query_id)
    if before is None:
        raise NotFound
    if not await store.answer(db, query_id, given.answer, caller.name):
        raise NotNow("该问题已答复或已失效。")
    after = dict(before) | {"answer": given.answer}
    await audit.record(db, "filing.answered", "filing", held.id, dict(before), after, tenant=held.jurisdiction)
    return await _shown(db, caller, today, held.id)


@router.post("/filings/{filing_id}/submission", response_model=FilingOut, dependencies=[WRITE])
async def submit(
    held: Annotated[Filing, _for(Action.SUBMIT)], db: Db, caller: CallerDep, today: Today, given: StepIn | None = None
) -> Response:
    """Gives it to the office's administrator (提交审核); what is doubtful opens queries."""
    await steps.take(db, held, Step(Action.SUBMIT, today, remark=_remark(given)))
    return await _shown(db, caller, today, held.id)


@router.post("/filings/{filing_id}/withdrawal", response_model=FilingOut, dependencies=[WRITE])
async def withdraw(
    held: Annotated[Filing, _for(Action.WITHDRAW)], db: Db, caller: CallerDep, today: Today, given: StepIn | None = None
) -> Response:
    """Takes a submission back (撤回) before it is checked."""
    await steps.take(db, held, Step(Action.WITHDRAW, today, remark=_remark(given)))
    return await _shown(db, caller, today, held.id)


@router.post("/filings/{filing_id}/check", response_model=FilingOut, dependencies=[CHECK])
async def check(
    held: Annotated[Filing, _for(Action.CHECK)], db: Db, caller: CallerDep, today: Today, given: StepIn | None = None
) -> Response:
    """Sends it to the province (审核报送): from this day on it has come."""
    await steps.take(db, held, Step(Action.CHECK, today, remark=_remark(given)))
    return await _shown(db, caller, today, held.id)


@router.post("/filings/{filing_id}/sending-back", response_model=FilingOut, dependencies=[CHECK])
async def send_back(
    given: ReturnIn, held: Annotated[Filing, _for(Action.SEND_BACK)], db: Db, caller: CallerDep, today: Today
) -> Response:
    """Gives it back to the writer (退回修改), within the office."""
    await steps.take(db, held, Step(Action.SEND_BACK, today, remark=given.remark, remarks=_remarks(given)))
    return await _shown(db, caller, today, held.id)


@router.post("/filings/{filing_id}/check-undoing", response_model=FilingOut, dependencies=[CHECK])
async def uncheck(
    held: Annotated[Filing, _for(Action.UNCHECK)], db: Db, caller: CallerDep, today: Today, given: StepIn | None = None
) -> Response:
    """Takes it back from the province (取消报送) before it is accepted."""
    await steps.take(db, held, Step(Action.UNCHECK, today, remark=_remark(given)))
    return await _shown(db, caller, today, held.id)


@router.post("/filings/{filing_id}/acceptance", response_model=FilingOut, dependencies=[DECIDE])
async def accept(
    held: Annotated[Filing, _for(Action.ACCEPT)], db: Db, caller: CallerDep, today: Today, given: StepIn | None = None
) -> Response:
    """Accepts it (接收): from now on its office can change nothing."""
    await steps.take(db, held, Step(Action.ACCEPT, today, remark=_remark(given)))
    return await _shown(db, caller, today, held.id)


@router.post("/filings/{filing_id}/acceptance-undoing", response_model=FilingOut, dependencies=[DECIDE])
async def unaccept(
    held: Annotated[Filing, _for(Action.UNACCEPT)], db: Db, caller: CallerDep, today: Today, given: StepIn | None = None
) -> Response:
    """Takes the acceptance back (取消接收), so that its office may take it back in turn."""
    await steps.take(db, held, Step(Action.UNACCEPT, today, remark=_remark(given)))
    return await _shown(db, caller, today, held.id)


@router.post("/filings/{filing_id}/approval", response_model=FilingOut, dependencies=[DECIDE])
async def approve(
    given: ApprovalIn, held: Annotated[Filing, _for(Action.APPROVE)], db: Db, caller: CallerDep, today: Today
) -> Response:
    """Freezes it as a version (审定) that the line follows. 409 while a query has no answer."""
    await steps.take(db, held, Step(Action.APPROVE, today, remark=given.remark, confidence=given.confidence))
    return await _shown(db, caller, today, held.id)


@router.post("/filings/{filing_id}/return", response_model=FilingOut, dependencies=[DECIDE])
async def give_back(
    given: ReturnIn, held: Annotated[Filing, _for(Action.RETURN)], db: Db, caller: CallerDep, today: Today
) -> Response:
    """Returns it with remarks on single fields (退回)."""
    await steps.take(db, held, Step(Action.RETURN, today, remark=given.remark, remarks=_remarks(given)))
    return await _shown(db, caller, today, held.id)


@router.post("/filings/{filing_id}/reopening", response_model=FilingOut, dependencies=[DECIDE])
async def reopen(
    given: ReopeningIn, held: Annotated[Filing, _for(Action.REOPEN)], db: Db, caller: CallerDep, today: Today
) -> Response:
    """Opens one line's filing again (重新开放): after the lock, or to correct what is approved and stands till then."""
    await steps.take(db, held, Step(Action.REOPEN, today, remark=given.reason, until=given.until))
    return await _shown(db, caller, today, held.id)


@router.post("/filing-steps", response_model=BulkOut, dependencies=[SCHEDULE])
async def take_steps(given: BulkIn, db: Db, caller: CallerDep, today: Today) -> Response:
    """Takes one step with many filings (批量办理), each with its own result: what cannot be done stops no other."""
    return answer(BulkOut(results=await bulk.take(db, caller, given, today)))


def _remark(given: StepIn | None) -> str:
    return given.remark if given else ""


def _remarks(given: ReturnIn) -> list[dict[str, str]]:
    return [each.model_dump(mode="json") for each in given.remarks]


async def _shown(db: Session, caller: Caller, today: date, filing_id: UUID) -> Response:
    shown = await reading.shown(db, actor(caller), caller.has(Role.ADMIN), today, filing_id)
    stored = await store.get(db, filing_id)
    if shown is None or stored is None:
        raise NotFound
    shown["differences"] = await steps.differences(db, stored) if sees_draft(caller, stored) else []
    return answer(FilingOut.model_validate(shown), version=stored.version)
