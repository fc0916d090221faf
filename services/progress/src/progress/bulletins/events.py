"""What is published about bulletins."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.tenancy import Session
from progress.lines.rules import PROVINCE
from progress.publishing import publish


async def tell(db: Session, what: str, bulletin: Mapping[str, Any], audiences: Sequence[str] = ()) -> None:
    """Publishes ``bulletin.<what>``: drafted, edited, published (to its audiences) or cancelled."""
    await publish(db, f"bulletin.{what}", bulletin, {"bulletin": bulletin, "audiences": list(audiences)}, PROVINCE)
