"""Bulletins (通报): the list, one with its facts and documents, the province's drafts."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from chassis import clock
from chassis.auth import Role
from portal.bulletins import rules
from portal.web.addresses import address
from portal.web.api import Forbidden, Missing, Rejected, conditions
from portal.web.offices import open_zones
from portal.web.visit import UserVisit, Visit
from portal.web.words import Both

router = APIRouter(prefix="/bulletins")
API = "/api/progress/v1"
PAGE, FACTS = 25, 50
Cursor = Annotated[str, Query(max_length=500)]
Id = Annotated[UUID | None, Query()]


@router.get("")
async def bulletins(
    visit: Visit, status: Literal["", "draft", "published", "cancelled"] = "", cursor: Cursor = ""
) -> Response:
    """What the user may read, newest first."""
    found = await visit.api.get(f"{API}/bulletins", status=status, cursor=cursor, limit=PAGE)
    here = address("/bulletins", status=status)
    return visit.render("bulletins/bulletins.html", found=found, chosen=status, cursor=cursor, here=here)


@router.get("/_new")
async def new(visit: Visit, corrects: Id = None) -> Response:
    """The form for a draft; by default of the month before, or of what is to be corrected."""
    if not visit.has(Role.PROVINCE):
        raise Forbidden
    given: Mapping[str, Any] = dict(zip(("since", "until"), rules.last_month(clock.today()), strict=True))
    if corrects:
        given = await visit.api.get(f"{API}/bulletins/{corrects}")
    return await _form(visit, given, corrects)


@router.post("/_new")
async def draft(visit: Visit) -> Response:
    """Has a draft made from the facts."""
    given: dict[str, Any] = {name: visit.field(name) for name in ("since", "until")}
    given |= {name: visit.column(name) for name in ("plans", "zones")} | {"period_id": visit.field("period_id")}
    corrects = rules.uuid(visit.field("corrects"))
    body = rules.draft(given) | ({"corrects": str(corrects)} if corrects else {})
    try:
        made = await visit.api.post(f"{API}/bulletins", json=body, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _form(visit, given, corrects, problem)
    return visit.redirect(
        f"/bulletins/{made['id']}", ("草稿已生成，请核对后发布", "The draft is made; please check it")
    )


async def _form(
    visit: UserVisit, given: Mapping[str, Any], corrects: UUID | None, problem: Rejected | None = None
) -> Response:
    today = clock.today().isoformat()
    plans, places, periods = await asyncio.gather(
        visit.api.get("/api/catalog/v1/plans", limit=200),
        visit.api.get(f"{API}/jurisdictions"),
        visit.api.get(f"{API}/periods", limit=PAGE),
    )
    return visit.render(
        "bulletins/new.html",
        status=problem.status if problem else 200,
        given={"plans": [], "zones": [], "period_id": "", **given},
        periods=[period for period in periods["items"] if period["ends"] <= today],
        corrects=corrects,
        plans=plans["items"],
        places=places["items"],
        today=today,
        problem=problem,
    )


@router.get("/{bulletin_id}")
async def bulletin(visit: Visit, bulletin_id: UUID, edit: bool = False) -> Response:
    """One bulletin; with ``edit`` a draft's text in a form."""
    shown = await visit.api.get(f"{API}/bulletins/{bulletin_id}")
    if edit and "edit" in shown["actions"]:
        return visit.render("bulletins/edit.html", bulletin=shown, problem=None)
    return await _show(visit, shown)


async def _show(visit: UserVisit, shown: Mapping[str, Any], problem: Rejected | None = None) -> Response:
    publishing = "publish" in shown["actions"]
    return visit.render(
        "bulletins/bulletin.html",
        status=problem.status if problem else 200,
        bulletin=shown,
        numbered=rules.numbered(shown["parts"]),
        places=open_zones((await visit.api.get(f"{API}/jurisdictions"))["items"]) if publishing else [],
        units=await visit.listed("/api/catalog/v1/units") if publishing else [],
        chosen=visit.column("readers") if problem else [],
        problem=problem,
    )


Body = Callable[[UserVisit], dict[str, Any]]
ACTS: Mapping[str, tuple[str, str, Body, Both]] = {
    "edit": ("PUT", "", lambda visit: rules.text(visit.form), ("草稿已保存", "The draft is saved")),
    "publish": (
        "POST",
        "/publication",
        lambda visit: {"readers": visit.column("readers")},
        ("通报已发布，内容不再改变", "The bulletin is published and will not change"),
    ),
    "cancel": ("POST", "/cancellation", lambda visit: {}, ("草稿已作废", "The draft is given up")),
}


@router.post("/{bulletin_id}")
async def do(visit: Visit, bulletin_id: UUID) -> Response:
    """Saves, publishes or gives up a draft, or shows it again with what is wrong."""
    act = visit.field("act")
    if act not in ACTS:
        raise Missing
    method, below, body, done = ACTS[act]
    path = f"{API}/bulletins/{bulletin_id}"
    headers = conditions(visit.if_match, visit.idempotency_key)
    try:
        await visit.api.ask(method, path + below, json=body(visit), headers=headers)
    except Rejected as problem:
        shown = await visit.api.get(path)
        if act == "edit":
            typed = shown | rules.text(visit.form) | {"version": visit.if_match}
            return visit.render("bulletins/edit.html", status=problem.status, bulletin=typed, problem=problem)
        return await _show(visit, shown, problem)
    return visit.redirect(f"/bulletins/{bulletin_id}", done)


@router.get("/{bulletin_id}/facts")
async def facts(
    visit: Visit,
    bulletin_id: UUID,
    sentence: Annotated[int | None, Query(ge=1, le=100_000)] = None,
    cursor: Cursor = "",
) -> Response:
    """What a sentence rests on."""
    path = f"{API}/bulletins/{bulletin_id}"
    shown, found = await asyncio.gather(
        visit.api.get(path), visit.api.get(f"{path}/facts", sentence=sentence, cursor=cursor, limit=FACTS)
    )
    told = rules.sentence(shown["parts"], sentence)
    here = address(f"/bulletins/{bulletin_id}/facts", sentence=sentence)
    return visit.render(
        "bulletins/facts.html", bulletin=shown, sentence=sentence, told=told, found=found, cursor=cursor, here=here
    )


@router.get("/{bulletin_id}/document")
async def document(visit: Visit, bulletin_id: UUID, format: Literal["docx", "pdf"] = "docx") -> Response:
    """The bulletin as a file."""
    file = await visit.api.download(f"{API}/bulletins/{bulletin_id}/document", format=format)
    kept = {name: file.headers[name] for name in ("content-type", "content-disposition")}
    return Response(file.content, headers=kept)
