"""The overview (总览): plans × jurisdictions."""

from typing import Annotated

from fastapi import Query, Request, Response

from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.routing import Router, answer, knows
from chassis.schemas import Day
from chassis.tenancy import Db
from progress.access import READ, actor
from progress.overview import store
from progress.overview.schemas import Offices, Overview
from progress.past import rules as past_rules
from progress.past import store as past

router = Router(tags=["overview"])


@router.get(
    "/overview",
    response_model=Overview,
    dependencies=[READ],
    responses={304: {"description": "Not changed since the ETag in If-None-Match"}},
)
async def overview(
    db: Db,
    caller: CallerDep,
    request: Request,
    today: Today,
    on: Annotated[Day | None, Query(description="A day in Asia/Shanghai, as it was when it ended")] = None,
) -> Response:
    """Lines in numbers, as far as the caller may see them; a department those of its unit."""
    if on is not None:
        past_rules.must_be_known("on", on, await past.first(db), await past.last_closed(db), today)
    acting, day = actor(caller), None if on == today else on
    tag = f'"{await store.tag(db, acting, day, today)}"'
    if knows(request, tag):
        return answer(None, tag=tag, request=request)
    return answer(await store.shown(db, acting, day, today), tag=tag)


@router.get("/overview/offices", response_model=Offices, dependencies=[READ])
async def offices(db: Db, today: Today) -> Response:
    """What is overdue or not filed, by the office that has to act, as far as the caller may see it."""
    return answer(b'{"items":' + await store.of_offices(db, today) + b"}")
