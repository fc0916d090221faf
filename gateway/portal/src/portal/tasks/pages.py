"""Tasks (任务): found by filters and words, each with the sentence of the notice that it comes from."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from portal.tasks import history, rules
from portal.web.addresses import Short, address
from portal.web.api import Code, Missing
from portal.web.menu import PROGRESS
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/tasks")
API = "/api/catalog/v1"
PAGE = 25
EditionNumber = Annotated[str, Field(pattern=r"^\d{0,9}$")]


class Filters(BaseModel):
    """What a list of tasks is narrowed by, as it stands in its address; empty means all."""

    q: Short = ""
    plan: Short = ""
    zone: Short = ""
    unit: Short = ""
    role: Annotated[str, Field(pattern=r"^(lead|member)?$")] = ""
    edition: EditionNumber = ""
    cursor: Annotated[str, Field(max_length=500)] = ""

    @property
    def narrowing(self) -> dict[str, str]:
        """Without the place among the pages."""
        return self.model_dump(exclude={"cursor"})


@router.get("")
async def tasks(visit: Visit, filters: Annotated[Filters, Query()]) -> Response:
    """The tasks that fit, by plan and number."""
    narrowing = filters.narrowing
    found, plans, zones, editions = await asyncio.gather(
        visit.api.get(f"{API}/tasks", **narrowing, cursor=filters.cursor, limit=PAGE),
        visit.api.get(f"{API}/plans", limit=200),
        visit.api.get(f"{API}/zones", limit=200),
        visit.api.get(f"{API}/editions", status="published", limit=200),
    )
    return visit.render(
        "tasks/tasks.html",
        filters=filters,
        found=found,
        total=rules.total(found, narrowing, filters.cursor, plans["items"]),
        plans=plans["items"],
        zones=names(zones["items"]),
        editions=[(str(edition["number"]), str(edition["number"])) for edition in editions["items"]],
        here=address("/tasks", **narrowing),
        marked=rules.marked,
        excerpt=rules.excerpt,
    )


@router.get("/{code}")
async def task(visit: Visit, code: Code, edition: Annotated[str, Query(pattern=r"^\d{0,9}$")] = "") -> Response:
    """One task as it is, as it was last when it was withdrawn, or as it was in an edition."""
    contents, zones, lines = await asyncio.gather(
        history.contents(visit.api, code), visit.api.get(f"{API}/zones", limit=200), _lines(visit, code)
    )
    if edition:
        shown = await visit.api.get(f"{API}/tasks/{code}", edition=edition)
    elif contents:
        shown = contents[0].task
    else:
        raise Missing
    return visit.render(
        "tasks/task.html",
        task=shown,
        asked=edition,
        contents=contents,
        zones=names(zones["items"]),
        lines=lines,
    )


async def _lines(visit: UserVisit, code: str) -> list[dict[str, Any]] | None:
    """The task's lines that the user may see; None while they cannot be had."""
    if not visit.has(*PROGRESS):
        return []
    found = await visit.unless_away(visit.api.get("/api/progress/v1/lines", task=code, limit=200))
    return found and found["items"]


def names(things: list[dict[str, Any]]) -> dict[str, str]:
    """Names by code."""
    return {thing["code"]: thing["name"] for thing in things}
