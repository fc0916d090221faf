"""Cases (创新案例): drafted and submitted by a zone; decided and published by the province; some read by everybody."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from chassis import audit, pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import Forbidden, Invalid, NotFound
from chassis.routing import Router, answer
from chassis.schemas import Filter
from chassis.tenancy import Db, PublicDb, Session
from progress.access import DECIDE, READ, SUBMIT, actor
from progress.attachments import serving
from progress.attachments import store as attachments
from progress.attachments.rules import Kind
from progress.cases import changing, rules, sheets, store
from progress.cases.changing import move
from progress.cases.rules import Action, Case, Level
from progress.cases.schemas import (
    Approval,
    CaseIn,
    CaseOut,
    CasePage,
    Publication,
    PublicCaseOut,
    PublicCasePage,
    Refusal,
    Submission,
)

router = Router(tags=["cases"])
Editable = Annotated[Case, Depends(changing.case_for(Action.EDIT))]
Submittable = Annotated[Case, Depends(changing.case_for(Action.SUBMIT))]
Approvable = Annotated[Case, Depends(changing.case_for(Action.APPROVE))]
Returnable = Annotated[Case, Depends(changing.case_for(Action.RETURN))]
Rejectable = Annotated[Case, Depends(changing.case_for(Action.REJECT))]
Withdrawable = Annotated[Case, Depends(changing.case_for(Action.WITHDRAW))]
Retractable = Annotated[Case, Depends(changing.case_for(Action.RETRACT))]
Publishable = Annotated[Case, Depends(changing.case_for(Action.PUBLISH))]


@router.get("/cases", response_model=CasePage, dependencies=[READ])
async def cases(
    db: Db,
    caller: CallerDep,
    zone: Annotated[Filter | None, Query(description="The code of the zone of origin")] = None,
    state: Annotated[Filter | None, Query(description="One of the states")] = None,
    level: Annotated[Filter | None, Query(description="One of the levels")] = None,
    q: Annotated[Filter | None, Query(description="Words that stand in the title or the practice")] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The cases that the caller may see, newest first: its own, those that it evaluates, and all published ones."""
    given = {"zone": zone, "state": state, "level": level, "q": q}
    filters = {name: value for name, value in given.items() if value is not None}
    return answer(await store.page(db, actor(caller), filters, limit=limit, cursor=cursor))


@router.post("/cases", response_model=CaseOut, status_code=201, dependencies=[SUBMIT])
async def draft(given: CaseIn, db: Db, caller: CallerDep) -> Response:
    """Drafts a case (草拟) of the caller's zone; nobody is told of it before it is submitted."""
    who = actor(caller)
    if who.scope != "tenant" or who.tenant is None:
        raise Forbidden
    await _must_know_tasks(db, given)
    case_id = await store.add(db, who.tenant, given.model_dump(), caller.name)
    after = await store.whole(db, case_id)
    await audit.record(db, "case.drafted", "case", case_id, None, after, tenant=who.tenant)
    return await changing.shown(db, who, case_id)


@router.get("/cases/{case_id}", response_model=CaseOut, dependencies=[READ])
async def case(case_id: UUID, db: Db, caller: CallerDep) -> Response:
    """One case."""
    return await changing.shown(db, actor(caller), case_id, status=200)


@router.put("/cases/{case_id}", response_model=CaseOut, dependencies=[SUBMIT])
async def edit(given: CaseIn, case: Editable, db: Db, caller: CallerDep) -> Response:
    """Writes a draft, or a case that was returned, anew."""
    await _must_know_tasks(db, given)
    before = await store.whole(db, case.id)
    await store.rewrite(db, case.id, given.model_dump())
    await changing.note(db, case, "edited", before)
    return await changing.shown(db, actor(caller), case.id, status=200)


@router.post("/cases/{case_id}/submission", response_model=CaseOut, status_code=201, dependencies=[SUBMIT])
async def submit(
    case: Submittable, db: Db, caller: CallerDep, today: Today, given: Submission | None = None
) -> Response:
    """Submits a case for evaluation (申报). 409 when it does not say what every case must."""
    rules.must_be_complete(case.texts)
    return await move(db, actor(caller), case, Action.SUBMIT, submitted_on=today, reason=None)


