"""The audit trail (审计日志), for the province and the auditor."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from portal.lines import words
from portal.trail import rules
from portal.web.addresses import address
from portal.web.visit import Visit

router = APIRouter()
PAGE = 30


@router.get("/trail")
async def trail(
    visit: Visit,
    of: Literal["progress", "catalog", "notify"] = "progress",
    thing: Annotated[str, Query(max_length=100)] = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Who changed what, newest first; of one service, and of one thing when its id is given."""
    found = await visit.api.get(f"/api/{of}/v1/audit", thing_id=thing, cursor=cursor, limit=PAGE)
    return visit.render(
        "trail/trail.html",
        of=of,
        thing=thing,
        cursor=cursor,
        found=found,
        here=address("/trail", of=of, thing=thing),
        address=address,
        trail=rules,
        words=words,
    )
