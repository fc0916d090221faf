"""What notify does when zones and units are published."""

from chassis.events import Event
from chassis.handling import Handler
from chassis.tenancy import Session
from notify import audiences
from notify.offices import store

TOPIC, GROUP = "catalog", "notify.offices"


async def _zone(db: Session, event: Event) -> None:
    await store.put(db, audiences.zone(str(event.data["code"])), str(event.data["name"]), event.sequence)


async def _unit(db: Session, event: Event) -> None:
    await store.put(db, audiences.unit(str(event.data["code"])), str(event.data["name"]), event.sequence)


HANDLERS: dict[str, Handler] = {
    "zoneportal.catalog.zone.published.v1": _zone,
    "zoneportal.catalog.unit.published.v1": _unit,
}
