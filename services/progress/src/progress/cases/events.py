"""What is published about cases."""

from typing import Any
from uuid import UUID

from chassis.tenancy import Session
from progress.cases import store
from progress.publishing import publish


async def tell(db: Session, what: str, case_id: UUID, **more: Any) -> None:
    """Publishes ``case.<what>`` on the topic of the zone of origin, with what the type's model has beside the case."""
    case = await store.data(db, case_id)
    await publish(db, f"case.{what}", case, {"case": case, **more}, case["zone"])
