"""The inbox (收件箱): of what there is news, what of it is overdue, and what was read."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from chassis.auth import Role
from portal.exports.files import FILES
from portal.exports.pages import ended, see
from portal.exports.rules import Export
from portal.inbox import rules
from portal.web.addresses import address
from portal.web.security import own_path
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/inbox")
API = "/api/notify/v1/inbox"
ARREARS = "/api/progress/v1/overview/offices"
MOST = 20
Cursor = Annotated[str, Query(max_length=500)]
Thing = Annotated[str, Query(max_length=500)]


class Shown(BaseModel):
    """What of the inbox is shown, as it stands in the address of a page."""

    unread: bool = False
    overdue: bool = False
    cursor: Annotated[str, Field(max_length=500)] = ""

    @property
    def here(self) -> str:
        """The first page of this list."""
        return address("/inbox", unread="true" if self.unread else "", overdue="true" if self.overdue else "")


async def _list(visit: UserVisit, shown: Shown) -> dict[str, Any]:
    """The rows of a page: by sections when all are shown, of which later pages have the last alone."""
    cursor = shown.cursor
    if shown.unread or shown.overdue:
        asked = {"unread": "true"} if shown.unread else {"section": "overdue"}
        pages = {"": await visit.api.get(API, **asked, limit=MOST, cursor=cursor)}
    else:
        sections = ("earlier",) if cursor else ("today", "overdue", "earlier")
        found = await asyncio.gather(*(_section(visit, section, cursor) for section in sections))
        pages = dict(zip(sections, found, strict=True))
    newest, exports = rules.newest(pages.values()), await _exports(visit, shown)
    inbox = list(pages.values())[-1]
    return {
        "sections": pages,
        "inbox": inbox,
        "unread": inbox["unread"] + sum(not export.seen for export in exports),
        "shown": shown,
        "newest": newest,
        "exports": exports,
        "files": FILES,
    }


async def _exports(visit: UserVisit, shown: Shown) -> list[Export]:
    """What of the user's own exports has ended, above the first page of all and of what is unread."""
    if shown.overdue or shown.cursor:
        return []
    return [export for export in await ended(visit) if not (shown.unread and export.seen)]


async def _section(visit: UserVisit, section: str, cursor: str) -> dict[str, Any]:
    found: dict[str, Any] = await visit.api.get(
        API, section=section, limit=MOST, cursor=cursor if section == "earlier" else ""
    )
    return {"next": None} | found


async def _arrears(visit: UserVisit, shown: Shown) -> list[rules.Arrears]:
    """By office, above the first page of the province and the zones; nothing while progress is away."""
    if shown != Shown() or not visit.has(Role.PROVINCE, Role.CITY):
        return []
    found = await visit.unless_away(visit.api.get(ARREARS))
    return rules.arrears(found["items"]) if found else []


@router.get("")
async def inbox(visit: Visit, shown: Annotated[Shown, Query()]) -> Response:
    """A row per thing, newest first: what came today, what is overdue, the rest; above it who is behind with what."""
    rows, arrears = await asyncio.gather(_list(visit, shown), _arrears(visit, shown))
    return visit.render("inbox/inbox.html", arrears=arrears, **rows)


@router.get("/thing")
async def thing(visit: Visit, thing: Thing, cursor: Cursor = "") -> Response:
    """All that was told of one thing, newest first."""
    found = await visit.api.get(API, thing=thing, limit=MOST, cursor=cursor)
    return visit.render("inbox/thing.html", inbox=found, thing=thing, cursor=cursor)


@router.get("/list")
async def newest(visit: Visit, shown: Annotated[Shown, Query()]) -> Response:
    """The list alone, for the page to renew when news arrive."""
    return visit.render("inbox/_list.html", **await _list(visit, shown))


@router.get("/earlier")
async def earlier(visit: Visit, thing: Thing) -> Response:
    """What was told of a thing before its newest entry, for its row to unfold."""
    found = await visit.api.get(API, thing=thing, limit=MOST + 1)
    return visit.render("inbox/_earlier.html", entries=found["items"][1:], more=found["next"], thing=thing)


@router.get("/bell")
async def bell(visit: Visit) -> Response:
    """The number of things of which something is unread, and of the user's exports that have ended since."""
    found, exports = await asyncio.gather(visit.api.get(f"{API}/summary"), ended(visit))
    return visit.render("inbox/_bell.html", unread=found["unread"] + sum(not export.seen for export in exports))


@router.post("/reading")
async def read_all(visit: Visit) -> Response:
    """Marks what was shown as read; what came since stays unread."""
    await visit.api.post(f"{API}/reading", json={"until": visit.field("until")}, idempotency_key=visit.idempotency_key)
    await see(visit)
    return visit.redirect("/inbox", ("已全部标为已读", "All marked as read"))


@router.post("/{entry_id}/reading")
async def read(visit: Visit, entry_id: UUID) -> Response:
    """Marks a row as read, and goes to what it is about or back to the list."""
    await visit.api.post(f"{API}/{entry_id}/reading", idempotency_key=visit.idempotency_key)
    return visit.redirect(own_path(visit.field("next") or "/inbox"))
