"""What the pages show as Word documents: at once, or in the background when they are long."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from portal.exports.pages import at_once
from portal.tasks.pages import Filters
from portal.web.visit import Visit

router = APIRouter(prefix="/documents")


@router.get("/breakdown")
async def of_tasks(visit: Visit, filters: Annotated[Filters, Query()]) -> Response:
    """The task breakdown table of the tasks that fit."""
    return await at_once(visit, "breakdown", filters.narrowing)


@router.get("/report")
async def of_progress(visit: Visit, jurisdiction: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The report of a jurisdiction, or of all that the reader sees."""
    return await at_once(visit, "report", {"jurisdiction": jurisdiction})
