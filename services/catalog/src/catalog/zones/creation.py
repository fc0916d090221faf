"""Adding a zone: by the API, or because a notice is published that names it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from catalog.organizations import store as organizations
from catalog.units import creation as units
from catalog.units import store as unit_store
from catalog.zones import events, rules, store
from chassis import audit
from chassis.problems import NotFound
from chassis.tenancy import Session

STORED = ("code", "name", "kind", "area_km2", "bonded_area_km2", "positioning", "industries")


async def create(db: Session, zone: Mapping[str, Any], city: str | None) -> dict[str, Any]:
    """Adds and publishes a zone, and asks for its organization. ``city`` is a unit's code or name, made when new.

    Raises CodeTaken, NameTaken, CityTaken. The caller holds the catalog's lock.
    """
    if not rules.usable(zone["code"]):
        raise rules.CodeTaken(zone["code"])
    await check_free(db, zone["code"], zone["name"])
    city_id = await _city(db, city) if city else None
    await store.add(db, {name: zone[name] for name in STORED}, city_id)
    added = await get(db, zone["code"])
    await audit.record(db, "zone.added", "zone", added["id"], None, added, tenant=added["code"])
    await events.published(db, added)
    await organizations.request(db, added["code"], added["name"], "zone")
    return added


async def get(db: Session, code: str) -> dict[str, Any]:
    zone = await store.get(db, code)
    if zone is None:
        raise NotFound
    return zone


async def check_free(db: Session, code: str, name: str, *, but: str | None = None) -> None:
    """Raises CodeTaken or NameTaken when something other than the zone ``but`` stands in the way."""
    if found := await store.in_the_way(db, code, name, but=but):
        raise rules.CodeTaken(code) if found["code"] == code and but is None else rules.NameTaken(name)


async def _city(db: Session, city: str) -> UUID:
    unit = await unit_store.get_named(db, city) or await units.create(db, city, "city")
    if zone := next((zone for zone in await store.everyone(db) if zone["city_id"] == unit["id"]), None):
        raise rules.CityTaken(unit["name"], zone["name"])
    found: UUID = unit["id"]
    return found
