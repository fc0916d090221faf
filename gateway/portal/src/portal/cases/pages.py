"""Innovation cases (创新案例): the list, one case with its evaluation and replication, and what is done with it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from chassis.auth import Role
from portal.attachments import listing
from portal.cases.acts import ACTS, written
from portal.lines.words import options
from portal.web.addresses import Short, address
from portal.web.api import Forbidden, Missing, Rejected
from portal.web.language import t
from portal.web.visit import UserVisit, Visit
from portal.web.words import CASE_LEVELS

router = APIRouter(prefix="/cases")
API = "/api/progress/v1"
SCHEME = f"{API}/case-scheme"
EMPTY_ROWS = 2
Json = Mapping[str, Any]


class Filters(BaseModel):
    """What the list is narrowed by, as it stands in its address; empty means all."""

    zone: Short = ""
    state: Short = ""
    level: Short = ""
    q: Short = ""
    cursor: Annotated[str, Field(max_length=500)] = ""

    @property
    def here(self) -> str:
        """The first page of this list."""
        return address("/cases", **self.model_dump(exclude={"cursor"}))


@router.get("")
async def cases(visit: Visit, filters: Annotated[Filters, Query()]) -> Response:
    """The cases that the user may see."""
    found, zones = await asyncio.gather(visit.api.get(f"{API}/cases", **filters.model_dump(), limit=25), _zones(visit))
    return visit.render(
        "cases/cases.html",
        found=found,
        filters=filters,
        zones=zones,
        drafting=visit.may_begin(Role.CITY),
        options=options,
        levels=[(code, t(*words)) for code, words in CASE_LEVELS.items()],
    )


@router.get("/_new")
async def new(visit: Visit) -> Response:
    """The form for a new case of the user's zone."""
    if not visit.may_begin(Role.CITY):
        raise Forbidden
    return _form(visit, None, {})


@router.post("/_new")
async def draft(visit: Visit) -> Response:
    """Drafts a case."""
    try:
        case = await visit.api.post(f"{API}/cases", json=written(visit), idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return _form(visit, None, written(visit), problem)
    return visit.redirect(f"/cases/{case['id']}", ("草稿已保存", "The draft is saved"))


@router.get("/_scheme")
async def scheme(visit: Visit) -> Response:
    """The scoring sheet."""
    return await _scheme(visit)


@router.post("/_scheme")
async def set_scheme(visit: Visit) -> Response:
    """Sets the criteria and weights of later rounds."""
    rows = zip(visit.column("name"), visit.column("weight"), strict=False)
    criteria = [
        {"name": name, "weight": int(weight) if weight.isdecimal() else weight} for name, weight in rows if name
    ]
    try:
        await visit.api.put(
            SCHEME, json={"criteria": criteria}, if_match=visit.if_match, idempotency_key=visit.idempotency_key
        )
    except Rejected as problem:
        return await _scheme(visit, criteria, problem)
    return visit.redirect("/cases/_scheme", ("评分表已保存", "The scoring sheet is saved"))


@router.get("/{case_id}")
async def case(visit: Visit, case_id: UUID) -> Response:
    """One case."""
    return await _show(visit, case_id)


@router.get("/{case_id}/edit")
async def edit(visit: Visit, case_id: UUID) -> Response:
    """The form for a draft; the case itself when it may not be changed now."""
    if not visit.has(Role.CITY):
        raise Forbidden
    case = await visit.api.get(f"{API}/cases/{case_id}")
    if "edit" not in case["actions"]:
        return visit.redirect(f"/cases/{case_id}")
    return _form(visit, case, case | {"tasks": [task["code"] for task in case["tasks"]]})


@router.post("/{case_id}/edit")
async def rewrite(visit: Visit, case_id: UUID) -> Response:
    """Writes a draft anew."""
    path = f"{API}/cases/{case_id}"
    try:
        await visit.api.put(path, json=written(visit), if_match=visit.if_match, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return _form(visit, await visit.api.get(path), written(visit), problem)
    return visit.redirect(f"/cases/{case_id}", ("已保存", "Saved"))


@router.post("/{case_id}")
async def do(visit: Visit, case_id: UUID) -> Response:
    """Does what the form says, or shows it again with what is wrong."""
    name = visit.field("act")
    if name not in ACTS:
        raise Missing
    act = ACTS[name]
    try:
        await visit.api.post(
            f"{API}/cases/{case_id}/{act.path.format(zone=visit.user.tenant)}",
            json=act.body(visit),
            if_match=visit.if_match,
            idempotency_key=visit.idempotency_key,
        )
    except Rejected as problem:
        return await _show(visit, case_id, name, problem)
    return visit.redirect(f"/cases/{case_id}", act.done)


async def _show(visit: UserVisit, case_id: UUID, act: str = "", problem: Rejected | None = None) -> Response:
    """``act`` is what was tried, and ``problem`` why it was not done: what was typed is kept."""
    path = f"{API}/cases/{case_id}"
    case, rounds, attached = await asyncio.gather(
        visit.api.get(path), visit.api.get(f"{path}/rounds"), listing.of(visit, "case", case_id)
    )
    replications, own = await _replications(visit, case)
    return visit.render(
        "cases/case.html",
        status=problem.status if problem else 200,
        case=case,
        rounds=rounds["items"],
        attached=attached,
        replications=replications,
        own=own,
        units=await _units(visit) if "invite" in case["actions"] else [],
        act=act,
        problem=problem,
        typed=visit.form if problem else {},
    )


async def _replications(visit: UserVisit, case: Json) -> tuple[list[Json], Json | None]:
    """What the zones make of a published case, and what the user's own zone does, if it is another."""
    if case["state"] not in ("published", "retracted"):
        return [], None
    found = await visit.api.get(f"{API}/replications", case=case["id"], limit=200)
    if case["state"] != "published" or visit.user.scope != "tenant" or visit.user.tenant == case["zone"]:
        return found["items"], None
    return found["items"], await visit.api.get(f"{API}/cases/{case['id']}/replications/{visit.user.tenant}")


async def _units(visit: UserVisit) -> list[Json]:
    """The units to choose evaluators from."""
    return [unit for unit in await visit.listed("/api/catalog/v1/units") if unit["kind"] != "city"]


async def _zones(visit: UserVisit) -> list[tuple[str, str]]:
    """All zones by code and name, to choose from."""
    return [(zone["code"], zone["name"]) for zone in await visit.listed("/api/catalog/v1/zones")]


async def _scheme(
    visit: UserVisit, criteria: Sequence[Json] | None = None, problem: Rejected | None = None
) -> Response:
    found = await visit.api.get(SCHEME)
    status = problem.status if problem else 200
    shown = found["criteria"] if criteria is None else criteria
    return visit.render("cases/scheme.html", status=status, scheme=found, criteria=shown, problem=problem)


def _form(visit: UserVisit, case: Json | None, shown: Json, problem: Rejected | None = None) -> Response:
    status = problem.status if problem else 200
    return visit.render(
        "cases/form.html", status=status, case=case, shown=shown, problem=problem, empty_rows=EMPTY_ROWS
    )
