"""My desk (我的工作台): what waits for me. The front page for those who are not logged in."""

import asyncio
from typing import Any

from fastapi import APIRouter, Response

from chassis import clock
from chassis.auth import Role
from portal.deadlines import pages as deadlines
from portal.deadlines import rules as due
from portal.web.api import Api, Failure
from portal.web.menu import INBOX, PROGRESS
from portal.web.visit import Guest, UserVisit

router = APIRouter()
PROGRESS_API = "/api/progress/v1"
TURNS = {
    "orders": "orders",
    "problems": "problems",
    "filings": "filings",
    "missing": "missing-values",
    "invitations": "replications",
}
"""What is listed with what waits for the user, by what the page calls it."""
SHOWN = 6


@router.get("/")
async def desk(visit: Guest) -> Response:
    """The desk of a user, the front page for anybody else."""
    if not isinstance(visit, UserVisit):
        return visit.render("desk/front.html")
    if not visit.has(*PROGRESS):
        return visit.render("desk/other.html")
    found, overview, news, announced, month, *turns = await asyncio.gather(
        visit.api.get(f"{PROGRESS_API}/desk"),
        visit.api.get(f"{PROGRESS_API}/overview"),
        _news(visit),
        _announced(visit),
        deadlines.month(visit),
        *(visit.api.get(f"{PROGRESS_API}/{things}", waiting="true", limit=SHOWN) for things in TURNS.values()),
    )
    waiting = dict(zip(TURNS, turns, strict=True))
    shown = {"piles": found["piles"], "totals": overview["totals"], "news": news, "announced": announced}
    dated = {"month": month, "today": clock.today(), "deadline_path": due.path, "deadline_kinds": due.KINDS}
    return visit.render("desk/desk.html", **shown, **waiting, **dated)


async def _news(visit: UserVisit) -> list[dict[str, Any]] | None:
    """The newest entries; None while they cannot be had: the rest of the desk goes on."""
    return await _newest(visit.api) if visit.has(*INBOX) else []


async def _announced(visit: UserVisit) -> list[dict[str, Any]]:
    """Announcements that the user has to confirm; none while they cannot be had."""
    if not visit.has(Role.CITY, Role.DEPARTMENT):
        return []
    try:
        found = await visit.api.get("/api/notify/v1/announcements", waiting="true", limit=SHOWN)
    except Failure:
        return []
    items: list[dict[str, Any]] = found["items"]
    return items


async def _newest(api: Api) -> list[dict[str, Any]] | None:
    try:
        items: list[dict[str, Any]] = (await api.get("/api/notify/v1/inbox", limit=5))["items"]
    except Failure:
        return None
    return items
