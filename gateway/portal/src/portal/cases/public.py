"""Published cases (创新案例公开目录), for everybody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from portal.attachments.passing import IN_PLACE, passed
from portal.exports.columns import Column, Listed, at, day, word
from portal.exports.pages import workbook
from portal.exports.rules import LARGE
from portal.web.lists import all_of
from portal.web.visit import Guest
from portal.web.words import CASE_LEVELS

router = APIRouter(prefix="/public/cases")
API = "/api/progress/v1/public/cases"
LISTED = Listed(
    ("制度创新案例", "Innovation cases"),
    API,
    (),
    (
        Column(("案例", "Case"), 48, at("title")),
        Column(("片区", "Zone"), 16, at("zone_name")),
        Column(("层级", "Level"), 12, word(CASE_LEVELS, "level")),
        Column(("发布日期", "Published on"), 12, day("published_on")),
        Column(("成效", "Effect"), 72, at("effect_after")),
    ),
)


@router.get("")
async def cases(visit: Guest, cursor: Annotated[str, Query(max_length=500)] = "") -> Response:
    """All published cases."""
    found = await visit.api.get(API, cursor=cursor, limit=25)
    return visit.render("cases/public.html", found=found, cursor=cursor)


@router.get("/_excel")
async def excel(visit: Guest) -> Response:
    """All published cases as Excel."""
    return await workbook(LISTED, await all_of(visit.api, LISTED.api, LARGE))


@router.get("/{published_id}")
async def case(visit: Guest, published_id: UUID) -> Response:
    """One published case."""
    shown = await visit.api.get(f"{API}/{published_id}")
    return visit.render("cases/public_case.html", case=shown, in_place=IN_PLACE)


@router.get("/{published_id}/attachments/{file_id}")
async def content(visit: Guest, published_id: UUID, file_id: UUID, shown: bool = False) -> Response:
    """A file that the case was published with; ``shown`` in place instead of saved, if it is of a kind that can be."""
    return passed(await visit.api.stream(f"{API}/{published_id}/attachments/{file_id}/content"), shown=shown)
