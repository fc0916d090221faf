"""Handovers (工作交接): what is a person's, shown, confirmed and passed to another of the same office."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from chassis.auth import Role
from portal.web.api import Forbidden, Rejected, conditions
from portal.web.visit import UserVisit, Visit
from portal.web.words import Both

router = APIRouter(prefix="/handovers")
API = "/api/progress/v1"
PAGE = 25
Thing = dict[str, Any]
KINDS: Mapping[str, Both] = {
    "line": ("推进事项", "Line"),
    "filing": ("期次填报", "Filing"),
    "order": ("督办单", "Order"),
    "problem": ("协调问题", "Problem"),
    "case": ("创新案例", "Case"),
    "replication": ("复制推广", "Replication"),
    "objection": ("考评异议", "Objection"),
}
WITHIN: Mapping[str, str] = {"replication": "/cases", "objection": "/assessments"}
"""Where things stand that have no page of their own."""


@router.get("")
async def handovers(visit: Visit, cursor: Annotated[str, Query(max_length=500)] = "") -> Response:
    """What was handed over within the user's office, newest first; and what is open and the user's own."""
    own, found = await asyncio.gather(
        _belongings(visit, visit.user.name if visit.has(Role.CITY, Role.DEPARTMENT) else ""),
        visit.api.get(f"{API}/handovers", cursor=cursor, limit=PAGE),
    )
    return visit.render(
        "handovers/handovers.html",
        own=_linked(own),
        works=visit.has(Role.CITY, Role.DEPARTMENT),
        found=found,
        cursor=cursor,
        kinds=KINDS,
        manages=_manages(visit),
    )


@router.get("/_new")
async def new(visit: Visit, giver: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Asks whose work passes on, then shows the list to be confirmed."""
    return await _form(visit, giver.strip())


@router.post("/_new")
async def hand_over(visit: Visit) -> Response:
    """Hands over the list that was shown, or shows it again with what is wrong."""
    said = {name: visit.field(name) for name in ("giver", "receiver", "reason")}
    body = said | {"things": visit.column("things")}
    try:
        made = await visit.api.post(f"{API}/handovers", json=body, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _form(visit, said["giver"], problem)
    return visit.redirect(f"/handovers/{made['id']}", ("已交接", "Handed over"))


@router.get("/_person")
async def person(visit: Visit, line: UUID) -> Response:
    """The form to name who is responsible for a line."""
    return await _person(visit, line)


@router.post("/_person")
async def name(visit: Visit, line: UUID) -> Response:
    """Names who is responsible for a line within the user's office."""
    path, headers = f"{API}/lines/{line}/person", conditions(visit.if_match, visit.idempotency_key)
    try:
        await visit.api.ask("PUT", path, json={"person": visit.field("person")}, headers=headers)
    except Rejected as problem:
        return await _person(visit, line, problem)
    return visit.redirect(f"/lines/{line}", ("责任人已确定", "The responsible person is named"))


@router.get("/{handover_id}")
async def handover(visit: Visit, handover_id: UUID) -> Response:
    """One handover with its list."""
    shown = await visit.api.get(f"{API}/handovers/{handover_id}")
    return visit.render("handovers/handover.html", handover=shown, things=_linked(shown["things"]), kinds=KINDS)


async def _person(visit: UserVisit, line_id: UUID, problem: Rejected | None = None) -> Response:
    if not _manages(visit):
        raise Forbidden
    path = f"{API}/lines/{line_id}"
    line, named, known = await asyncio.gather(
        visit.api.get(path), visit.api.get(f"{path}/person"), visit.api.get(f"{API}/persons")
    )
    return visit.render(
        "handovers/person.html",
        status=problem.status if problem else 200,
        line=line,
        named=named,
        persons=known["items"],
        problem=problem,
    )


async def _form(visit: UserVisit, giver: str, problem: Rejected | None = None) -> Response:
    if not _manages(visit):
        raise Forbidden
    known, own = await asyncio.gather(visit.api.get(f"{API}/persons"), _belongings(visit, giver))
    return visit.render(
        "handovers/new.html",
        status=problem.status if problem else 200,
        persons=known["items"],
        receivers=[each for each in known["items"] if each["account"] and each["name"] != giver],
        giver=giver,
        things=_linked(own),
        kinds=KINDS,
        problem=problem,
    )


async def _belongings(visit: UserVisit, person: str) -> list[Thing]:
    return list((await visit.api.get(f"{API}/belongings", person=person))["items"]) if person else []


def _linked(things: list[Thing]) -> list[Thing]:
    """Each with the page where it is worked on."""
    return [
        thing | {"href": f"{WITHIN[thing['kind']]}/{thing['within']}" if thing["within"] else _own_page(thing)}
        for thing in things
    ]


def _own_page(thing: Thing) -> str:
    return f"/{thing['kind']}s/{thing['id']}"


def _manages(visit: UserVisit) -> bool:
    """Whether the user manages an office that has things of its own."""
    return visit.has(Role.ADMIN) and visit.may_begin(Role.CITY, Role.DEPARTMENT)
