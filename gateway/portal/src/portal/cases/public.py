"""Published cases (创新案例公开目录), for everybody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from portal.attachments.passing import IN_PLACE, passed
from portal.web.visit import Guest

router = APIRouter(prefix="/public/cases")
API = "/api/progress/v1/public/cases"


@router.get("")
async def cases(visit: Guest, cursor: Annotated[str, Query(max_length=500)] = "") -> Response:
    """All published cases."""
    found = await visit.api.get(API, cursor=cursor, limit=25)
    return visit.render("cases/public.html", found=found, cursor=cursor)


@router.get("/{published_id}")
async def case(visit: Guest, published_id: UUID) -> Response:
    """One published case."""
    shown = await visit.api.get(f"{API}/{published_id}")
    return visit.render("cases/public_case.html", case=shown, in_place=IN_PLACE)


@router.get("/{published_id}/attachments/{file_id}")
async def content(visit: Guest, published_id: UUID, file_id: UUID, shown: bool = False) -> Response:
    """A file that the case was published with; ``shown`` in place instead of saved, if it is of a kind that can be."""
    return passed(await visit.api.stream(f"{API}/{published_id}/attachments/{file_id}/content"), shown=shown)
