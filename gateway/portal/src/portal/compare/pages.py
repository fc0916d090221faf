"""Comparison (对比): the list of lines or the overview's table as it was beside what it is, the old struck through."""

import asyncio
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from chassis import clock
from portal.compare import rules
from portal.overview.rules import by_kind
from portal.web.addresses import Day, Short, address
from portal.web.api import Rejected
from portal.web.language import t
from portal.web.visit import UserVisit, Visit
from portal.web.words import CHANGED

router = APIRouter()
API = "/api/progress/v1"
PAGE = 50
UNKNOWN = "unknown-day"
"""What the service says of days of which it knows nothing."""


class Filters(BaseModel):
    """What is compared with what, as it stands in the page's address; ``against`` moves on with the days."""

    show: Annotated[str, Field(pattern="^(overview)?$")] = ""
    against: Annotated[str, Field(pattern="^(yesterday|week)?$")] = ""
    since: Day = ""
    until: Day = ""
    jurisdiction: Short = ""
    plan: Short = ""
    what: Short = ""
    cursor: Annotated[str, Field(max_length=500)] = ""

    @property
    def moves_on(self) -> bool:
        """Whether nobody has named the day: it is so far back from today."""
        return bool(self.against) or not self.since

    def here(self, **other: str) -> str:
        """The first page of this comparison, or of one that differs in this."""
        return address("/compare", **(self.model_dump(exclude={"cursor"}) | other))


@router.get("/compare")
async def compare(visit: Visit, filters: Annotated[Filters, Query()]) -> Response:
    """Two days side by side; a kind word about days of which nothing is known, or not yet."""
    today = clock.today()
    since, until = rules.span(filters.against, filters.since, filters.until, today)
    overview = await visit.api.get(f"{API}/overview")
    shown, problem, too_early = {}, None, ""
    try:
        shown = await (_overview if filters.show else _lines)(visit, filters, since, until)
    except Rejected as refused:
        if refused.slug == UNKNOWN and filters.moves_on:
            too_early = refused.detail
        else:
            errors = {"since" if field == "on" else field: detail for field, detail in refused.errors.items()}
            problem = replace(refused, errors=errors)
    return visit.render(
        "compare/compare.html",
        status=problem.status if problem else 200,
        problem=problem,
        too_early=too_early,
        filters=filters,
        overview=overview,
        since=since,
        until=until,
        today=today.isoformat(),
        against=filters.against or ("" if filters.since else "yesterday"),
        rules=rules,
        whats=[(what, t(*said)) for what, said in CHANGED.items()],
        **shown,
    )


async def _lines(visit: UserVisit, filters: Filters, since: str, until: str) -> dict[str, Any]:
    asked = {"since": since, "until": until, "jurisdiction": filters.jurisdiction, "plan": filters.plan}
    summary, found = await asyncio.gather(
        visit.api.get(f"{API}/changes/summary", **asked),
        visit.api.get(f"{API}/changes", **asked, what=filters.what, cursor=filters.cursor, limit=PAGE),
    )
    return {"summary": summary, "found": found}


async def _overview(visit: UserVisit, filters: Filters, since: str, until: str) -> dict[str, Any]:
    was, now = await asyncio.gather(*(visit.api.get(f"{API}/overview", on=day) for day in (since, until)))
    rows = rules.matrix(was, now)
    groups = [(kind, [row for row in rows if row[0]["kind"] == kind]) for kind, _ in by_kind([row[0] for row in rows])]
    return {
        "groups": groups,
        "places": rules.places(was, now).values(),
        "changed": rules.changed(rows),
        "totals": rules.totals(was, now),
    }
