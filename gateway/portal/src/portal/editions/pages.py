"""Editions (版本) of the catalog: what each changed, and publishing a draft."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from portal.web.addresses import address
from portal.web.api import Rejected
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/editions")
API = "/api/catalog/v1"
PAGE = 25
Name = Annotated[Annotated[int, Field(ge=1, le=2**31 - 1)] | UUID, Path()]
"""The number of a published edition, or the id of one."""


@router.get("")
async def editions(
    visit: Visit,
    status: Annotated[str, Query(pattern="^(draft|published|returned)?$")] = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """The drafts that the user may see and the published editions, latest first."""
    found = await visit.api.get(f"{API}/editions", status=status, cursor=cursor, limit=PAGE)
    here = address("/editions", status=status)
    return visit.render("editions/editions.html", found=found, chosen=status, cursor=cursor, here=here)


@router.get("/{edition}")
async def edition(
    visit: Visit, edition: Name, other: Annotated[str, Query(alias="with", pattern=r"^\d{0,9}$")] = ""
) -> Response:
    """One edition against the one before it, or against another one."""
    return await _edition(visit, edition, other)


@router.post("/{edition}")
async def publish(visit: Visit, edition: Name) -> Response:
    """Makes a draft the present catalog."""
    try:
        published = await visit.api.post(
            f"{API}/editions/{edition}/publication", if_match=visit.if_match, idempotency_key=visit.idempotency_key
        )
    except Rejected as problem:
        return await _edition(visit, edition, "", problem)
    number = published["number"]
    notice = (f"第 {number} 版已发布，现在就是任务目录", f"Edition {number} is published: it is the catalog now")
    return visit.redirect(f"/editions/{number}", notice)


@router.post("/{edition}/return")
async def give_back(visit: Visit, edition: Name) -> Response:
    """Returns what a zone handed in, with remarks."""
    try:
        await visit.api.post(
            f"{API}/editions/{edition}/return",
            json={"remarks": visit.field("remarks")},
            if_match=visit.if_match,
            idempotency_key=visit.idempotency_key,
        )
    except Rejected as problem:
        return await _edition(visit, edition, "", problem)
    return visit.redirect(f"/editions/{edition}", ("已退回片区", "Returned to the zone"))


async def _edition(visit: UserVisit, name: Name, other: str, problem: Rejected | None = None) -> Response:
    path = f"{API}/editions/{name}"
    edition, comparison, plans, published = await asyncio.gather(
        visit.api.get(path),
        visit.api.get(f"{path}/comparison", **{"with": other}),
        visit.api.get(f"{API}/plans", limit=200),
        visit.api.get(f"{API}/editions", status="published", limit=200),
    )
    return visit.render(
        "editions/edition.html",
        status=problem.status if problem else 200,
        edition=edition,
        comparison=comparison,
        plans={plan["code"]: plan["name"] for plan in plans["items"]},
        others=[one["number"] for one in published["items"] if one["number"] != edition["number"]],
        other=other,
        problem=problem,
    )
