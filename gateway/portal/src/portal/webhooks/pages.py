"""Webhooks (事件推送): where events go, how that stands, each try; paused and resumed, sent once more."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from chassis import clock
from portal.web.addresses import address
from portal.web.api import Rejected
from portal.web.visit import UserVisit, Visit
from portal.web.words import Both

router = APIRouter(prefix="/webhooks")
API = "/api/notify/v1/webhooks"
PAGE = 30
SINCE: dict[str, Both] = {
    "1": ("最近 1 天", "the last day"),
    "3": ("最近 3 天", "the last 3 days"),
    "30": ("最近 30 天", "the last 30 days"),
}
ACTS: dict[str, Both] = {"pause": ("已暂停推送", "Paused"), "resumption": ("已恢复推送", "Resumed")}
Cursor = Annotated[str, Query(max_length=500)]


@router.get("")
async def webhooks(
    visit: Visit, integrator: Annotated[str, Query(max_length=41)] = "", cursor: Cursor = ""
) -> Response:
    """The webhooks of all integrators, or of one."""
    found = await visit.api.get(API, integrator=integrator, cursor=cursor, limit=PAGE)
    here = address("/webhooks", integrator=integrator)
    return visit.render("webhooks/webhooks.html", found=found, integrator=integrator, cursor=cursor, here=here)


@router.get("/{webhook_id}")
async def webhook(
    visit: Visit,
    webhook_id: UUID,
    state: Literal["", "waiting", "delivered", "failed", "dropped"] = "",
    cursor: Cursor = "",
) -> Response:
    """One webhook with what was sent to it and what waits."""
    return await _page(visit, webhook_id, state=state, cursor=cursor)


@router.get("/{webhook_id}/deliveries/{delivery_id}")
async def delivery(visit: Visit, webhook_id: UUID, delivery_id: UUID) -> Response:
    """One delivery with each try."""
    return await _delivery(visit, webhook_id, delivery_id)


@router.post("/{webhook_id}/deliveries/{delivery_id}")
async def replay_one(visit: Visit, webhook_id: UUID, delivery_id: UUID) -> Response:
    """Sends it once more."""
    here = f"{webhook_id}/deliveries/{delivery_id}"
    try:
        await visit.api.post(f"{API}/{here}/replay", idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _delivery(visit, webhook_id, delivery_id, problem)
    return visit.redirect(f"/webhooks/{here}", ("已重新排入推送", "It is sent once more"))


@router.post("/{webhook_id}/replay")
async def replay(visit: Visit, webhook_id: UUID) -> Response:
    """Sends once more what happened in the last days, or of that what was given up."""
    days = int(visit.field("days")) if visit.field("days") in SINCE else 1
    what = "all" if visit.field("what") == "all" else "failed"
    given = {"since": (clock.now() - timedelta(days=days)).isoformat(), "what": what}
    try:
        await visit.api.post(f"{API}/{webhook_id}/replay", json=given, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _page(visit, webhook_id, problem=problem)
    return visit.redirect(f"/webhooks/{webhook_id}", ("已重新排入推送", "They are sent once more"))


@router.post("/{webhook_id}/{act}")
async def act(visit: Visit, webhook_id: UUID, act: Literal["pause", "resumption"]) -> Response:
    """Pauses or resumes it."""
    path = f"{API}/{webhook_id}/{act}"
    try:
        await visit.api.post(path, if_match=visit.if_match, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _page(visit, webhook_id, problem=problem)
    return visit.redirect(f"/webhooks/{webhook_id}", ACTS[act])


async def _page(
    visit: UserVisit, webhook_id: UUID, *, state: str = "", cursor: str = "", problem: Rejected | None = None
) -> Response:
    path = f"{API}/{webhook_id}"
    shown = await visit.api.get(path)
    found = await visit.api.get(f"{path}/deliveries", state=state, cursor=cursor, limit=PAGE)
    return visit.render(
        "webhooks/webhook.html",
        status=problem.status if problem else 200,
        webhook=shown,
        found=found,
        state=state,
        cursor=cursor,
        here=address(f"/webhooks/{webhook_id}", state=state),
        since=SINCE,
        problem=problem,
    )


async def _delivery(visit: UserVisit, webhook_id: UUID, delivery_id: UUID, problem: Rejected | None = None) -> Response:
    shown = await visit.api.get(f"{API}/{webhook_id}/deliveries/{delivery_id}")
    return visit.render(
        "webhooks/delivery.html",
        status=problem.status if problem else 200,
        webhook_id=webhook_id,
        delivery=shown,
        problem=problem,
    )
