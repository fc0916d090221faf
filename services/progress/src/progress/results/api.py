"""The API of a period's results."""

import asyncio
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Response

from chassis.problems import NotFound
from chassis.routing import Router
from chassis.tenancy import Db
from progress.access import READ
from progress.results import documents, store
from progress.results.documents import Format

router = Router(tags=["results"])
_CONTENT = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in documents.TYPES.values()}


@router.get(
    "/periods/{period_id}/results",
    response_class=Response,
    responses={200: {"description": "The results as Excel or Word", "content": _CONTENT}},
    dependencies=[READ],
)
async def results(period_id: UUID, db: Db, format: Annotated[Format, Query()] = Format.XLSX) -> Response:
    """What was filed in a period, as far as the caller sees it (报送结果): totals by plan, and what was approved."""
    period = await store.period(db, period_id)
    if period is None:
        raise NotFound
    content = await asyncio.to_thread(documents.MAKERS[format], period, await store.filings(db, period_id))
    name = quote(f"{period['title']}报送结果.{format}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "private, no-cache"}
    return Response(content, 200, headers, documents.TYPES[format])
