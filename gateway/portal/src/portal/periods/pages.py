"""Reporting periods (报告期): the list, opening one after a preview, one with what has come."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from chassis import clock
from chassis.auth import Role
from portal.filings.words import STEPS
from portal.lines.words import options
from portal.periods import rules
from portal.planning import rules as planning
from portal.web.addresses import Short, address
from portal.web.api import Forbidden, Rejected
from portal.web.menu import SETTING
from portal.web.visit import UserVisit, Visit
from portal.web.words import FILINGS

router = APIRouter(prefix="/periods")
API = "/api/progress/v1"
Json = Mapping[str, Any]
DATES = ("starts", "ends", "due", "grace", "locks")
PAGE = 25
FILLERS = (Role.PROVINCE, Role.CITY, Role.DEPARTMENT)
Cursor = Annotated[str, Query(max_length=500)]


class Filters(BaseModel):
    """What a period's filings are narrowed by, as it stands in its address; empty means all."""

    office: Short = ""
    plan: Short = ""
    state: Short = ""
    show: Short = ""
    cursor: Annotated[str, Field(max_length=500)] = ""

    @property
    def query(self) -> dict[str, str]:
        """As the API takes it: what is shown is waiting, queried or one where the opinions disagree."""
        narrowing = {name: getattr(self, name) for name in ("office", "plan", "state", "cursor")}
        return narrowing | ({self.show: "true"} if self.show in rules.SHOW else {})

    def here(self, period_id: UUID) -> str:
        return address(f"/periods/{period_id}", **self.model_dump(exclude={"cursor"}))


@router.get("")
async def periods(visit: Visit, cursor: Cursor = "") -> Response:
    """The periods, newest first."""
    found = await visit.api.get(f"{API}/periods", limit=PAGE, cursor=cursor)
    today = clock.today().isoformat()
    return visit.render("periods/periods.html", found=found, cursor=cursor, stage=lambda each: rules.stage(each, today))


@router.get("/_new")
async def new(visit: Visit) -> Response:
    """The form to open a period, filled for the quarter that ends next."""
    today = clock.today()
    years = await asyncio.gather(*(visit.api.get(f"{API}/calendar/{year}") for year in (today.year, today.year + 1)))
    free = {day.on for year in years for day in planning.days(year) if not day.working}
    return await _form(visit, rules.proposal(today, free))


async def _form(
    visit: UserVisit, typed: Json, preview: Json | None = None, problem: Rejected | None = None
) -> Response:
    if not visit.has(*SETTING):
        raise Forbidden
    overview = await visit.api.get(f"{API}/overview")
    return visit.render(
        "periods/new.html",
        status=problem.status if problem else 200,
        plans=overview["plans"],
        typed=typed,
        preview=preview,
        problem=problem,
    )


@router.post("/_new")
async def open_period(visit: Visit) -> Response:
    """Shows what opening it would ask of whom, or opens it."""
    typed = {name: visit.field(name) for name in ("kind", "title", "reason", *DATES)} | {"plans": visit.column("plans")}
    takeover = bool(visit.field("takeover"))
    days = {name: typed[name] for name in (*DATES, "plans")}
    try:
        if visit.field("do") != "open" and not takeover:
            return await _form(visit, typed, await visit.api.post(f"{API}/period-preview", json=days))
        opened = await visit.api.post(
            f"{API}/periods", json=typed | {"takeover": takeover}, idempotency_key=visit.idempotency_key
        )
    except Rejected as problem:
        return await _form(visit, typed, problem=problem)
    if takeover:
        return visit.redirect(f"/periods/{opened['id']}/sheets", ("可以接管了", "It can be taken over"))
    return visit.redirect(f"/periods/{opened['id']}", ("报告期已开启", "The period is open"))


@router.get("/{period_id}")
async def period(visit: Visit, period_id: UUID, filters: Annotated[Filters, Query()]) -> Response:
    """One period with its counts and its filings; the counts and the list alone for the page that renews itself."""
    return await _show(visit, period_id, filters)


async def _show(
    visit: UserVisit,
    period_id: UUID,
    filters: Filters,
    results: list[Json] | None = None,
    problem: Rejected | None = None,
) -> Response:
    shown, found = await asyncio.gather(
        visit.api.get(f"{API}/periods/{period_id}"),
        visit.api.get(f"{API}/filings", period=period_id, limit=50, **filters.query),
    )
    today = clock.today().isoformat()
    return visit.render(
        "periods/_period.html" if visit.partial else "periods/period.html",
        status=problem.status if problem else 200,
        problem=problem,
        chosen=visit.column("filing"),
        period=shown,
        found=found,
        filters=filters,
        here=filters.here(period_id),
        exported=address("", period=period_id, **filters.query | {"cursor": ""}),
        stage=rules.stage(shown, today),
        by_office=rules.added(shown["cells"], "office"),
        by_plan=rules.added(shown["cells"], "plan"),
        states=options(FILINGS),
        offices=[(row["code"], row["name"]) for row in rules.added(shown["cells"], "office")],
        plans=[(row["code"], row["name"]) for row in rules.added(shown["cells"], "plan")],
        steps=STEPS,
        can_fill=visit.has(*FILLERS),
        late=today > shown["grace"],
        bulk=rules.bulk_actions(found["items"]),
        results=results and (rules.succeeded(results), rules.refused(results, found["items"])),
    )


@router.post("/{period_id}/steps")
async def take_steps(visit: Visit, period_id: UUID, filters: Annotated[Filters, Query()]) -> Response:
    """Takes a step with the filings that were chosen; what could not be done is shown with its reason."""
    chosen = [each.partition(":") for each in visit.column("filing")]
    items = [{"id": name, "version": int(version or 0)} for name, _, version in chosen if version.isdigit()]
    body = {"action": visit.field("action"), "filings": items, "remark": visit.field("remark")}
    given = body | {"confidence": visit.field("confidence") or None}
    back = filters.here(period_id)
    try:
        answer = await visit.api.post(f"{API}/filing-steps", json=given, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _show(visit, period_id, filters, problem=problem if items else _nothing_chosen())
    results = answer["results"]
    done = rules.succeeded(results)
    if done < len(results):
        return await _show(visit, period_id, filters, results)
    return visit.redirect(back, (f"已办理 {done} 项", f"{done} done"))


def _nothing_chosen() -> Rejected:
    chosen = ("请先勾选要办理的填报。", "Please tick the filings first.")
    return Rejected.here(422, "invalid", ("未办理", "Not done"), chosen)
