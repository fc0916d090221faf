"""Editions (版本): read by everyone once published; the province publishes drafts."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import Field

from catalog.access import MAINTAIN, READ
from catalog.editions import comparing, publication, returning, store
from catalog.editions.schemas import ComparisonOut, EditionOut, EditionPage, ReturnIn
from chassis import pages
from chassis.auth import CallerDep
from chassis.problems import NotFound
from chassis.routing import IfMatch, Router, answer
from chassis.tenancy import Db, Session

router = Router(tags=["editions"])
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Name = Annotated[Number | UUID, Path(description="Number of a published edition, or an edition's id")]


@router.get("/editions", response_model=EditionPage, dependencies=[READ])
async def editions(
    db: Db,
    status: Annotated[Literal["draft", "published", "returned"] | None, Query()] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """Drafts and returned ones that the caller may see, latest first, then the published editions, by number."""
    return answer(await store.page(db, status=status, limit=limit, cursor=cursor))


@router.get("/editions/{edition}", response_model=EditionOut, dependencies=[READ])
async def edition(edition: Name, db: Db, request: Request) -> Response:
    """One edition."""
    return await _shown(db, edition, request)


@router.get("/editions/{edition}/comparison", response_model=ComparisonOut, dependencies=[READ])
async def comparison(
    edition: Name,
    db: Db,
    other: Annotated[
        Number | None, Query(alias="with", description="Number of a published edition; else the one before")
    ] = None,
) -> Response:
    """What is new, changed and gone against another edition; a draft is held against the present catalog."""
    return answer(comparing.shown(await comparing.compare(db, edition, other)))


@router.post("/editions/{edition}/publication", response_model=EditionOut, dependencies=[MAINTAIN])
async def publish(edition: Name, db: Db, if_match: IfMatch) -> Response:
    """Publishes a draft under the next number: it is the catalog now. 409 when it is published or its plans changed."""
    await publication.publish(db, edition, if_match)
    return await _shown(db, edition)


@router.post("/editions/{edition}/return", response_model=EditionOut, dependencies=[MAINTAIN])
async def give_back(edition: Name, given: ReturnIn, db: Db, caller: CallerDep, if_match: IfMatch) -> Response:
    """Returns a draft that a zone handed in, with remarks (退回): the zone changes its plan and submits it anew."""
    await returning.give_back(db, edition, given.remarks, if_match, caller.name)
    return await _shown(db, edition)


async def _shown(db: Session, edition: store.Name, request: Request | None = None) -> Response:
    found = await store.get(db, edition)
    body = await store.shown(db, edition)
    if found is None or body is None:
        raise NotFound
    return answer(body, version=found["version"], request=request)
