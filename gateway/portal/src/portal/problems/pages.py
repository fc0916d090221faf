"""Problems (需协调问题): the list, the form to raise one, one problem with its story and what can be done with it."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from chassis.auth import Role
from portal.attachments import listing
from portal.lines.words import options
from portal.problems.words import ACTS, MADE, day_words
from portal.web import steps
from portal.web.addresses import Short, address
from portal.web.api import Forbidden, Rejected
from portal.web.offices import NONE, offices
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/problems")
API = "/api/progress/v1"
PAGE, ENTRIES = 25, 200
Yes = Annotated[str, Field(pattern="^(true|false)?$")]


class Filters(BaseModel):
    """What a list of problems is narrowed by, as it stands in its address; empty means all."""

    state: Short = ""
    office: Short = ""
    open: Yes = ""
    overdue: Yes = ""
    long_overdue: Yes = ""
    waiting: Yes = ""
    cursor: Annotated[str, Field(max_length=500)] = ""

    @property
    def here(self) -> str:
        """The first page of this list."""
        return address("/problems", **self.model_dump(exclude={"cursor"}))


@router.get("")
async def problems(visit: Visit, filters: Annotated[Filters, Query()]) -> Response:
    """The problems that fit, newest first."""
    found, known = await asyncio.gather(
        visit.api.get(f"{API}/problems", **filters.model_dump(), limit=PAGE), visit.unless_away(offices(visit.api))
    )
    return visit.render("problems/problems.html", found=found, filters=filters, offices=known or NONE, options=options)


@router.get("/_new")
async def form(visit: Visit, line: UUID | None = None) -> Response:
    """The form to raise a problem, on a line or alone; for those who have lines."""
    return await _form(visit, str(line) if line else "")


@router.post("/_new")
async def raise_(visit: Visit) -> Response:
    """Raises a problem, or shows the form again with what is wrong."""
    line = next(iter(steps.ids([visit.field("line_id")])), None)
    said = {name: visit.field(name) for name in ("title", "description", "addressee", "answer_due")}
    try:
        made = await visit.api.post(
            f"{API}/problems", json=said | {"line_id": line}, idempotency_key=visit.idempotency_key
        )
    except Rejected as problem:
        return await _form(visit, line or "", problem)
    return visit.redirect(f"/problems/{made['id']}", ("问题已提出", "The problem is raised"))


async def _form(visit: UserVisit, line: str, problem: Rejected | None = None) -> Response:
    if not visit.may_begin(Role.CITY, Role.DEPARTMENT):
        raise Forbidden
    known, *about = await asyncio.gather(offices(visit.api), *([visit.api.get(f"{API}/lines/{line}")] if line else []))
    return visit.render(
        "problems/new.html",
        status=problem.status if problem else 200,
        addressees=[one for one in known.zones if one[0] != f"zone:{visit.user.tenant}"] + known.units,
        line=about[0] if about else None,
        problem=problem,
    )


@router.get("/{problem_id}")
async def problem(visit: Visit, problem_id: UUID) -> Response:
    """One problem with everything that happened to it."""
    return await _show(visit, problem_id)


@router.post("/{problem_id}")
async def do(visit: Visit, problem_id: UUID) -> Response:
    """Takes the step that the form says, or shows it again with what is wrong."""
    try:
        done = await steps.take(visit, ACTS, f"{API}/problems/{problem_id}")
    except Rejected as refusal:
        return await _show(visit, problem_id, refusal)
    return visit.redirect(f"/problems/{problem_id}", done)


async def _show(visit: UserVisit, problem_id: UUID, refusal: Rejected | None = None) -> Response:
    path = f"{API}/problems/{problem_id}"
    shown, told, attached = await asyncio.gather(
        visit.api.get(path),
        visit.api.get(f"{path}/entries", limit=ENTRIES),
        listing.of(visit, "problem", problem_id),
    )
    return visit.render(
        "problems/problem.html",
        status=refusal.status if refusal else 200,
        shown=shown,
        entries=told["items"],
        attached=attached,
        acts=ACTS,
        made=MADE,
        day_words=day_words,
        act=visit.field("act") if refusal else "",
        problem=refusal,
        typed=steps.typed(visit) if refusal else {},
    )
