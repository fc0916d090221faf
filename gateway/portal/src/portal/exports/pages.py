"""A list as Excel: all that fits, with the reader's rights and in the reader's language."""

import asyncio
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response

from chassis import clock
from chassis.spreadsheets import MEDIA_TYPE, Column, Sheet, write
from portal.exports.lists import LISTS, Listed
from portal.web.api import Missing, Rejected
from portal.web.language import t
from portal.web.visit import UserVisit, Visit

router = APIRouter()
AT_ONCE, MOST = 200, 20_000
TOO_MANY = (
    ("导出的行数过多", "Too many rows"),
    (f"符合条件的超过 {MOST} 行，请先缩小查询范围。", f"More than {MOST} rows fit; narrow the list first."),
)


@router.get("/exports/{name}")
async def export(visit: Visit, name: str) -> Response:
    """The file of a list, narrowed as its page is."""
    if (listed := LISTS.get(name)) is None:
        raise Missing
    rows = await _all(visit, listed)
    columns = [Column(t(*column.words), column.width) for column in listed.columns]
    cells = [[column.value(row) for column in listed.columns] for row in rows]
    content = await asyncio.to_thread(write, Sheet(t(*listed.words), columns, cells))
    file = quote(f"{t(*listed.words)} {clock.today()}.xlsx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{file}", "Cache-Control": "private, no-cache"}
    return Response(content, 200, headers, MEDIA_TYPE)


async def _all(visit: UserVisit, listed: Listed) -> list[dict[str, Any]]:
    """Over all pages."""
    asked = visit.request.query_params
    narrowed = {name: asked[name] for name in listed.narrowed_by if asked.get(name)}
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        found = await visit.api.get(listed.api, **narrowed, cursor=cursor, limit=AT_ONCE)
        rows += found["items"]
        if found["next"] is None:
            return rows
        if len(rows) >= MOST:
            raise Rejected.here(422, "too-many-rows", *TOO_MANY)
        cursor = found["next"]
