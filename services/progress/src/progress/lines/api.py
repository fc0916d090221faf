"""Lines (推进事项): lists, one line with its history, suspension and resumption by the province."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from chassis import pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import NotFound
from chassis.routing import Router, answer
from chassis.schemas import Filter
from chassis.tenancy import Db
from progress.access import DECIDE, READ, actor
from progress.closing import store as closing
from progress.filters import Jurisdiction, Plan, Task, Unit
from progress.lines import changing, history, store
from progress.lines.rules import Action, Line, State
from progress.lines.schemas import HistoryPage, Jurisdictions, LineOut, LinePage, Resumption, Suspension
from progress.lines.sorting import By, Sorted
from progress.reports import rules as report_rules
from progress.reports import store as reports

router = Router(tags=["lines"])
SORT = "By deadline, state, percent, leading unit's code or last report; with `-` the same backwards"


@router.get("/lines", response_model=LinePage, dependencies=[READ])
async def lines(
    db: Db,
    caller: CallerDep,
    jurisdiction: Jurisdiction = None,
    plan: Plan = None,
    task: Task = None,
    unit: Unit = None,
    state: Annotated[Filter | None, Query(description="One of the states")] = None,
    light: Annotated[Filter | None, Query(description="One of the lights")] = None,
    mark: Annotated[Filter | None, Query(description="`stalled` or `was_red`")] = None,
    pile: Annotated[Filter | None, Query(description="A pile of the caller's desk")] = None,
    q: Annotated[Filter | None, Query(description="Words that stand in the task's title or text")] = None,
    sort: Annotated[By | None, Query(description=SORT)] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The lines that the caller may see, in the order of plans if not sorted; those of a closed zone for who asks for
    it, and for its own people. An unknown code finds nothing.
    """
    given = dict(  # noqa: C408
        jurisdiction=jurisdiction,
        plan=plan,
        task=task,
        unit=unit,
        state=state,
        light=light,
        mark=mark,
        pile=pile,
        q=q,
    )
    filters = {name: value for name, value in given.items() if value is not None}
    acting, by = actor(caller), Sorted.by(sort)
    zone = jurisdiction or acting.tenant
    found = await store.page(db, acting, filters, limit=limit, cursor=cursor, by=by)
    if found == pages.EMPTY and zone is not None and zone in await closing.closed(db):
        found = await store.page(db, acting, filters, limit=limit, cursor=cursor, by=by, closed=True)
    return answer(found)


@router.get("/lines/{line_id}", response_model=LineOut, dependencies=[READ])
async def line(line_id: UUID, db: Db, caller: CallerDep) -> Response:
    """One line; a withdrawn one too, without actions. Its ETag is for changes: names of units may change without it."""
    body = await store.shown(db, actor(caller), line_id)
    if body is None:
        raise NotFound
    return answer(body, version=json.loads(body)["version"])


@router.get("/lines/{line_id}/history", response_model=HistoryPage, dependencies=[READ])
async def story(
    line_id: UUID, db: Db, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None
) -> Response:
    """What happened to the line (历程), from its beginning."""
    if await store.get(db, line_id) is None:
        raise NotFound
    return answer(await history.page(db, line_id, limit=limit, cursor=cursor))


@router.get("/jurisdictions", response_model=Jurisdictions, dependencies=[READ])
async def jurisdictions(db: Db, caller: CallerDep) -> Response:
    """The province and the zones, as far as the caller has to do with them."""
    return answer(b'{"items":%b,"next":null}' % await store.jurisdictions(db, actor(caller)))


Suspendable = Annotated[Line, Depends(changing.line_for(Action.SUSPEND))]
Resumable = Annotated[Line, Depends(changing.line_for(Action.RESUME))]


@router.post("/lines/{line_id}/suspension", response_model=LineOut, status_code=201, dependencies=[DECIDE])
async def suspend(given: Suspension, line: Suspendable, db: Db, caller: CallerDep, today: Today) -> Response:
    """Suspends a line (暂停): nothing is reported or decided until it is resumed."""
    version = await changing.set_progress(
        db, line, "suspended", State.SUSPENDED, line.percent, today, event="suspended", reason=given.reason
    )
    return answer(await store.shown(db, actor(caller), line.id), version=version, status=201)


@router.post("/lines/{line_id}/resumption", response_model=LineOut, status_code=201, dependencies=[DECIDE])
async def resume(line: Resumable, db: Db, caller: CallerDep, today: Today, given: Resumption | None = None) -> Response:
    """Resumes a suspended line (恢复) in the state that its reports give it."""
    state, percent = report_rules.standing((await reports.counting(db, [line.id])).get(line.id))
    version = await changing.set_progress(db, line, "resumed", state, percent, today, event="resumed")
    return answer(await store.shown(db, actor(caller), line.id), version=version, status=201)
