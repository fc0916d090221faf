"""Plans (专项行动计划、实施方案): “9 + 3 + N”."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Response

from portal.web.api import Code
from portal.web.visit import Visit

router = APIRouter(prefix="/plans")
API = "/api/catalog/v1"
PAGE = 50


@router.get("/{code}")
async def plan(visit: Visit, code: Code, cursor: Annotated[str, Query(max_length=500)] = "") -> Response:
    """One plan with its tasks, and what the notice announces of it."""
    plan, tasks, zones = await asyncio.gather(
        visit.api.get(f"{API}/plans/{code}"),
        visit.api.get(f"{API}/tasks", plan=code, cursor=cursor, limit=PAGE),
        visit.api.get(f"{API}/zones", limit=200),
    )
    names = {zone["code"]: zone["name"] for zone in zones["items"]}
    return visit.render("plans/plan.html", plan=plan, tasks=tasks, zones=names, cursor=cursor)


@router.get("")
async def plans(visit: Visit) -> Response:
    """All plans by kind."""
    plans, zones = await asyncio.gather(
        visit.api.get(f"{API}/plans", limit=200), visit.api.get(f"{API}/zones", limit=200)
    )
    kinds = {
        kind: [plan for plan in plans["items"] if plan["kind"] == kind] for kind in ("special", "zone", "additional")
    }
    return visit.render("plans/plans.html", kinds=kinds, zones={zone["code"]: zone["name"] for zone in zones["items"]})
