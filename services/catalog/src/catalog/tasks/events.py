"""What is published about tasks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from catalog import publishing
from catalog.tasks import store
from chassis.tenancy import Session


async def published(db: Session, ids: Sequence[UUID]) -> None:
    await _tell(db, "task.published", ids)


async def withdrawn(db: Session, ids: Sequence[UUID], edition: int) -> None:
    """``edition`` is the number of the edition that no longer has the tasks."""
    await _tell(db, "task.withdrawn", ids, edition=edition)


async def republish_of_unit(db: Session, unit_id: UUID) -> None:
    """Publishes the tasks that name a unit which has just become a zone's city."""
    await published(db, await store.raise_versions_of_unit(db, unit_id))


async def republish_of_plan(db: Session, plan: str) -> None:
    """Publishes the tasks of a plan whose zones have changed."""
    await published(db, await store.raise_versions_of_plan(db, plan))


async def _tell(db: Session, what: str, ids: Sequence[UUID], **over: Any) -> None:
    for snapshot in await store.snapshots(db, ids):
        data = {name: value for name, value in snapshot.items() if name != "version"} | over
        await publishing.tell(db, what, snapshot["id"], snapshot["version"], data)
