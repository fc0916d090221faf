"""The past (往日): what changed between two days, and trends."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from chassis import clock
from portal.lines import words
from portal.past import rules
from portal.web.addresses import Day, Short, address
from portal.web.api import Rejected
from portal.web.language import t
from portal.web.visit import Visit
from portal.web.words import CHANGED, LIGHTS, STATES

router = APIRouter()
API = "/api/progress/v1"
PAGE = 25


class Filters(BaseModel):
    """What the changes are narrowed by, as it stands in the page's address; empty means all."""

    since: Day = ""
    until: Day = ""
    jurisdiction: Short = ""
    plan: Short = ""
    unit: Short = ""
    what: Short = ""
    cursor: Annotated[str, Field(max_length=500)] = ""

    def here(self, **other: str) -> str:
        """The first page of this list, or of one that differs in this."""
        return address("/changes", **(self.model_dump(exclude={"cursor"}) | other))


@router.get("/changes")
async def changes(visit: Visit, filters: Annotated[Filters, Query()]) -> Response:
    """What changed between two days; a kind word about days of which nothing is known."""
    asked = filters.model_dump(exclude={"cursor"})
    overview, shown = await asyncio.gather(visit.api.get(f"{API}/overview"), _changes(visit, filters, asked))
    problem = shown.get("problem")
    return visit.render(
        "past/changes.html",
        status=problem.status if problem else 200,
        filters=filters,
        overview=overview,
        today=clock.today().isoformat(),
        words=words,
        changes=rules.changes,
        whats=[(what, t(*CHANGED[what])) for what in rules.WHATS],
        **shown,
    )


async def _changes(visit: Visit, filters: Filters, asked: dict[str, str]) -> dict[str, Any]:
    whole = asked | {"what": ""}
    try:
        summary, found = await asyncio.gather(
            visit.api.get(f"{API}/changes/summary", **whole),
            visit.api.get(f"{API}/changes", **asked, cursor=filters.cursor, limit=PAGE),
        )
    except Rejected as problem:
        return {"problem": problem}
    return {"problem": None, "summary": summary, "counted": rules.counted(summary), "found": found}


@router.get("/trends")
async def trends(
    visit: Visit, since: Day = "", until: Day = "", plan: Short = "", jurisdiction: Short = ""
) -> Response:
    """Lines by light and state over time, as charts and as a table."""
    asked = {"since": since, "until": until, "plan": plan, "jurisdiction": jurisdiction}
    overview, shown = await asyncio.gather(visit.api.get(f"{API}/overview"), _trend(visit, asked))
    problem = shown.get("problem")
    return visit.render(
        "past/trends.html",
        status=problem.status if problem else 200,
        asked=asked,
        overview=overview,
        today=clock.today().isoformat(),
        **shown,
    )


async def _trend(visit: Visit, asked: dict[str, str]) -> dict[str, Any]:
    try:
        trend = await visit.api.get(f"{API}/trends", **asked)
    except Rejected as problem:
        return {"problem": problem}
    charts = {
        field: {
            "days": [point["day"] for point in trend["points"]],
            "series": rules.series(trend["points"], field, {code: t(*mark.words) for code, mark in marks.items()}),
        }
        for field, marks in (("by_light", LIGHTS), ("by_state", STATES))
    }
    return {"problem": None, "trend": trend, "charts": charts}
