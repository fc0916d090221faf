"""Lines (推进事项): the list, one line with its reports and its story, and what is done with it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from chassis import clock
from chassis.auth import Role
from portal.lines import forms, listing, rules, words
from portal.lines.acts import ACTS, proposal_body, rows
from portal.lines.listing import Filters
from portal.views import pages as saved
from portal.web.api import Missing, Rejected, conditions
from portal.web.menu import PROGRESS
from portal.web.visit import Guest, UserVisit, Visit

router = APIRouter()
API = "/api/progress/v1"
Json = Mapping[str, Any]
PAGE, CARDS, REPORTS, ENTRIES = 25, 15, 10, 100
Cursor = Annotated[str, Query(max_length=500)]


@router.get("/lines")
async def lines(visit: Visit, filters: Annotated[Filters, Query()]) -> Response:
    """The lines that fit, without a query those of the user's view; the list alone for the page that renews itself."""
    if not visit.query and (opened := await saved.standard(visit)):
        return visit.redirect(f"/lines?{opened}")
    found, overview, units, views = await asyncio.gather(
        _found(visit, filters), visit.api.get(f"{API}/overview"), _units(visit), saved.all_of(visit)
    )
    shown = _board if filters.form == "board" else _rows
    return visit.render(
        "lines/_list.html" if visit.partial else "lines/lines.html",
        filters=filters,
        listing=listing,
        views=views,
        **shown(visit, filters, found, overview),
        overview=overview,
        closed=next((line for page in found for line in page["items"] if line["closed"]), None),
        units=units,
        address=visit.address,
        options=words.options,
    )


async def _found(visit: UserVisit, filters: Filters) -> list[Json]:
    """The page of the list; of a board the first page of each of its states."""
    if filters.form != "board":
        asked = filters.narrowing | {"sort": filters.sort, "cursor": filters.cursor, "limit": PAGE}
        return [await visit.api.get(f"{API}/lines", **asked)]
    asked = filters.narrowing | {"sort": filters.sort or "due", "limit": CARDS}
    states = [visit.api.get(f"{API}/lines", **asked | {"state": state}) for state in filters.states]
    return list(await asyncio.gather(*states))


def _rows(visit: UserVisit, filters: Filters, found: Sequence[Json], overview: Json) -> dict[str, Any]:
    """A table or a timeline."""
    (page,), today = found, clock.today()
    total = _total(visit, filters.narrowing, page, overview)
    counted = len(page["items"]) if total is None and not filters.cursor and not page["next"] else total
    axis = forms.axis(page["items"], today)
    return {"found": page, "total": counted, "axis": axis, "today": today, "bar": lambda line: forms.bar(line, axis)}


def _board(visit: UserVisit, filters: Filters, found: Sequence[Json], overview: Json) -> dict[str, Any]:
    """Columns by state, each counted where the overview tells."""
    totals = [
        _total(visit, filters.narrowing | {"state": state}, page, overview)
        for state, page in zip(filters.states, found, strict=True)
    ]
    return {"board": list(map(forms.column, filters.states, found, totals))}


def _total(visit: UserVisit, narrowing: Mapping[str, str], page: Json, overview: Json) -> int | None:
    """As the overview tells, which leaves closed zones out."""
    closed = any(line["closed"] for line in page["items"])
    return None if closed else rules.total(narrowing, overview, visit.user.unit)


async def _units(visit: UserVisit) -> dict[str, str]:
    """All units' names by code, to choose from."""
    return {unit["code"]: unit["name"] for unit in await visit.listed("/api/catalog/v1/units")}


@router.get("/lines/{line_id}")
async def line(visit: Visit, line_id: UUID) -> Response:
    """One line; what changes of it alone for the page that renews itself."""
    return await _show(visit, line_id)


