"""What progress copies when zones, units and plans are published. Tasks, and closed zones, are the lines' matter."""

from chassis.events import Event
from chassis.handling import Handler
from chassis.tenancy import Session
from progress.catalog_copy import store
from progress.catalog_copy.schemas import Plan, Unit, Zone
from progress.lines import store as lines
from progress.topics import Topics


def handlers(topics: Topics) -> dict[str, Handler]:
    """By event type."""

    async def zone_published(db: Session, event: Event) -> None:
        zone = Zone.model_validate(event.data)
        await topics.ensure(zone.code)
        await store.lock(db)
        await store.put_zone(db, zone, event.sequence)

    async def unit_published(db: Session, event: Event) -> None:
        await store.lock(db)
        await store.put_unit(db, Unit.model_validate(event.data), event.sequence)

    async def plan_published(db: Session, event: Event) -> None:
        await store.lock(db)
        plan = Plan.model_validate(event.data)
        await store.put_plan(db, plan, event.sequence)
        await lines.rank_plan(db, plan.code)

    return {
        "zoneportal.catalog.zone.published.v1": zone_published,
        "zoneportal.catalog.unit.published.v1": unit_published,
        "zoneportal.catalog.plan.published.v1": plan_published,
    }
