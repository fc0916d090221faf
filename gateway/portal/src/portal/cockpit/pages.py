"""The cockpit (驾驶舱): how the zone stands on one screen, each part with the list behind it."""

import asyncio
from typing import Any

from fastapi import APIRouter, Response

from chassis import clock
from portal.cockpit import rules
from portal.indicators import rules as indicators
from portal.indicators import words
from portal.overview import rules as overview
from portal.web.api import Rejected
from portal.web.visit import UserVisit, Visit

router = APIRouter()
API = "/api/progress/v1"
MOST = 200


@router.get("/cockpit")
async def cockpit(visit: Visit) -> Response:
    """All parts; what changes of them alone for the page that renews itself."""
    own = {"unit": visit.user.unit} if visit.user.scope == "unit" and visit.user.unit else {}
    found, trend, red, yellow, offices, standing = await asyncio.gather(
        _part(visit, "overview"),
        _part(visit, "trends"),
        _part(visit, "lines", light="red", sort="due", limit=rules.SHOWN, **own),
        _part(visit, "lines", light="yellow", sort="due", limit=rules.SHOWN, **own),
        _part(visit, "overview/offices"),
        _part(visit, "indicators", limit=MOST),
    )
    return visit.render(
        "cockpit/_cockpit.html" if visit.partial else "cockpit/cockpit.html",
        overview=found,
        **(_matrix(found, own) if found else {}),
        trend=trend and rules.trend(trend["points"]),
        late={"red": red and red["items"], "yellow": yellow and yellow["items"]},
        own=own,
        shown=rules.SHOWN,
        ranks=offices and rules.ranks(offices["items"]),
        standings=standing and rules.standings(standing["items"]),
        figure=indicators.figure,
        words=words,
        today=clock.today().isoformat(),
    )


def _matrix(found: dict[str, Any], own: dict[str, str]) -> dict[str, Any]:
    places = overview.by_place(found, **own)
    return {
        "groups": overview.by_kind(found["plans"]),
        "add": overview.add,
        "all": overview.add([found["totals"]], **own),
        "places": rules.on_map(places),
        "beyond": rules.beyond_map(places),
        "outline": rules.OUTLINE,
    }


async def _part(visit: UserVisit, path: str, **asked: object) -> dict[str, Any] | None:
    """What a part of the page shows; None while it cannot be had: the other parts go on."""
    try:
        found: dict[str, Any] | None = await visit.unless_away(visit.api.get(f"{API}/{path}", **asked))
    except Rejected:
        return None
    return found
