"""What is published about meetings and decisions."""

from collections.abc import Mapping
from typing import Any

from chassis.tenancy import Session
from progress.lines.rules import PROVINCE
from progress.publishing import publish


async def tell_meeting(db: Session, what: str, meeting: Mapping[str, Any]) -> None:
    """Publishes ``meeting.<planned|edited|concluded>``."""
    await publish(db, f"meeting.{what}", meeting, {"meeting": meeting}, PROVINCE)


async def tell_decision(db: Session, what: str, decision: Mapping[str, Any]) -> None:
    """Publishes ``decision.<made|noted|ordered|proposed|completed|reopened|due_soon|overdue>``."""
    await publish(db, f"decision.{what}", decision, {"decision": decision}, PROVINCE)
