"""My deadlines (时限日历): by month on the desk, and as a feed for one's own calendar."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from chassis import clock
from portal.deadlines import ics, rules
from portal.web.api import Forbidden
from portal.web.menu import INBOX
from portal.web.visit import Guest, UserVisit, Visit

router = APIRouter()
API = "/api/progress/v1"
AT_ONCE, MOST = 200, 600


async def month(visit: UserVisit) -> rules.Month:
    """The month that the page's address names, or today's, with what is due in it; the first ones where it is much."""
    first = rules.first_of(visit.request.query_params.get("month", ""), clock.today())
    items: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None and len(items) < MOST:
        found = await visit.api.get(f"{API}/deadlines", month=f"{first:%Y-%m}", limit=AT_ONCE, cursor=cursor)
        items, cursor = items + found["items"], found["next"]
    return rules.month(first, items)


@router.get("/calendar.ics")
async def calendar(visit: Guest, key: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The feed of whoever the key belongs to; for any other one there is nothing here."""
    found = await visit.api.get(f"{API}/public/calendar", key=key or "-")
    content = ics.written(found["items"], visit.request.app.state.settings.gateway_url, clock.now())
    return Response(content, 200, {"Cache-Control": "private, no-store"}, ics.MEDIA_TYPE)


@router.get("/calendar")
async def feed(visit: Visit) -> Response:
    """Whether there is a feed, and what to do with it."""
    return await _page(visit)


@router.post("/calendar")
async def change(visit: Visit) -> Response:
    """Makes the feed, makes it anew, or ends it. Its address is shown once."""
    if visit.field("act") == "revoke":
        await visit.api.post(f"{API}/calendar-feed/revocation", idempotency_key=visit.idempotency_key)
        return visit.redirect(
            "/calendar", ("订阅已停用，原地址已失效", "The feed has ended; its address is no longer good")
        )
    made = await visit.api.post(f"{API}/calendar-feed", idempotency_key=visit.idempotency_key)
    page = await _page(visit, made["secret"])
    page.headers["Cache-Control"] = "no-store"
    return page


async def _page(visit: UserVisit, secret: str = "") -> Response:
    if not visit.has(*INBOX):
        raise Forbidden
    made_at = (await visit.api.get(f"{API}/calendar-feed"))["made_at"]
    address = f"{visit.request.app.state.settings.gateway_url}/calendar.ics?key={secret}" if secret else ""
    return visit.render("deadlines/feed.html", made_at=made_at, feed=address)
