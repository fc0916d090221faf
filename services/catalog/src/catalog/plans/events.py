"""What is published about plans."""

from collections.abc import Mapping
from typing import Any

from catalog import publishing
from chassis.tenancy import Session


async def published(db: Session, plan: Mapping[str, Any]) -> None:
    data = {name: plan[name] for name in ("id", "code", "number", "name", "kind", "zone", "announced_tasks")}
    await publishing.tell(db, "plan.published", plan["id"], plan["version"], data, tenant=plan["zone"])
