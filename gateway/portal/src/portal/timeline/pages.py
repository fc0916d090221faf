"""The timeline (时间轴): milestones of a zone, a unit, a plan or one line, moved by those who schedule them."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from chassis import clock
from portal.lines.rules import milestone_state
from portal.planning import rules as planning
from portal.timeline import rules
from portal.web.addresses import Short, address
from portal.web.api import Rejected, conditions
from portal.web.visit import UserVisit, Visit

router = APIRouter()
API = "/api/progress/v1"
PAGE, MOST_YEARS = 25, 6


class Filters(BaseModel):
    """What the timeline is narrowed by, as it stands in its address; empty means all."""

    jurisdiction: Short = ""
    plan: Short = ""
    unit: Short = ""
    task: Short = ""
    cursor: Annotated[str, Field(max_length=500)] = ""

    @property
    def first_page(self) -> str:
        return address("/timeline", **self.model_dump(exclude={"cursor"}))

    @property
    def here(self) -> str:
        return address("/timeline", **self.model_dump())


@router.get("/timeline")
async def timeline(visit: Visit, filters: Annotated[Filters, Query()]) -> Response:
    """The scheduled lines that fit, on one axis."""
    return await _show(visit, filters)


@router.post("/timeline/lines/{line_id}")
async def move(visit: Visit, line_id: UUID) -> Response:
    """Puts a milestone of a line on another day, and comes back to the line on the timeline that the form is on."""
    filters = Filters(**{name: visit.field(f"f_{name}")[:100] for name in ("jurisdiction", "plan", "unit", "task")})
    filters.cursor = visit.field("f_cursor")[:500]
    path = f"{API}/lines/{line_id}/schedule"
    schedule = await visit.api.get(path)
    body = rules.moved(schedule, visit.field("milestone"), visit.field("due"))
    try:
        await visit.api.ask("PUT", path, json=body, headers=conditions(visit.if_match, visit.idempotency_key))
    except Rejected as problem:
        return await _show(visit, filters, problem)
    return visit.redirect(f"{filters.here}#line-{line_id}", ("节点日期已调整", "The milestone is moved"))


async def _show(visit: UserVisit, filters: Filters, problem: Rejected | None = None) -> Response:
    found, overview = await asyncio.gather(
        visit.api.get(f"{API}/timeline", **filters.model_dump(), limit=PAGE), visit.api.get(f"{API}/overview")
    )
    today = clock.today()
    axis = rules.axis(found["items"], today)
    return visit.render(
        "timeline/timeline.html",
        status=problem.status if problem else 200,
        filters=filters,
        found=found,
        overview=overview,
        axis=axis,
        places=lambda line: rules.places(line, axis),
        free=await _free(visit, axis),
        today=today,
        state=lambda milestone: milestone_state(milestone, today),
        problem=problem,
    )


async def _free(visit: UserVisit, axis: rules.Axis) -> list[str]:
    """The days that the keys pass over."""
    years = [year for year in axis.years if 2000 <= year <= 2100][:MOST_YEARS]
    told = await asyncio.gather(*(visit.api.get(f"{API}/calendar/{year}") for year in years))
    return rules.free([[(day.on, day.working) for day in planning.days(year)] for year in told], axis)
