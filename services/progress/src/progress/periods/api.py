"""Periods (报告期): previewed and opened by the province; with what has come, for everybody who has to do with them."""

import json
from uuid import UUID

from fastapi import Response

from chassis import audit, pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import Invalid, NotFound
from chassis.routing import Router, answer
from chassis.tenancy import Db
from progress.access import DECIDE, READ
from progress.calendar.store import calendar
from progress.periods import events, rules, store
from progress.periods.schemas import Owed, PeriodIn, PeriodOut, PeriodPage, PeriodPlan, Preview

router = Router(tags=["periods"])


@router.get("/periods", response_model=PeriodPage, dependencies=[READ])
async def periods(db: Db, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None) -> Response:
    """The periods that the caller has to do with, newest first."""
    return answer(await store.page(db, limit=limit, cursor=cursor))


@router.post("/period-preview", response_model=Preview, dependencies=[DECIDE])
async def preview(given: PeriodPlan, db: Db, today: Today) -> Response:
    """What opening such a period would ask of whom (减负), beside what they owe in that week; nothing is saved."""
    rules.must_follow(given.dates, today)
    rows = await store.owed(db, given.plans, given.starts, given.ends, rules.week(given.due))
    offices = [Owed.model_validate(dict(row)) for row in rows]
    notice = rules.notice(given.due, today, await calendar(db))
    return answer(
        Preview(
            expected=sum(each.expected for each in offices),
            notice=notice,
            short=rules.is_short(notice),
            offices=offices,
        )
    )


@router.post("/periods", response_model=PeriodOut, status_code=201, dependencies=[DECIDE])
async def open_period(given: PeriodIn, db: Db, caller: CallerDep, today: Today) -> Response:
    """Opens a period: every line of its plans that is worked on owes one filing. A takeover asks nobody."""
    rules.must_follow(given.dates, today, takeover=given.takeover)
    if given.takeover:
        rules.must_say_why(given.reason)
    else:
        rules.must_give_reason(rules.notice(given.due, today, await calendar(db)), given.reason)
    if not await store.lock_lines(db, given.plans, takeover=given.takeover):
        raise rules.NothingToFile("所选计划没有需要填报的推进事项。")
    if unknown := await store.unknown_plans(db, given.plans):
        raise Invalid("/body/plans", f"没有代码为 {unknown[0]} 的计划")
    period_id = await store.open_period(db, given.model_dump(), caller.name)
    expect = store.await_takeover if given.takeover else store.expect_filings
    await expect(db, period_id, given.plans)
    period = dict(await store.get(db, period_id) or {})
    await audit.record(db, "period.opened", "period", period_id, None, period, reason=given.reason or None)
    await events.tell(db, "opened", period, await store.outstanding(db, period_id))
    await store.count_now(db)
    body = await store.shown(db, period_id)
    return answer(body, version=period["version"], status=201)


@router.get("/periods/{period_id}", response_model=PeriodOut, dependencies=[READ])
async def period(period_id: UUID, db: Db) -> Response:
    """One period with its counts (应报、已报、按时), live: of all offices, or of the caller's own."""
    body = await store.shown(db, period_id)
    if body is None:
        raise NotFound
    return answer(body, version=json.loads(body)["version"])