@router.post("/cases/{case_id}/approval", response_model=CaseOut, status_code=201, dependencies=[DECIDE])
async def approve(given: Approval, case: Approvable, db: Db, caller: CallerDep, today: Today) -> Response:
    """Approves an evaluated case (认定) at a level."""
    return await move(
        db, actor(caller), case, Action.APPROVE, level=given.level, remark=given.remark or None, approved_on=today
    )


@router.post("/cases/{case_id}/return", response_model=CaseOut, status_code=201, dependencies=[DECIDE])
async def give_back(given: Refusal, case: Returnable, db: Db, caller: CallerDep) -> Response:
    """Returns a case to its zone (退回) with a reason, to be improved and submitted again."""
    told = {"reason": given.reason}
    return await move(db, actor(caller), case, Action.RETURN, told=told, reason=given.reason)


@router.post("/cases/{case_id}/rejection", response_model=CaseOut, status_code=201, dependencies=[DECIDE])
async def reject(given: Refusal, case: Rejectable, db: Db, caller: CallerDep) -> Response:
    """Rejects a case for good (不予认定) with a reason."""
    told = {"reason": given.reason}
    return await move(db, actor(caller), case, Action.REJECT, told=told, reason=given.reason)


@router.post("/cases/{case_id}/publication", response_model=CaseOut, status_code=201, dependencies=[DECIDE])
async def make_public(given: Publication, case: Publishable, db: Db, caller: CallerDep, today: Today) -> Response:
    """Publishes an approved case (发布) with its replication passport: everybody may read it from then on.

    The other zones are asked to adopt it, unless its level is that of a zone.
    """
    stored = await store.whole(db, case.id)
    asked = [] if stored["level"] == Level.ZONE else await store.other_zones(db, case.zone)
    passport = given.model_dump(exclude_none=True)
    told = {"zones": asked}
    await attachments.freeze(db, Kind.CASE, case.id, store.AS_PUBLISHED)
    return await move(db, actor(caller), case, Action.PUBLISH, told=told, published_on=today, **passport)


@router.post("/cases/{case_id}/withdrawal", response_model=CaseOut, status_code=201, dependencies=[SUBMIT])
async def withdraw(given: Refusal, case: Withdrawable, db: Db, caller: CallerDep, today: Today) -> Response:
    """Takes back a case that is not decided (撤回申报) with a reason: it is a draft again, and its own zone's.

    A round that is under way ends, and those who were asked for a score read the case no more.
    """
    told = {"reason": given.reason, "units": await sheets.evaluators(db, case.id)}
    await sheets.withdraw(db, case.id, today)
    return await move(
        db, actor(caller), case, Action.WITHDRAW, told=told, reason=given.reason, submitted_on=None, evaluators=[]
    )


@router.post("/cases/{case_id}/retraction", response_model=CaseOut, status_code=201, dependencies=[DECIDE])
async def retract(given: Refusal, case: Retractable, db: Db, caller: CallerDep) -> Response:
    """Takes a published case from the public list (撤下) with a reason, for good: nobody takes it over any more."""
    takers = await store.takers(db, case.id)
    told = {"reason": given.reason, "zones": await store.concerned(db, case.id)}
    return await move(db, actor(caller), case, Action.RETRACT, told=told, reason=given.reason, takers=takers)


@router.get("/public/cases", response_model=PublicCasePage)
async def public_cases(db: PublicDb, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None) -> Response:
    """The published cases, newest first, for everybody: no token is asked for."""
    return answer(await store.public_page(db, limit=limit, cursor=cursor))


@router.get("/public/cases/{published_id}", response_model=PublicCaseOut)
async def public_case(published_id: UUID, db: PublicDb) -> Response:
    """One published case, for everybody: no token is asked for."""
    body = await store.public(db, published_id)
    if body is None:
        raise NotFound
    return answer(body)


@router.get(
    "/public/cases/{published_id}/attachments/{file_id}/content",
    response_class=Response,
    responses=serving.DOCUMENTED,
)
async def public_content(published_id: UUID, file_id: UUID, request: Request, db: PublicDb) -> Response:
    """A file that a case was published with, for everybody: no token is asked for."""
    found = await attachments.get(db, file_id)
    if found is None or found.thing_id != published_id:
        raise NotFound
    return await serving.served(request, found)


async def _must_know_tasks(db: Session, given: CaseIn) -> None:
    unknown = await store.unknown_tasks(db, given.tasks)
    if unknown:
        raise Invalid("/body/tasks", f"目录中没有编号为 {'、'.join(unknown)} 的任务")
