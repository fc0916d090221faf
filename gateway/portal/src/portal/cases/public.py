"""Published cases (创新案例公开目录), for everybody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

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
    return visit.render("cases/public_case.html", case=await visit.api.get(f"{API}/{published_id}"))
