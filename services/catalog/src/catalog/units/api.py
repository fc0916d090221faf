"""Units (责任单位): everyone reads, the province adds and changes."""

from typing import Annotated

from fastapi import Query, Request, Response

from catalog import publishing
from catalog.access import MAINTAIN, READ
from catalog.names import UnitCode, Words
from catalog.organizations import store as organizations
from catalog.units import creation, events, rules, store
from catalog.units.schemas import UnitChange, UnitIn, UnitOut, UnitPage
from catalog.zones import events as zone_events
from catalog.zones import store as zones
from chassis import audit, pages
from chassis.problems import NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db, Session

router = Router(tags=["units"])


@router.get("/units", response_model=UnitPage, dependencies=[READ])
async def units(
    db: Db,
    kind: Annotated[rules.Kind | None, Query()] = None,
    q: Annotated[Words | None, Query(description="Part of the name or of an alias")] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The units by code."""
    return answer(await store.page(db, kind=kind, q=q, limit=limit, cursor=cursor))


@router.get("/units/{code}", response_model=UnitOut, dependencies=[READ])
async def unit(code: UnitCode, db: Db, request: Request) -> Response:
    """One unit."""
    return await _shown(db, code, request=request)


@router.post("/units", response_model=UnitOut, status_code=201, dependencies=[MAINTAIN])
async def add(given: UnitIn, db: Db) -> Response:
    """Adds a unit, published at once; its people get an organization. 409 when a name or the code is taken."""
    await publishing.lock(db)
    added = await creation.create(db, given.name, given.kind, code=given.code, aliases=given.aliases)
    await organizations.request(db, added["code"], added["name"], "unit")
    return await _shown(db, added["code"], status=201)


@router.patch("/units/{code}", response_model=UnitOut, dependencies=[MAINTAIN])
async def change(code: UnitCode, given: UnitChange, db: Db, if_match: IfMatch) -> Response:
    """Renames a unit, changes its kind or its aliases, and publishes it at once."""
    await publishing.lock(db)
    before = await store.get(db, code)
    if before is None:
        raise NotFound
    check(before["version"], if_match)
    names = given.model_dump(exclude_none=True)
    wanted = {**{name: before[name] for name in ("name", "kind", "aliases")}, **names}
    wanted["aliases"] = rules.distinct(wanted["name"], wanted["aliases"])
    await creation.names_free(db, [wanted["name"], *wanted["aliases"]], but=code)
    if any(wanted[name] != before[name] for name in wanted):
        after = await store.change(db, code, **wanted)
        await audit.record(db, "unit.changed", "unit", after["id"], dict(before), after)
        await events.published(db, after)
        for zone in await zones.of_city(db, after["id"]):
            await zone_events.published(db, zone)
    return await _shown(db, code)


async def _shown(db: Session, code: str, *, status: int = 200, request: Request | None = None) -> Response:
    found = await store.get(db, code)
    body = await store.shown(db, code)
    if found is None or body is None:
        raise NotFound
    return answer(body, version=found["version"], status=status, request=request)
