"""The overview (推进总览): plans × jurisdictions, every number with the list behind it."""

import asyncio
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from chassis import clock
from portal.lines import words
from portal.overview import rules
from portal.web.api import Rejected
from portal.web.language import t
from portal.web.visit import UserVisit, Visit
from portal.web.words import LIGHTS

router = APIRouter()
API = "/api/progress/v1/overview"


@router.get("/overview")
async def overview(visit: Visit, on: Annotated[str, Query(max_length=10)] = "") -> Response:
    """The matrix, now or as a day ended; its changing part alone for the page that renews itself."""
    (found, problem), plans = await asyncio.gather(_lines(visit, on), visit.listed("/api/catalog/v1/plans"))
    return _show(visit, found, plans, problem)


async def _lines(visit: UserVisit, on: str) -> tuple[dict[str, Any], Rejected | None]:
    """The overview of that day, or of the present one with why that one cannot be had."""
    try:
        return await visit.api.get(API, on=on), None
    except Rejected as refused:
        return await visit.api.get(API), refused


def _show(visit: UserVisit, found: dict[str, Any], plans: list[dict[str, Any]], problem: Rejected | None) -> Response:
    unit = (visit.user.unit or "") if visit.user.scope == "unit" else ""
    own = {"unit": unit} if unit else {}
    add = partial(rules.add, since=found["on"] or "")
    places = rules.by_place(found, since=found["on"] or "", **own)
    return visit.render(
        "overview/_overview.html" if visit.partial else "overview/overview.html",
        status=problem.status if problem else 200,
        problem=problem,
        today=clock.today().isoformat(),
        overview=found,
        groups=rules.by_kind(found["plans"]),
        places=places,
        own=own,
        catalog={plan["code"]: plan for plan in plans},
        in_sum=rules.in_sum(plans),
        add=add,
        chart=_chart(places),
        words=words,
    )


def _chart(places: list[tuple[str, rules.Sum]]) -> dict[str, Any]:
    """What the chart shows: the lights of each jurisdiction."""
    series = [
        {"name": t(*mark.words), "light": code, "data": [total.by_light.get(code, 0) for _, total in places]}
        for code, mark in LIGHTS.items()
    ]
    return {"places": [name for name, _ in places], "series": series}
