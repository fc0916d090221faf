"""Zones (片区、联动创新区): everyone reads, the province adds, changes, closes and opens again."""

from typing import Any

from fastapi import Request, Response

from catalog import publishing
from catalog.access import MAINTAIN, READ, READ_ZONES
from catalog.names import ZoneCode
from catalog.organizations import store as organizations
from catalog.tasks import events as task_events
from catalog.zones import creation, events, rules, store
from catalog.zones.schemas import Closing, ZoneChange, ZoneIn, ZoneOut, ZonePage
from chassis import audit, pages
from chassis.clock import Today
from chassis.problems import NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db, Session

router = Router(tags=["zones"])
NULLABLE = frozenset({"area_km2", "bonded_area_km2"})


@router.get("/zones", response_model=ZonePage, dependencies=[READ_ZONES])
async def zones(db: Db, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None) -> Response:
    """The zones in the order in which they were added."""
    return answer(await store.page(db, limit=limit, cursor=cursor))


@router.get("/zones/{code}", response_model=ZoneOut, dependencies=[READ])
async def zone(code: ZoneCode, db: Db, request: Request) -> Response:
    """One zone."""
    return await _shown(db, code, request=request)


@router.post("/zones", response_model=ZoneOut, status_code=201, dependencies=[MAINTAIN])
async def add(given: ZoneIn, db: Db) -> Response:
    """Adds a zone, a tenant at once: published with the tasks that name its city. 409 when something is taken."""
    await publishing.lock(db)
    added = await creation.create(db, given.model_dump(exclude={"city"}), given.city)
    if added["city_id"]:
        await task_events.republish_of_unit(db, added["city_id"])
    return await _shown(db, given.code, status=201)


@router.patch("/zones/{code}", response_model=ZoneOut, dependencies=[MAINTAIN])
async def change(code: ZoneCode, given: ZoneChange, db: Db, if_match: IfMatch) -> Response:
    """Changes what is known of a zone, and publishes it at once. 409 when it is closed."""
    before = await _held(db, code, if_match)
    rules.must_be_open(before)
    changes = {
        name: value
        for name, value in given.model_dump(exclude_unset=True).items()
        if value is not None or name in NULLABLE
    }
    if any(before[name] != value for name, value in changes.items()):
        wanted = {name: before[name] for name in creation.STORED if name != "code"} | changes
        await creation.check_free(db, code, wanted["name"], but=code)
        await store.change(db, code, wanted)
        after = await _tell(db, "changed", before)
        await organizations.request(db, code, after["name"], "zone")
    return await _shown(db, code)


@router.post("/zones/{code}/closing", response_model=ZoneOut, status_code=201, dependencies=[MAINTAIN])
async def close(code: ZoneCode, given: Closing, db: Db, if_match: IfMatch, today: Today) -> Response:
    """Closes a zone (撤销): all that there is of it stays to be read, and nothing is written in it any more."""
    before = await _held(db, code, if_match)
    rules.must_be_open(before)
    await store.close(db, code, today, given.reason)
    await _tell(db, "closed", before, given.reason)
    return await _shown(db, code, status=201)


@router.post("/zones/{code}/reopening", response_model=ZoneOut, status_code=201, dependencies=[MAINTAIN])
async def reopen(code: ZoneCode, given: Closing, db: Db, if_match: IfMatch) -> Response:
    """Opens a closed zone again (恢复): its lines go on as they stood. 409 when it is not closed."""
    before = await _held(db, code, if_match)
    rules.must_be_closed(before)
    await store.close(db, code, None, None)
    await _tell(db, "reopened", before, given.reason)
    return await _shown(db, code, status=201)


async def _held(db: Session, code: str, if_match: int) -> dict[str, Any]:
    """The zone, unchanged by others until the transaction ends."""
    await publishing.lock(db)
    held = await creation.get(db, code)
    check(held["version"], if_match)
    return held


async def _tell(db: Session, what: str, before: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
    """Audits and publishes what was done with a zone; the zone as it is now."""
    after = await creation.get(db, before["code"])
    await audit.record(db, f"zone.{what}", "zone", after["id"], before, after, tenant=after["code"], reason=reason)
    await events.published(db, after)
    return after


async def _shown(db: Session, code: str, *, status: int = 200, request: Request | None = None) -> Response:
    found = await store.get(db, code)
    body = await store.shown(db, code)
    if found is None or body is None:
        raise NotFound
    return answer(body, version=found["version"], status=status, request=request)
