"""People and their accounts (用户): an office's administrators manage their own, the security administrator all."""

import asyncio
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from portal.people import words
from portal.web.addresses import address
from portal.web.api import Rejected, conditions
from portal.web.visit import UserVisit, Visit
from portal.web.words import Both

router = APIRouter()
API, DEMANDS = "/api/catalog/v1/people", "/api/catalog/v1/second-factors"
PAGE = 20
CLIENTS: dict[str, Both] = {
    "zoneportal-portal": ("本平台", "This portal"),
    "account-console": ("账号中心", "Account console"),
}
FACTORS: dict[str, Both] = {"totp": ("动态口令", "One-time codes"), "passkey": ("通行密钥", "Passkey")}
ACTS: dict[str, Both] = {
    "block": ("已停用", "Blocked"),
    "unblock": ("已启用", "Unblocked"),
}


@router.get("/people")
async def people(
    visit: Visit,
    q: Annotated[str, Query(max_length=100)] = "",
    office: Annotated[str, Query(max_length=40)] = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """People of the office, or of all, found by name, account or e-mail."""
    found = await visit.api.get(API, search=q.strip(), office=office, cursor=cursor, limit=PAGE)
    return visit.render(
        "people/people.html",
        found=found,
        q=q,
        office=office,
        cursor=cursor,
        here=address("/people", q=q, office=office),
        names=words.names(found["offices"]),
        ROLES=words.ROLES,
    )


@router.get("/people/_new")
async def new(visit: Visit, office: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The form by which somebody is invited."""
    return await _form(visit, {"username": "", "name": "", "email": "", "office": office, "roles": []})


@router.post("/people/_new")
async def invite(visit: Visit) -> Response:
    """Invites somebody; a password is shown when no mail could be sent."""
    given: dict[str, Any] = {name: visit.field(name) for name in ("username", "name", "email", "office")}
    given["roles"] = visit.column("roles")
    try:
        person = await visit.api.post(API, json=given, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _form(visit, given, problem)
    if person["mailed"]:
        said = (f"已邀请，邮件已发往 {person['email']}", f"Invited; a mail went to {person['email']}")
        return visit.redirect(f"/people/{person['id']}", said)
    return _password(visit, person)


@router.get("/people/{person_id}")
async def person(visit: Visit, person_id: UUID) -> Response:
    """One person's account."""
    return await _page(visit, person_id)


@router.post("/people/{person_id}/roles")
async def roles(visit: Visit, person_id: UUID) -> Response:
    """Gives the person the roles that are ticked."""
    given, headers = {"roles": visit.column("roles")}, conditions(visit.if_match, visit.idempotency_key)
    try:
        await visit.api.ask("PUT", f"{API}/{person_id}/roles", json=given, headers=headers)
    except Rejected as problem:
        return await _page(visit, person_id, problem)
    said = ("已保存，对方下次登录或数分钟内生效", "Saved; in effect within minutes, or at the next login")
    return visit.redirect(f"/people/{person_id}", said)


@router.post("/people/{person_id}/reset")
async def reset(visit: Visit, person_id: UUID) -> Response:
    """Resets password, second factors or both; a password is shown when no mail could be sent."""
    given, path = {"what": visit.column("what")}, f"{API}/{person_id}/reset"
    try:
        person = await visit.api.post(path, json=given, if_match=visit.if_match, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _page(visit, person_id, problem)
    if person["password"]:
        return _password(visit, person)
    mailed = (f"已重置，邮件已发往 {person['email']}", f"Reset; a mail went to {person['email']}")
    factors = ("已重置，下次登录时重新设置第二因素", "Reset; the next login asks for a new second factor")
    return visit.redirect(f"/people/{person_id}", mailed if person["mailed"] else factors)


@router.post("/people/{person_id}/logout")
async def logout(visit: Visit, person_id: UUID) -> Response:
    """Ends one login of the person, or all."""
    given, path = {"session": visit.field("session") or None}, f"{API}/{person_id}/logout"
    try:
        await visit.api.post(path, json=given, if_match=visit.if_match, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _page(visit, person_id, problem)
    return visit.redirect(f"/people/{person_id}", ("已结束，对方已退出", "Ended; they are logged out"))


@router.post("/people/{person_id}/{act}")
async def act(visit: Visit, person_id: UUID, act: Literal["block", "unblock"]) -> Response:
    """Blocks somebody, or lets them in again."""
    body = {"reason": visit.field("reason")} if act == "block" else None
    path = f"{API}/{person_id}/{act}"
    try:
        await visit.api.post(path, json=body, if_match=visit.if_match, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _page(visit, person_id, problem)
    return visit.redirect(f"/people/{person_id}", ACTS[act])


@router.get("/second-factors")
async def demands(visit: Visit) -> Response:
    """Of which roles a second factor is demanded."""
    return await _demands(visit)


@router.post("/second-factors")
async def demand(visit: Visit) -> Response:
    """Demands it of the roles that are ticked."""
    given, headers = {"roles": visit.column("roles")}, conditions(visit.if_match, visit.idempotency_key)
    try:
        await visit.api.ask("PUT", DEMANDS, json=given, headers=headers)
    except Rejected as problem:
        return await _demands(visit, problem)
    return visit.redirect("/second-factors", ("已保存，下次登录起生效", "Saved; in effect from the next login"))


async def _demands(visit: UserVisit, problem: Rejected | None = None) -> Response:
    found, status = await visit.api.get(DEMANDS), problem.status if problem else 200
    return visit.render("people/demands.html", status=status, found=found, ROLES=words.ROLES, problem=problem)


def _password(visit: UserVisit, person: dict[str, Any]) -> Response:
    page = visit.render("people/password.html", person=person)
    page.headers["Cache-Control"] = "no-store"
    return page


async def _form(visit: UserVisit, shown: dict[str, Any], problem: Rejected | None = None) -> Response:
    offices = (await visit.api.get(API, limit=1))["offices"]
    chosen = shown["office"] or (offices[0]["office"] if len(offices) == 1 else "")
    return visit.render(
        "people/form.html",
        status=problem.status if problem else 200,
        shown=shown | {"office": chosen},
        names=words.names(offices),
        grantable=next((each["roles"] for each in offices if each["office"] == chosen), []),
        ROLES=words.ROLES,
        problem=problem,
    )


async def _page(visit: UserVisit, person_id: UUID, problem: Rejected | None = None) -> Response:
    shown, everybody = await asyncio.gather(visit.api.get(f"{API}/{person_id}"), visit.api.get(API, limit=1))
    return visit.render(
        "people/person.html",
        status=problem.status if problem else 200,
        person=shown,
        names=words.names(everybody["offices"]),
        ROLES=words.ROLES,
        FACTORS=FACTORS,
        CLIENTS=CLIENTS,
        problem=problem,
    )
