"""What the catalog publishes: every type with the model of its data; and the lock under which the catalog changes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from catalog.editions.schemas import EditionData
from catalog.manuscripts.schemas import ManuscriptEvent
from catalog.plans.schemas import PlanData
from catalog.tasks.schemas import TaskData
from catalog.units.schemas import UnitData
from catalog.zones.schemas import ZoneData
from chassis import outbox
from chassis.events import Event, EventType
from chassis.tenancy import Session

TOPIC = "catalog"
SOURCE = "/zoneportal/catalog"
LOCK = 7_251_001

_PREFIX = "zoneportal.catalog."
TYPES: Mapping[str, EventType] = {
    f"{_PREFIX}{what}.v1": EventType(model, title)
    for what, model, title in (
        ("zone.published", ZoneData, "片区信息已发布 A zone as it is now"),
        ("unit.published", UnitData, "责任单位信息已发布 A unit as it is now"),
        ("plan.published", PlanData, "计划信息已发布 A plan as it is now"),
        ("task.published", TaskData, "任务已发布 A task as it is now"),
        ("task.withdrawn", TaskData, "任务已取消 A task as it was last, which the catalog no longer has"),
        ("manuscript.submitted", ManuscriptEvent, "编制稿已提交 A plan that was written here was submitted"),
        ("manuscript.returned", ManuscriptEvent, "编制稿已退回 A submitted plan was returned to its zone with remarks"),
        ("manuscript.published", ManuscriptEvent, "编制稿已发布 A submitted plan was published"),
        ("manuscript.discarded", ManuscriptEvent, "编制稿已撤销 What was written of a plan was discarded"),
        ("edition.published", EditionData, "版本已发布 An edition was published"),
    )
}


async def lock(db: Session) -> None:
    """Until the transaction ends nobody else changes the catalog; reading goes on."""
    await db.value("SELECT pg_advisory_xact_lock(:lock)", lock=LOCK)


async def tell(
    db: Session, what: str, thing_id: UUID, version: int, data: Mapping[str, Any], tenant: str | None = None
) -> None:
    """Publishes the present state of a thing as ``what`` (``zone.published``…); ``data`` fits the type's model."""
    name = f"{_PREFIX}{what}.v1"
    event = Event(
        type=name,
        source=SOURCE,
        subject=str(thing_id),
        tenant=tenant,
        sequence=version,
        data=TYPES[name].data(data),
    )
    await outbox.add(db, TOPIC, event)
