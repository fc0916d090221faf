"""Plans (专项行动计划、实施方案): read by everyone; editions change them."""

from typing import Annotated

from fastapi import Query, Request, Response

from catalog.access import READ, tag
from catalog.names import PlanCode
from catalog.plans import store
from catalog.plans.rules import Kind
from catalog.plans.schemas import PlanOut, PlanPage
from chassis import pages
from chassis.problems import NotFound
from chassis.routing import Router, answer
from chassis.tenancy import Db

router = Router(tags=["plans"])


@router.get("/plans", response_model=PlanPage, dependencies=[READ])
async def plans(
    db: Db,
    kind: Annotated[Kind | None, Query()] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The special plans, the zones' plans and the further ones."""
    return answer(await store.page(db, kind=kind, limit=limit, cursor=cursor))


@router.get("/plans/{code}", response_model=PlanOut, dependencies=[READ])
async def plan(code: PlanCode, db: Db, request: Request) -> Response:
    """One plan."""
    body = await store.shown(db, code)
    if body is None:
        raise NotFound
    return answer(body, tag=tag(body), request=request)
