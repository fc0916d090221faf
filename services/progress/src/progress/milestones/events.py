"""What is published about milestones and extensions."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from chassis.tenancy import Session
from progress.lines import store as lines
from progress.publishing import publish


async def tell(
    db: Session, thing: Literal["milestone", "extension"], what: str, line_id: UUID, row: Mapping[str, Any]
) -> None:
    """Publishes ``milestone.<placed|removed|completed|overdue>`` or ``extension.<asked|approved|refused|moved>``, with
    the line.
    """
    await publish(db, f"{thing}.{what}", row, {thing: row, "line": await lines.data(db, line_id)})
