"""The inbox (收件箱): what happened, and what of it was read."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from portal.web.security import own_path
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/inbox")
API = "/api/notify/v1/inbox"
Cursor = Annotated[str, Query(max_length=500)]


async def _list(visit: UserVisit, unread: bool, cursor: str) -> dict[str, Any]:
    found = await visit.api.get(API, unread="true" if unread else None, limit=20, cursor=cursor)
    return {"inbox": found, "unread_only": unread, "cursor": cursor}


@router.get("")
async def inbox(visit: Visit, unread: bool = False, cursor: Cursor = "") -> Response:
    """Entries, newest first."""
    return visit.render("inbox/inbox.html", **await _list(visit, unread, cursor))


@router.get("/list")
async def newest(visit: Visit, unread: bool = False, cursor: Cursor = "") -> Response:
    """The list alone, for the page to renew when news arrive."""
    return visit.render("inbox/_list.html", **await _list(visit, unread, cursor))


@router.get("/bell")
async def bell(visit: Visit) -> Response:
    """The number of unread entries."""
    return visit.render("inbox/_bell.html", unread=(await visit.api.get(f"{API}/summary"))["unread"])


@router.post("/reading")
async def read_all(visit: Visit) -> Response:
    """Marks what was shown as read; what came since stays unread."""
    await visit.api.post(f"{API}/reading", json={"until": visit.field("until")}, idempotency_key=visit.idempotency_key)
    return visit.redirect("/inbox", ("已全部标为已读", "All marked as read"))


@router.post("/{entry_id}/reading")
async def read(visit: Visit, entry_id: UUID) -> Response:
    """Marks one entry as read, and goes to what it is about or back to the list."""
    await visit.api.post(f"{API}/{entry_id}/reading", idempotency_key=visit.idempotency_key)
    return visit.redirect(own_path(visit.field("next") or "/inbox"))
