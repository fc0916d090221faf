"""What is published about zones."""

from collections.abc import Mapping
from typing import Any

from catalog import publishing
from chassis.tenancy import Session


async def published(db: Session, zone: Mapping[str, Any]) -> None:
    city = {"code": zone["city_code"], "name": zone["city_name"]} if zone["city_id"] else None
    data = {name: zone[name] for name in ("id", "code", "name", "kind", "closed_on", "closed_reason")} | {"city": city}
    await publishing.tell(db, "zone.published", zone["id"], zone["version"], data, tenant=zone["code"])
