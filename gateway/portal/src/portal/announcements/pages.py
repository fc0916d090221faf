"""Announcements (公告通知): the list, one with its text, the province's editor and who has read them."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from chassis import clock
from chassis.auth import Role
from portal.web.addresses import address
from portal.web.api import Failure, Forbidden, Missing, Rejected, conditions
from portal.web.offices import open_zones
from portal.web.visit import UserVisit, Visit
from portal.web.words import Both

router = APIRouter(prefix="/announcements")
API = "/api/notify/v1/announcements"
PAGE, OFFICES = 25, 100
Cursor = Annotated[str, Query(max_length=500)]
Thing = Mapping[str, Any]
EMPTY: Thing = {"title": "", "text": "", "shown_until": "", "must_confirm": False, "reason": None, "addressed": []}


@router.get("")
async def announcements(
    visit: Visit,
    status: Literal["", "draft", "published", "replaced", "withdrawn", "cancelled"] = "",
    waiting: bool = False,
    cursor: Cursor = "",
) -> Response:
    """What the user may read, newest first."""
    asked = {"status": status, "waiting": "true" if waiting else None}
    found = await visit.api.get(API, **asked, cursor=cursor, limit=PAGE)
    here = address("/announcements", **asked)
    shown: dict[str, Any] = {"found": found, "chosen": status, "waiting": waiting, "cursor": cursor, "here": here}
    return visit.render("announcements/announcements.html", **shown)


@router.get("/_new")
async def new(visit: Visit, corrects: Annotated[UUID | None, Query()] = None) -> Response:
    """The form for a draft; of a correction it begins with what is corrected."""
    if not visit.has(Role.PROVINCE):
        raise Forbidden
    given = _editable(await visit.api.get(f"{API}/{corrects}")) | {"reason": None} if corrects else EMPTY
    return await _form(visit, given, "/announcements/_new", corrects=corrects)


@router.post("/_new")
async def draft(visit: Visit) -> Response:
    """Saves a draft, which is shown as its readers will see it."""
    corrects = visit.field("corrects") or None
    try:
        made = await visit.api.post(
            API, json=_said(visit) | {"corrects": corrects}, idempotency_key=visit.idempotency_key
        )
    except Rejected as problem:
        return await _form(visit, _said(visit), "/announcements/_new", corrects=corrects, problem=problem)
    return visit.redirect(f"/announcements/{made['id']}", SAVED)


@router.get("/{announcement_id}")
async def announcement(visit: Visit, announcement_id: UUID, edit: bool = False) -> Response:
    """One announcement, which is noted as read by whom it is for; with ``edit`` a draft in its form."""
    path = f"{API}/{announcement_id}"
    shown = await visit.api.get(path)
    if edit and "edit" in shown["actions"]:
        return await _form(visit, _editable(shown), f"/announcements/{announcement_id}", of=shown)
    if visit.has(Role.CITY, Role.DEPARTMENT) and shown["read_at"] is None:
        with suppress(Failure):
            await visit.api.post(f"{path}/reading")
    return visit.render("announcements/announcement.html", announcement=shown, problem=None)


Body = Callable[[UserVisit], dict[str, Any]]
SAVED: Both = ("草稿已保存，请预览后发布", "The draft is saved; please look at it, then publish")
ACTS: Mapping[str, tuple[str, str, Both]] = {
    "edit": ("PUT", "", SAVED),
    "publish": (
        "POST",
        "/publication",
        ("公告已发布，内容不再改变", "The announcement is published and will not change"),
    ),
    "cancel": ("POST", "/cancellation", ("草稿已作废", "The draft is given up")),
    "withdraw": ("POST", "/withdrawal", ("公告已撤回", "The announcement is withdrawn")),
    "remind": ("POST", "/reminder", ("已提醒尚未阅读的单位", "The offices that have not read it are reminded")),
    "confirm": ("POST", "/confirmation", ("已确认已阅", "Confirmed as read")),
}


@router.post("/{announcement_id}")
async def do(visit: Visit, announcement_id: UUID) -> Response:
    """Saves, publishes, withdraws, reminds or confirms, or shows it again with what is wrong."""
    act = visit.field("act")
    if act not in ACTS:
        raise Missing
    method, below, done = ACTS[act]
    path, here = f"{API}/{announcement_id}", f"/announcements/{announcement_id}"
    body = {"edit": _said(visit), "withdraw": {"reason": visit.field("reason")}}.get(act)
    try:
        await visit.api.ask(method, path + below, json=body, headers=conditions(visit.if_match, visit.idempotency_key))
    except Rejected as problem:
        shown = await visit.api.get(path)
        if act == "edit":
            typed = shown | {"version": visit.if_match}
            return await _form(visit, _said(visit), here, of=typed, problem=problem)
        return visit.render(
            "announcements/announcement.html", status=problem.status, announcement=shown, problem=problem
        )
    return visit.redirect(here, done)


@router.get("/{announcement_id}/offices")
async def offices(
    visit: Visit, announcement_id: UUID, waiting: Literal["", "true", "false"] = "", cursor: Cursor = ""
) -> Response:
    """Which offices have read it, and which have not."""
    if not visit.has(Role.PROVINCE, Role.AUDITOR):
        raise Forbidden
    path = f"{API}/{announcement_id}"
    shown, found = await asyncio.gather(
        visit.api.get(path), visit.api.get(f"{path}/offices", waiting=waiting, cursor=cursor, limit=OFFICES)
    )
    here = address(f"/announcements/{announcement_id}/offices", waiting=waiting)
    return visit.render(
        "announcements/offices.html", announcement=shown, found=found, chosen=waiting, cursor=cursor, here=here
    )


def _said(visit: UserVisit) -> dict[str, Any]:
    said: dict[str, Any] = {name: visit.field(name) for name in ("title", "text", "shown_until")}
    said |= {"must_confirm": bool(visit.field("must_confirm")), "addressed": visit.column("addressed")}
    return said | {"reason": visit.field("reason") or None}


def _editable(shown: Thing) -> dict[str, Any]:
    return {name: shown[name] for name in EMPTY} | {"addressed": [each["office"] for each in shown["addressed"]]}


async def _form(
    visit: UserVisit,
    given: Thing,
    action: str,
    *,
    corrects: object = None,
    of: Thing | None = None,
    problem: Rejected | None = None,
) -> Response:
    """``of`` is the draft that is edited; a new one has none."""
    zones, units = await asyncio.gather(
        visit.api.get("/api/catalog/v1/zones", limit=200), visit.api.get("/api/catalog/v1/units", limit=200)
    )
    return visit.render(
        "announcements/edit.html",
        status=problem.status if problem else 200,
        given=given,
        action=action,
        corrects=corrects or (of and of["corrects"]),
        draft=of,
        zones=open_zones(zones["items"]),
        units=units["items"],
        today=clock.today().isoformat(),
        problem=problem,
    )