async def _show(
    visit: UserVisit,
    line_id: UUID,
    act: str = "",
    problem: Rejected | None = None,
    proposal: Json | None = None,
    preview: Json | None = None,
) -> Response:
    """``act`` is what was tried, and ``problem`` why it was not done: what was typed is kept.

    ``proposal`` is shown in the form of the schedule, to be saved or changed; ``preview`` in that of another deadline.
    """
    path = f"{API}/lines/{line_id}"
    shown, schedule, reports, story, orders, problems, person, comments, readers = await asyncio.gather(
        visit.api.get(path),
        visit.api.get(f"{path}/schedule"),
        visit.api.get(f"{path}/reports", limit=REPORTS),
        visit.api.get(f"{path}/history", limit=ENTRIES),
        visit.api.get(f"{API}/orders", line=line_id, limit=REPORTS),
        visit.api.get(f"{API}/problems", line=line_id, limit=REPORTS),
        _person(visit, path),
        visit.api.get(f"{path}/comments", limit=REPORTS),
        _readers(visit, path),
    )
    typed = {name: value for name, value in visit.form.items() if not name.startswith("_")}
    typed = typed if problem or preview else {}
    today = clock.today()
    return visit.render(
        "lines/_line.html" if visit.partial else "lines/line.html",
        status=problem.status if problem else 200,
        **_said_of(shown),
        reason=rules.light_reason(shown, schedule, today),
        schedule=schedule,
        milestone_state=lambda milestone: rules.milestone_state(milestone, today),
        rows=rows(visit) if problem and act == "schedule" else rules.rows(schedule, proposal),
        proposal=proposal,
        preview=preview,
        today=today.isoformat(),
        reports=reports,
        story=story,
        orders=orders["items"],
        line_problems=problems["items"],
        comments=comments,
        readers=readers,
        person=person,
        names_person=visit.may_begin(Role.ADMIN),
        act=act,
        problem=problem,
        typed=typed,
        draft=typed if act == "report" and problem else rules.prefilled(shown),
    )


async def _person(visit: UserVisit, path: str) -> Json | None:
    """Who is responsible within the user's office; None for those who have no lines of their own."""
    return await visit.api.get(f"{path}/person") if visit.has(Role.CITY, Role.DEPARTMENT) else None


async def _readers(visit: UserVisit, path: str) -> Sequence[Json]:
    """Who may be told in a comment; nobody for those who only read."""
    if not visit.may_begin(Role.PROVINCE, Role.CITY, Role.DEPARTMENT):
        return ()
    found: Sequence[Json] = (await visit.api.get(f"{path}/readers"))["items"]
    return found


def _said_of(shown: dict[str, Any]) -> dict[str, Any]:
    names = rules.names(shown)
    return {"line": shown, "words": words, "office": lambda code: words.office(code, names)}


@router.post("/lines/{line_id}")
async def do(visit: Visit, line_id: UUID) -> Response:
    """Does what the form says, or shows it again with what is wrong, or with the days that are proposed for it."""
    name, path = visit.field("act"), f"{API}/lines/{line_id}"
    if name not in ACTS:
        raise Missing
    act = ACTS[name]
    try:
        if name == "schedule" and visit.field("do") == "propose":
            found = await visit.api.post(f"{path}/schedule/proposal", json=proposal_body(visit))
            return await _show(visit, line_id, name, proposal=found)
        if visit.field("do") == "preview":
            given = {"deadline": visit.field("deadline")}
            found = await visit.api.post(f"{path}/schedule/preview", json=given)
            return await _show(visit, line_id, name, preview=found)
        await visit.api.ask(
            act.method,
            f"{path}/{act.address(visit)}",
            json=act.body(visit),
            headers=conditions(visit.if_match, visit.idempotency_key),
        )
    except Rejected as problem:
        return await _show(visit, line_id, name, problem)
    return visit.redirect(f"/lines/{line_id}", act.done)


@router.get("/lines/{line_id}/reports")
async def reports(visit: Visit, line_id: UUID, cursor: Cursor = "") -> Response:
    """All reports of a line, newest first."""
    return await _part(visit, line_id, "reports", 25, cursor)


@router.get("/lines/{line_id}/comments")
async def comments(visit: Visit, line_id: UUID, cursor: Cursor = "") -> Response:
    """All that was said about a line, newest first."""
    return await _part(visit, line_id, "comments", 25, cursor)


@router.get("/lines/{line_id}/history")
async def story(visit: Visit, line_id: UUID, cursor: Cursor = "") -> Response:
    """The story of a line from its beginning."""
    return await _part(visit, line_id, "history", ENTRIES, cursor)


async def _part(visit: UserVisit, line_id: UUID, part: str, limit: int, cursor: str) -> Response:
    path = f"{API}/lines/{line_id}"
    shown, found = await asyncio.gather(
        visit.api.get(path), visit.api.get(f"{path}/{part}", limit=limit, cursor=cursor)
    )
    return visit.render(f"lines/{part}.html", **_said_of(shown), found=found, cursor=cursor)


@router.get("/how-lights-work")
async def lights(visit: Guest) -> Response:
    """How the lights are judged, for everybody."""
    thresholds = None
    if isinstance(visit, UserVisit) and visit.has(*PROGRESS):
        thresholds = await visit.api.get(f"{API}/thresholds")
    shown = [(light, rules.light_rule(name, thresholds)) for name, light in rules.LIGHT_RULES.items()]
    return visit.render("lines/lights.html", rules=shown, thresholds=thresholds)
