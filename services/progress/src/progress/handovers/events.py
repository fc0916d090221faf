"""What is published about handovers."""

from collections.abc import Mapping
from typing import Any

from chassis.tenancy import Session
from progress import offices
from progress.publishing import publish


async def tell(db: Session, handover: Mapping[str, Any]) -> None:
    """Publishes ``handover.made``, where the office belongs: a zone's topic or the province's."""
    await publish(db, "handover.made", handover, {"handover": handover}, offices.jurisdiction(handover["office"]))
