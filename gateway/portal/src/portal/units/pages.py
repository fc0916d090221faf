"""Responsible units (责任单位): everybody reads, the province adds and changes."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from chassis.auth import Role
from portal.web.addresses import address
from portal.web.api import Code, Forbidden, Rejected
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/units")
API = "/api/catalog/v1/units"
PAGE = 30
TASKS = "/api/catalog/v1/tasks"
SHOWN = 8
SUGGESTED = 20
FIELDS = ("name", "kind", "aliases")
PLACES = {"code-taken": "code", "name-taken": "name"}
Words = Annotated[str, Query(max_length=100)]


@router.get("")
async def units(
    visit: Visit, q: Words = "", kind: Words = "", cursor: Annotated[str, Query(max_length=500)] = ""
) -> Response:
    """The units by code."""
    found = await visit.api.get(API, q=q, kind=kind, cursor=cursor, limit=PAGE)
    return visit.render(
        "units/units.html",
        found=found,
        q=q,
        kind=kind,
        cursor=cursor,
        here=address("/units", q=q, kind=kind),
        province=visit.has(Role.PROVINCE),
    )


@router.get("/_suggestions")
async def suggestions(visit: Visit, unit: Words = "") -> Response:
    """Names and aliases that have these words in them, for a field that asks for a unit."""
    found = await visit.api.get(API, q=unit.strip(), limit=SUGGESTED)
    return visit.render("units/_suggestions.html", units=found["items"], words=unit.strip())


@router.get("/_new")
async def new(visit: Visit) -> Response:
    """The form for a further unit."""
    return _form(visit, None, dict.fromkeys(("code", *FIELDS), "") | {"kind": "department"})


@router.post("/_new")
async def add(visit: Visit) -> Response:
    """Adds a unit."""
    given = _given(visit) | {"code": visit.field("code") or None}
    try:
        unit = await visit.api.post(API, json=given, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return _form(visit, None, _sent(visit, "code"), problem.at(PLACES))
    return visit.redirect(f"/units/{unit['code']}", ("单位已添加", "The unit was added"))


@router.get("/{code}")
async def unit(visit: Visit, code: Code) -> Response:
    """One unit with its tasks."""
    unit, lead, member = await asyncio.gather(
        visit.api.get(f"{API}/{code}"),
        visit.api.get(TASKS, unit=code, role="lead", limit=SHOWN),
        visit.api.get(TASKS, unit=code, role="member", limit=SHOWN),
    )
    return visit.render("units/unit.html", unit=unit, lead=lead, member=member)


@router.get("/{code}/edit")
async def edit(visit: Visit, code: Code) -> Response:
    """The form for what is known of a unit."""
    unit = await visit.api.get(f"{API}/{code}")
    return _form(visit, unit, {**unit, "aliases": "\n".join(unit["aliases"])})


@router.post("/{code}/edit")
async def change(visit: Visit, code: Code) -> Response:
    """Changes what is known of a unit."""
    path = f"{API}/{code}"
    try:
        await visit.api.patch(path, json=_given(visit), if_match=visit.if_match, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return _form(visit, await visit.api.get(path), _sent(visit), problem.at(PLACES))
    return visit.redirect(f"/units/{code}", ("已保存", "Saved"))


def _form(
    visit: UserVisit, unit: dict[str, Any] | None, shown: dict[str, Any], problem: Rejected | None = None
) -> Response:
    if not visit.has(Role.PROVINCE):
        raise Forbidden
    status = problem.status if problem else 200
    return visit.render("units/form.html", status=status, unit=unit, shown=shown, problem=problem)


def _given(visit: UserVisit) -> dict[str, Any]:
    """What the form says, as the API takes it."""
    return {
        "name": visit.field("name"),
        "kind": visit.field("kind"),
        "aliases": visit.words("aliases"),
    }


def _sent(visit: UserVisit, *more: str) -> dict[str, Any]:
    """What the form says, as it was written."""
    return {name: visit.field(name) for name in (*FIELDS, *more)}
