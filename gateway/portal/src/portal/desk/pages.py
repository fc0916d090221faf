"""My desk (我的工作台): what waits for me. The front page for those who are not logged in."""

import asyncio
from typing import Any

from fastapi import APIRouter, Response

from chassis import clock
from chassis.auth import Role
from portal.deadlines import pages as deadlines
from portal.deadlines import rules as due
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
    work, news, announced = await asyncio.gather(visit.unless_away(_work(visit)), _news(visit), _announced(visit))
    return visit.render("desk/desk.html", work=work, news=news, announced=announced, **work or {})


async def _work(visit: UserVisit) -> dict[str, Any]:
    """How the lines stand, what waits for the user, and what is due."""
    found, overview, month, *turns = await asyncio.gather(
        visit.api.get(f"{PROGRESS_API}/desk"),
        visit.api.get(f"{PROGRESS_API}/overview"),
        deadlines.month(visit),
        *(visit.api.get(f"{PROGRESS_API}/{things}", waiting="true", limit=SHOWN) for things in TURNS.values()),
    )
    dated = {"month": month, "today": clock.today(), "deadline_path": due.path, "deadline_kinds": due.KINDS}
    return {"piles": found["piles"], "totals": overview["totals"], **dated, **dict(zip(TURNS, turns, strict=True))}


async def _news(visit: UserVisit) -> list[dict[str, Any]] | None:
    """The newest entries; None while they cannot be had."""
    if not visit.has(*INBOX):
        return []
    found = await visit.unless_away(visit.api.get("/api/notify/v1/inbox", limit=5))
    return found and found["items"]


async def _announced(visit: UserVisit) -> list[dict[str, Any]]:
    """Announcements that the user has to confirm."""
    if not visit.has(Role.CITY, Role.DEPARTMENT):
        return []
    found = await visit.unless_away(visit.api.get("/api/notify/v1/announcements", waiting="true", limit=SHOWN))
    return found["items"] if found else []
