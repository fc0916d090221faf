"""Zones (片区、联动创新区): everybody reads, the province adds, changes, closes and opens again."""

from typing import Any, Literal

from fastapi import APIRouter, Response

from chassis.auth import Role
from portal.web.api import Code, Forbidden, Rejected
from portal.web.menu import PROGRESS
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/zones")
API = "/api/catalog/v1/zones"
AREAS = ("area_km2", "bonded_area_km2")
FIELDS = ("name", "kind", *AREAS, "positioning", "industries")
DONE = {
    "closing": ("片区已撤销，内容只供查阅", "The zone is closed; what there is of it can only be read"),
    "reopening": ("片区已恢复", "The zone is open again"),
}
PLACES = {"code-taken": "code", "name-taken": "name", "city-taken": "city"}


@router.get("")
async def zones(visit: Visit) -> Response:
    """All zones."""
    found = await visit.api.get(API, limit=200)
    return visit.render("zones/zones.html", zones=found["items"], province=visit.has(Role.PROVINCE))


@router.get("/_new")
async def new(visit: Visit) -> Response:
    """The form for a further zone."""
    return _form(visit, None, dict.fromkeys(("code", "city", *FIELDS), "") | {"kind": "linked"})


@router.post("/_new")
async def add(visit: Visit) -> Response:
    """Adds a zone, a tenant from then on."""
    given = _given(visit) | {"code": visit.field("code"), "city": visit.field("city") or None}
    try:
        zone = await visit.api.post(API, json=given, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return _form(visit, None, _sent(visit, "code", "city"), problem.at(PLACES))
    return visit.redirect(f"/zones/{zone['code']}/setup", ("片区已添加", "The zone was added"))


@router.get("/{code}")
async def zone(visit: Visit, code: Code) -> Response:
    """One zone."""
    return await _show(visit, code)


async def _show(visit: UserVisit, code: str, problem: Rejected | None = None) -> Response:
    found = await visit.api.get(f"{API}/{code}")
    reported = visit.user.scope in ("all", "audit") or visit.user.tenant == code
    status = problem.status if problem else 200
    return visit.render(
        "zones/zone.html", status=status, zone=found, lines=visit.has(*PROGRESS), reported=reported, problem=problem
    )


@router.get("/{code}/edit")
async def edit(visit: Visit, code: Code) -> Response:
    """The form for what is known of a zone."""
    zone = await visit.api.get(f"{API}/{code}")
    shown = {name: "" if zone[name] is None else zone[name] for name in FIELDS}
    return _form(visit, zone, shown | {"industries": "、".join(zone["industries"])})


@router.post("/{code}/edit")
async def change(visit: Visit, code: Code) -> Response:
    """Changes what is known of a zone."""
    path = f"{API}/{code}"
    try:
        await visit.api.patch(path, json=_given(visit), if_match=visit.if_match, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return _form(visit, await visit.api.get(path), _sent(visit), problem.at(PLACES))
    return visit.redirect(f"/zones/{code}", ("已保存", "Saved"))


@router.post("/{code}/{act}")
async def act(visit: Visit, code: Code, act: Literal["closing", "reopening"]) -> Response:
    """Closes a zone, or opens it again, with a reason."""
    body, headers = {"reason": visit.field("reason")}, {"if_match": visit.if_match}
    try:
        await visit.api.post(f"{API}/{code}/{act}", json=body, idempotency_key=visit.idempotency_key, **headers)
    except Rejected as problem:
        return await _show(visit, code, problem)
    return visit.redirect(f"/zones/{code}", DONE[act])


def _form(
    visit: UserVisit, zone: dict[str, Any] | None, shown: dict[str, Any], problem: Rejected | None = None
) -> Response:
    if not visit.has(Role.PROVINCE):
        raise Forbidden
    status = problem.status if problem else 200
    return visit.render("zones/form.html", status=status, zone=zone, shown=shown, problem=problem)


def _given(visit: UserVisit) -> dict[str, Any]:
    """What the form says, as the API takes it."""
    return {
        "name": visit.field("name"),
        "kind": visit.field("kind"),
        "positioning": visit.field("positioning"),
        "industries": visit.words("industries"),
    } | {name: visit.field(name) or None for name in AREAS}


def _sent(visit: UserVisit, *more: str) -> dict[str, Any]:
    """What the form says, as it was written."""
    return {name: visit.field(name) for name in (*FIELDS, *more)}
