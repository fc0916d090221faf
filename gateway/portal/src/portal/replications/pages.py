"""Replications (复制推广): what the zones make of published cases, and who has not answered."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from portal.lines.words import options
from portal.web.addresses import Short, address
from portal.web.visit import Visit

router = APIRouter(prefix="/replications")
API = "/api/progress/v1"


class Filters(BaseModel):
    """What the list is narrowed by, as it stands in its address; empty means all."""

    zone: Short = ""
    state: Short = ""
    cursor: Annotated[str, Field(max_length=500)] = ""

    @property
    def here(self) -> str:
        """The first page of this list."""
        return address("/replications", **self.model_dump(exclude={"cursor"}))


@router.get("")
async def replications(visit: Visit, filters: Annotated[Filters, Query()]) -> Response:
    """By case and zone, as far as the user may know it."""
    found, places = await asyncio.gather(
        visit.api.get(f"{API}/replications", **filters.model_dump(), limit=50),
        visit.listed("/api/catalog/v1/zones"),
    )
    return visit.render(
        "replications/replications.html",
        found=found,
        filters=filters,
        zones=[(zone["code"], zone["name"]) for zone in places],
        options=options,
    )
