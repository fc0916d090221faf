"""A list as Excel: all that fits, with the reader's rights and in the reader's language."""

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter, Response

from chassis import clock
from chassis.spreadsheets import MEDIA_TYPE, Column, Sheet, write
from portal.exports.lists import LISTS, Listed, Row
from portal.web.api import Missing
from portal.web.files import attached
from portal.web.language import t
from portal.web.lists import all_of
from portal.web.visit import Visit

router = APIRouter()
MOST = 20_000


@router.get("/exports/{name}")
async def export(visit: Visit, name: str) -> Response:
    """The file of a list, narrowed as its page is."""
    if (listed := LISTS.get(name)) is None:
        raise Missing
    asked = visit.request.query_params
    narrowed = {name: asked[name] for name in listed.narrowed_by if asked.get(name)}
    return await workbook(listed, await all_of(visit.api, listed.api, MOST, **narrowed))


async def workbook(listed: Listed, rows: Sequence[Row]) -> Response:
    """Rows of a list as a file."""
    columns = [Column(t(*column.words), column.width) for column in listed.columns]
    cells = [[column.value(row) for column in listed.columns] for row in rows]
    content = await asyncio.to_thread(write, Sheet(t(*listed.words), columns, cells))
    return attached(content, f"{t(*listed.words)} {clock.today()}.xlsx", MEDIA_TYPE)
