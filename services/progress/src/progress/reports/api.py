"""Reports (填报): by the line's office; confirmed or returned by the province; reviewed by the leading unit."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response

from chassis import audit, clock, pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import Invalid, NotFound
from chassis.routing import Router, answer
from chassis.tenancy import Db, RowMapping, Session
from progress.access import DECIDE, READ, REVIEW, WRITE, actor
from progress.catalog_copy import store as copy
from progress.lines import changing
from progress.lines import store as lines
from progress.lines.rules import Action, Line
from progress.reports import events, rules, store
from progress.reports.rules import Status
from progress.reports.schemas import Confirmation, ReportIn, ReportOut, ReportPage, Return, Review

router = Router(tags=["reports"])
Reportable = Annotated[Line, Depends(changing.line_for(Action.REPORT))]
Confirmable = Annotated[Line, Depends(changing.line_for(Action.CONFIRM))]
Returnable = Annotated[Line, Depends(changing.line_for(Action.RETURN))]
Reviewable = Annotated[Line, Depends(changing.line_for(Action.REVIEW))]


@router.get("/lines/{line_id}/reports", response_model=ReportPage, dependencies=[READ])
async def reports(
    line_id: UUID, db: Db, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None
) -> Response:
    """The line's reports, newest first."""
    if await lines.get(db, line_id) is None:
        raise NotFound
    return answer(await store.page_of_line(db, line_id, limit=limit, cursor=cursor))


@router.post("/lines/{line_id}/reports", response_model=ReportOut, status_code=201, dependencies=[WRITE])
async def submit(given: ReportIn, line: Reportable, db: Db, caller: CallerDep, today: Today) -> Response:
    """Reports progress; an undecided earlier report is replaced. The ETag is the line's."""
    if given.finished and given.percent < 100:
        raise Invalid("/body/percent", "报告完成时应为 100")
    earlier = await store.undecided(db, line.id)
    if earlier is not None:
        await store.replace(db, earlier["id"])
    report_id = await store.add(db, line.id, given.model_dump(), actor(caller).office, caller.name)
    return await _settle(db, line, report_id, "submitted", None, today, replaced=earlier)


@router.post(
    "/lines/{line_id}/reports/{report_id}/confirmation",
    response_model=ReportOut,
    status_code=201,
    dependencies=[DECIDE],
)
async def confirm(
    line: Confirmable, report_id: UUID, db: Db, caller: CallerDep, today: Today, given: Confirmation | None = None
) -> Response:
    """Confirms a report; one that says the line is done makes it confirmed (blue). The ETag is the line's."""
    before = await _undecided(db, line, report_id)
    remark = given.remark if given else ""
    await store.decide(db, report_id, Status.CONFIRMED, caller.name, remark=remark)
    return await _settle(db, line, report_id, "confirmed", before, today, reason=remark or None)


@router.post(
    "/lines/{line_id}/reports/{report_id}/return", response_model=ReportOut, status_code=201, dependencies=[DECIDE]
)
async def give_back(
    given: Return, line: Returnable, report_id: UUID, db: Db, caller: CallerDep, today: Today
) -> Response:
    """Returns a report with a reason (退回); the line falls back to what stands without it. The ETag is the line's."""
    before = await _undecided(db, line, report_id)
    await store.decide(db, report_id, Status.RETURNED, caller.name, reason=given.reason)
    return await _settle(db, line, report_id, "returned", before, today, reason=given.reason)


@router.post(
    "/lines/{line_id}/reports/{report_id}/review", response_model=ReportOut, status_code=201, dependencies=[REVIEW]
)
async def review(given: Review, line: Reviewable, report_id: UUID, db: Db, caller: CallerDep, today: Today) -> Response:
    """Gives the leading unit's opinion on a report that awaits its decision. The ETag is the line's."""
    before = await _undecided(db, line, report_id)
    unit = actor(caller).unit or ""
    names = await copy.unit_names(db, [unit])
    opinion = {"unit": unit, "unit_name": names[0] if names else unit, "by": caller.name, "at": clock.now().isoformat()}
    await store.review(db, report_id, given.model_dump() | opinion)
    return await _settle(db, line, report_id, "reviewed", before, today, reason=given.remark or None)


async def _undecided(db: Session, line: Line, report_id: UUID) -> dict[str, Any]:
    report = await store.get(db, line.id, report_id)
    if report is None:
        raise NotFound
    rules.must_await(Status(report["status"]))
    return dict(report)


async def _settle(
    db: Session,
    line: Line,
    report_id: UUID,
    what: str,
    before: dict[str, Any] | None,
    today: date,
    *,
    reason: str | None = None,
    replaced: RowMapping | None = None,
) -> Response:
    """What follows from a changed report: the line's progress, audit, events, the answer."""
    state, percent = rules.standing((await store.counting(db, [line.id])).get(line.id))
    progress = changing.Progress(line, state, percent, report_id)
    told = (await changing.set_all(db, [progress], f"report_{what}", today, reason=reason))[line.id]
    await _tell(db, told, report_id, what, before, reason)
    if replaced is not None:
        await _tell(db, told, replaced["id"], "replaced", dict(replaced))
    return answer(await store.shown(db, report_id), version=told["version"], status=201)


async def _tell(
    db: Session,
    line: dict[str, Any],
    report_id: UUID,
    what: str,
    before: dict[str, Any] | None,
    reason: str | None = None,
) -> None:
    """``line`` is as events carry it."""
    after = dict(await store.get(db, UUID(line["id"]), report_id) or {})
    tenant = line["jurisdiction"]
    await audit.record(db, f"report.{what}", "report", report_id, before, after, tenant=tenant, reason=reason)
    await events.tell(db, what, after, line)
