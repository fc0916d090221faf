"""What is published about indicators: definitions on the province's topic, targets and values on their own's."""

from collections.abc import Mapping
from typing import Any

from chassis.tenancy import Session
from progress.lines.rules import PROVINCE
from progress.publishing import publish


async def tell(db: Session, what: str, definition: Mapping[str, Any]) -> None:
    """Publishes ``indicator.<defined|changed|confirmed|withdrawn>``."""
    await publish(db, f"indicator.{what}", definition, {"indicator": definition}, PROVINCE)


async def targeted(
    db: Session, definition: Mapping[str, Any], jurisdiction: str, targets: list[dict[str, Any]]
) -> None:
    """Publishes ``indicator.targeted`` for a jurisdiction: all the targets that it has now."""
    data = {"indicator": definition, "jurisdiction": jurisdiction, "targets": targets}
    await publish(db, "indicator.targeted", definition, data, jurisdiction)


async def missed(db: Session, what: str, missing: Mapping[str, Any]) -> None:
    """Publishes ``missing_value.<due_soon|overdue>``."""
    await publish(db, f"missing_value.{what}", missing, {"missing_value": missing}, missing["jurisdiction"])


async def valued(db: Session, what: str, value: Mapping[str, Any]) -> None:
    """Publishes ``indicator_value.<recorded|revised>``."""
    await publish(db, f"indicator_value.{what}", value, {"indicator_value": value}, value["jurisdiction"])
