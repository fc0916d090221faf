"""What is published about editions."""

from collections.abc import Mapping
from typing import Any

from catalog import publishing
from chassis.tenancy import Session


async def published(db: Session, edition: Mapping[str, Any]) -> None:
    """``new``, ``changed`` and ``withdrawn`` count tasks."""
    data = {name: edition[name] for name in ("id", "number", "published_at", "new", "changed", "withdrawn")}
    await publishing.tell(db, "edition.published", edition["id"], edition["version"], data)
