"""What is published about units."""

from collections.abc import Mapping
from typing import Any

from catalog import publishing
from chassis.tenancy import Session


async def published(db: Session, unit: Mapping[str, Any]) -> None:
    data = {name: unit[name] for name in ("id", "code", "name", "kind", "aliases")}
    await publishing.tell(db, "unit.published", unit["id"], unit["version"], data)
