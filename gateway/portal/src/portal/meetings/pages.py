"""Meetings of the leading group (领导小组会议): agenda, decisions, what became of earlier ones."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from chassis.auth import Role
from portal.meetings.acts import DECISIONS, MEETINGS, agenda
from portal.web.addresses import address
from portal.web.api import Forbidden, Missing, Rejected, conditions
from portal.web.offices import offices, open_zones
from portal.web.visit import UserVisit, Visit

router = APIRouter()
API = "/api/progress/v1"
PAGE, MANY, MOST_LINES = 25, 100, 200
Cursor = Annotated[str, Query(max_length=500)]
Json = Mapping[str, Any]


@router.get("/meetings")
async def meetings(visit: Visit, cursor: Cursor = "") -> Response:
    """The meetings, the latest first."""
    found = await visit.api.get(f"{API}/meetings", cursor=cursor, limit=PAGE)
    return visit.render("meetings/meetings.html", found=found, cursor=cursor)


@router.get("/meetings/_new")
async def new(visit: Visit) -> Response:
    """The form to plan a meeting."""
    if not visit.has(Role.PROVINCE):
        raise Forbidden
    return visit.render("meetings/new.html", given={}, problem=None)


@router.post("/meetings/_new")
async def plan(visit: Visit) -> Response:
    """Plans a meeting with its agenda."""
    given = agenda(visit)
    try:
        made = await visit.api.post(f"{API}/meetings", json=given, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return visit.render("meetings/new.html", status=problem.status, given=given, problem=problem)
    return visit.redirect(f"/meetings/{made['id']}", ("会议已登记", "The meeting is planned"))


@router.get("/meetings/{meeting_id}")
async def meeting(visit: Visit, meeting_id: UUID) -> Response:
    """One meeting."""
    return await _show(visit, meeting_id)


async def _show(visit: UserVisit, meeting_id: UUID, act: str = "", problem: Rejected | None = None) -> Response:
    shown = await visit.api.get(f"{API}/meetings/{meeting_id}")
    own, earlier = await asyncio.gather(
        visit.api.get(f"{API}/decisions", meeting=meeting_id, limit=MANY),
        visit.api.get(f"{API}/decisions", before=shown["held_on"], limit=MANY),
    )
    return visit.render(
        "meetings/meeting.html",
        status=problem.status if problem else 200,
        meeting=shown,
        own=own["items"],
        earlier=earlier["items"],
        offices=await _offices(visit) if "decide" in shown["actions"] else [],
        act=act,
        problem=problem,
        typed=visit.form if problem else {},
    )


async def _offices(visit: UserVisit) -> list[tuple[str, str]]:
    """Whom a decision may be given to: the zones, then the units."""
    zones, units = await asyncio.gather(visit.api.get(f"{API}/jurisdictions"), visit.listed("/api/catalog/v1/units"))
    places = [
        (f"zone:{each['code']}", each["name"]) for each in open_zones(zones["items"]) if each["kind"] != "province"
    ]
    return places + [(f"unit:{each['code']}", each["name"]) for each in units]


@router.post("/meetings/{meeting_id}")
async def change(visit: Visit, meeting_id: UUID) -> Response:
    """Does with the meeting what the form says, or shows it again with what is wrong."""
    name = visit.field("act")
    if name not in MEETINGS:
        raise Missing
    act, headers = MEETINGS[name], conditions(visit.if_match, visit.idempotency_key)
    path = f"{API}/meetings/{meeting_id}{act.path}"
    try:
        await visit.api.ask(act.method, path, json=act.body(visit), headers=headers)
    except Rejected as problem:
        return await _show(visit, meeting_id, name, problem)
    return visit.redirect(f"/meetings/{meeting_id}", act.done)


@router.get("/decisions")
async def decisions(
    visit: Visit, standing: Literal["", "open", "overdue", "done"] = "", cursor: Cursor = ""
) -> Response:
    """The decisions that the user may see, and what became of them."""
    found = await visit.api.get(f"{API}/decisions", standing=standing, cursor=cursor, limit=PAGE)
    here = address("/decisions", standing=standing)
    return visit.render("meetings/decisions.html", found=found, chosen=standing, cursor=cursor, here=here)


@router.get("/decisions/{decision_id}")
async def decision(visit: Visit, decision_id: UUID) -> Response:
    """One decision."""
    return await _decision(visit, decision_id)


async def _decision(visit: UserVisit, decision_id: UUID, act: str = "", problem: Rejected | None = None) -> Response:
    shown = await visit.api.get(f"{API}/decisions/{decision_id}")
    acting = bool(shown["actions"])
    return visit.render(
        "meetings/decision.html",
        status=problem.status if problem else 200,
        decision=shown,
        places=open_zones((await visit.api.get(f"{API}/jurisdictions"))["items"]) if acting else [],
        plans=await visit.listed("/api/catalog/v1/plans") if acting else [],
        offices=await visit.unless_away(offices(visit.api)) if "order" in shown["actions"] else None,
        lines=await _lines(visit, shown["office"]) if "order" in shown["actions"] else {},
        members=visit.column("members") if problem else [],
        chosen=visit.column("lines") if problem else [],
        act=act,
        problem=problem,
        typed=visit.form if problem else {},
    )


async def _lines(visit: UserVisit, office: str) -> dict[str, list[Json]]:
    """What an order of the decision may concern: the lines of the office that leads it, by plan."""
    kind, _, code = office.partition(":")
    whose = {"jurisdiction": code} if kind == "zone" else {"unit": code}
    found: dict[str, list[Json]] = {}
    for line in (await visit.api.get(f"{API}/lines", **whose, limit=MOST_LINES))["items"]:
        found.setdefault(line["task"]["plan"]["name"], []).append(line)
    return found


@router.post("/decisions/{decision_id}")
async def become(visit: Visit, decision_id: UUID) -> Response:
    """Makes of the decision what the form says, or shows it again with what is wrong; a task is written at once."""
    name = visit.field("act")
    if name not in DECISIONS:
        raise Missing
    act, headers = DECISIONS[name], conditions(visit.if_match, visit.idempotency_key)
    path = f"{API}/decisions/{decision_id}{act.path}"
    try:
        body = await _noted(visit) if name == "note" else act.body(visit)
        became = await visit.api.ask(act.method, path, json=body, headers=headers)
    except Rejected as problem:
        return await _decision(visit, decision_id, name, problem)
    written = f"/manuscripts/{became['plan']}/tasks/0?decision={decision_id}"
    return visit.redirect(written if name == "propose" else f"/decisions/{decision_id}", act.done)


async def _noted(visit: UserVisit) -> dict[str, str]:
    """The line that the form names by task and jurisdiction."""
    wanted = {name: visit.field(name) for name in ("task", "jurisdiction")}
    found = (await visit.api.get(f"{API}/lines", **wanted, limit=2))["items"] if wanted["task"] else []
    if len(found) != 1:
        said = ("该辖区没有此编号的推进事项。", "There is no line of this number in the jurisdiction.")
        raise Rejected.here(422, "unknown-line", ("内容不符合要求", "Invalid content"), said, {"task": said})
    return {"line_id": found[0]["id"]}
