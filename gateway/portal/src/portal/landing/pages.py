"""The share of lines that are done (落地率), against its staged goal; the province sets the goal."""

import asyncio
from itertools import zip_longest
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from chassis.auth import Role
from portal.web.addresses import Short, address
from portal.web.api import Forbidden, Rejected, conditions
from portal.web.language import t
from portal.web.numbers import whole
from portal.web.visit import UserVisit, Visit

router = APIRouter()
API = "/api/progress/v1"


class Scope(BaseModel):
    """A plan and a jurisdiction, as they stand in the address; empty means all."""

    plan: Short = ""
    jurisdiction: Short = ""

    def here(self, **other: str) -> str:
        return address("/landing", **(self.model_dump() | other))


@router.get("/landing")
async def landing(visit: Visit, scope: Annotated[Scope, Query()]) -> Response:
    """The curve of a plan and a jurisdiction, as chart and table."""
    return await _show(visit, scope)


@router.post("/landing/goal")
async def set_goal(visit: Visit) -> Response:
    """Sets the goal of the plan and jurisdiction that the form names."""
    if not visit.has(Role.PROVINCE):
        raise Forbidden
    scope = Scope(plan=visit.field("plan")[:100], jurisdiction=visit.field("jurisdiction")[:100])
    filled = [row for row in zip_longest(visit.column("months"), visit.column("percent"), fillvalue="") if any(row)]
    stages = [{"months": whole(months), "percent": whole(percent)} for months, percent in filled]
    given = {name: value or None for name, value in {**scope.model_dump(), "start": visit.field("start")}.items()}
    headers = conditions(visit.if_match, visit.idempotency_key)
    try:
        await visit.api.ask("PUT", f"{API}/landing/goal", json={**given, "stages": stages}, headers=headers)
    except Rejected as problem:
        return await _show(visit, scope, {"start": visit.field("start"), "stages": stages}, problem)
    return visit.redirect(scope.here(), ("目标已保存", "The goal is saved"))


async def _show(
    visit: UserVisit, scope: Scope, typed: dict[str, Any] | None = None, problem: Rejected | None = None
) -> Response:
    found, overview = await asyncio.gather(
        visit.api.get(f"{API}/landing", **scope.model_dump()), visit.api.get(f"{API}/overview")
    )
    return visit.render(
        "landing/landing.html",
        status=problem.status if problem else 200,
        scope=scope,
        found=found,
        overview=overview,
        shown=typed or found["goal"],
        chart=_chart(found["points"]),
        problem=problem,
    )


def _chart(points: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "days": [point["on"] for point in points],
        "goal": {"name": t("目标", "Goal"), "data": [point["goal"] for point in points]},
        "actual": {"name": t("实际", "Actual"), "data": [point["actual"] for point in points]},
    }
