"""Setting up a zone (开设片区): what is done, what is next and whose turn it is, until it has people and lines."""

import asyncio

from fastapi import APIRouter, Response

from chassis.auth import Role
from portal.lines.rules import total
from portal.web.api import Code, Forbidden
from portal.web.visit import UserVisit, Visit
from portal.zones.rules import Standing

router = APIRouter(prefix="/zones")
CATALOG, PROGRESS = "/api/catalog/v1", "/api/progress/v1"


@router.get("/{code}/setup")
async def setup(visit: Visit, code: Code) -> Response:
    """The way from a zone that was just added to one that works; the steps alone for the page that renews itself."""
    if not visit.has(Role.PROVINCE):
        raise Forbidden
    zone = await visit.api.get(f"{CATALOG}/zones/{code}")
    template = "zones/_setup.html" if visit.partial else "zones/setup.html"
    return visit.render(template, zone=zone, standing=await _standing(visit, code))


async def _standing(visit: UserVisit, code: str) -> Standing:
    accounts, manuscript, drafts, places, overview = await asyncio.gather(
        visit.unless_away(visit.api.get(f"{CATALOG}/zones/{code}/accounts")),
        visit.api.get(f"{CATALOG}/manuscripts/{code}"),
        visit.api.get(f"{CATALOG}/editions", status="draft", limit=200),
        visit.unless_away(visit.api.get(f"{PROGRESS}/jurisdictions")),
        visit.unless_away(visit.api.get(f"{PROGRESS}/overview")),
    )
    return Standing(
        accounts,
        manuscript,
        [each for each in drafts["items"] if code in each["plans"]],
        None if places is None else any(each["code"] == code for each in places["items"]),
        None if overview is None else total({"jurisdiction": code}, overview, None),
    )
