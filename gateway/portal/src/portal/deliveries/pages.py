"""The delivery log (消息投递): what became of each message outside the inbox; what was given up is tried again."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from portal.web.addresses import address
from portal.web.api import Rejected
from portal.web.language import t, told
from portal.web.visit import UserVisit, Visit
from portal.web.words import MESSAGES

router = APIRouter(prefix="/deliveries")
API = "/api/notify/v1/deliveries"
PAGE = 30


@router.get("")
async def deliveries(
    visit: Visit,
    channel: Annotated[str, Query(max_length=40)] = "",
    state: Literal["", "created", "sending", "sent", "failed"] = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Messages, newest first, by channel and state."""
    found = await visit.api.get(API, channel=channel, state=state, cursor=cursor, limit=PAGE)
    return visit.render(
        "deliveries/deliveries.html",
        found={"next": None} | found,
        names=_names(found["channels"]),
        states=[(code, t(*mark.words)) for code, mark in MESSAGES.items()],
        channel=channel,
        state=state,
        cursor=cursor,
        here=address("/deliveries", channel=channel, state=state),
    )


@router.get("/{delivery_id}")
async def delivery(visit: Visit, delivery_id: UUID) -> Response:
    """One message with each try."""
    return await _page(visit, delivery_id)


@router.post("/{delivery_id}/retry")
async def retry(visit: Visit, delivery_id: UUID) -> Response:
    """Sends it at once."""
    try:
        await visit.api.post(f"{API}/{delivery_id}/retry", idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _page(visit, delivery_id, problem)
    return visit.redirect(f"/deliveries/{delivery_id}", ("已重新排入发送", "It is sent once more"))


async def _page(visit: UserVisit, delivery_id: UUID, problem: Rejected | None = None) -> Response:
    found = await visit.api.get(f"{API}/{delivery_id}")
    status = problem.status if problem else 200
    return visit.render("deliveries/delivery.html", status=status, delivery=found, problem=problem)


def _names(channels: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {channel["code"]: told(channel, "name") for channel in channels}
