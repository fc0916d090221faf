"""Integrators (对接系统): the security administrator registers other systems, and grants zones to them."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from portal.integrators import rules
from portal.web.api import Code, Rejected
from portal.web.language import t
from portal.web.visit import UserVisit, Visit
from portal.web.words import Both

router = APIRouter(prefix="/integrators")
API = "/api/notify/v1/integrators"
PAGE = 50
ACTS: dict[str, Both] = {
    "suspension": ("已停用", "Suspended"),
    "resumption": ("已恢复", "Resumed"),
    "removal": ("已移除，正在从统一身份认证和 Kafka 中清除", "Removed; Keycloak and Kafka are forgetting it"),
}


@router.get("")
async def integrators(visit: Visit, cursor: Annotated[str, Query(max_length=500)] = "") -> Response:
    """All integrators and whether they are in step."""
    found = await visit.api.get(API, cursor=cursor, limit=PAGE)
    for each in found["items"]:
        each["state"] = rules.state(each)
    names = await visit.unless_away(_names(visit)) or {}
    return visit.render("integrators/integrators.html", found=found, cursor=cursor, names=names)


@router.get("/_new")
async def new(visit: Visit) -> Response:
    """The form for a further integrator."""
    return await _form(visit, {"client": "", "name": "", "contact": "", "tenants": []})


@router.post("/_new")
async def register(visit: Visit) -> Response:
    """Registers an integrator."""
    given = {name: visit.field(name) for name in ("client", "name", "contact")} | {"tenants": visit.column("tenants")}
    try:
        await visit.api.post(API, json=given, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _form(visit, given, problem)
    return visit.redirect(
        f"/integrators/{given['client']}", ("已登记，请生成密钥交给对接方", "Registered; now make a secret for it")
    )


@router.get("/{client}")
async def integrator(visit: Visit, client: Code) -> Response:
    """One integrator: what is granted to it, and where it finds it."""
    return await _page(visit, client)


@router.get("/{client}/_steps")
async def steps(visit: Visit, client: Code) -> Response:
    """Whether Keycloak and Kafka are in step; asked for again until they are."""
    return visit.render("integrators/_steps.html", integrator=await visit.api.get(f"{API}/{client}"))


@router.post("/{client}/edit")
async def edit(visit: Visit, client: Code) -> Response:
    """Changes name and contact."""
    return await _change(visit, client, {name: visit.field(name) for name in ("name", "contact")}, ("已保存", "Saved"))


@router.post("/{client}/grant")
async def grant(visit: Visit, client: Code) -> Response:
    """Grants a zone."""
    had = (await visit.api.get(f"{API}/{client}"))["tenants"]
    wanted = {"tenants": sorted({*had, visit.field("tenant")})}
    return await _change(visit, client, wanted, ("已授权", "Granted"))


@router.post("/{client}/revoke")
async def revoke(visit: Visit, client: Code) -> Response:
    """Takes a zone back."""
    had = (await visit.api.get(f"{API}/{client}"))["tenants"]
    wanted = {"tenants": [tenant for tenant in had if tenant != visit.field("tenant")]}
    return await _change(visit, client, wanted, ("已撤销授权", "Revoked"))


@router.post("/{client}/secret")
async def rotate(visit: Visit, client: Code) -> Response:
    """A new secret, shown on this page alone."""
    try:
        made = await visit.api.post(
            f"{API}/{client}/secret", if_match=visit.if_match, idempotency_key=visit.idempotency_key
        )
    except Rejected as problem:
        return await _page(visit, client, problem)
    page = visit.render("integrators/secret.html", client=client, secret=made["secret"])
    page.headers["Cache-Control"] = "no-store"
    return page


@router.post("/{client}/{act}")
async def act(visit: Visit, client: Code, act: rules.Act) -> Response:
    """Suspends, resumes or removes it."""
    body = None if act == "resumption" else {"reason": visit.field("reason")}
    try:
        await visit.api.post(
            f"{API}/{client}/{act}", json=body, if_match=visit.if_match, idempotency_key=visit.idempotency_key
        )
    except Rejected as problem:
        return await _page(visit, client, problem)
    return visit.redirect("/integrators" if act == "removal" else f"/integrators/{client}", ACTS[act])


async def _change(visit: UserVisit, client: str, wanted: dict[str, Any], notice: Both) -> Response:
    path = f"{API}/{client}"
    try:
        await visit.api.patch(path, json=wanted, if_match=visit.if_match, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _page(visit, client, problem)
    return visit.redirect(f"/integrators/{client}", notice)


async def _page(visit: UserVisit, client: str, problem: Rejected | None = None) -> Response:
    found, names = await visit.api.get(f"{API}/{client}"), await visit.unless_away(_names(visit)) or {}
    return visit.render(
        "integrators/integrator.html",
        status=problem.status if problem else 200,
        integrator=found,
        names=names,
        open=[code for code in names if code not in found["tenants"]],
        problem=problem,
    )


async def _form(visit: UserVisit, shown: dict[str, Any], problem: Rejected | None = None) -> Response:
    status = problem.status if problem else 200
    names = await _names(visit)
    return visit.render("integrators/form.html", status=status, shown=shown, names=names, problem=problem)


async def _names(visit: UserVisit) -> dict[str, str]:
    """What may be granted: the zones and the province, by code."""
    zones = (await visit.api.get("/api/catalog/v1/zones", limit=200))["items"]
    return {zone["code"]: zone["name"] for zone in zones} | {"province": t("省级事项", "Provincial lines")}
