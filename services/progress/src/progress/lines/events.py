"""What is published about lines."""

from typing import Any
from uuid import UUID

from chassis.tenancy import Session
from progress.lines import store
from progress.publishing import publish


async def tell(db: Session, what: str, line_id: UUID, reason: str | None = None) -> None:
    """Publishes ``line.<what>``: opened, updated, withdrawn, progressed, stalled, suspended (why), resumed."""
    line = await store.data(db, line_id)
    data: dict[str, Any] = {"line": line}
    if what in ("opened", "updated", "withdrawn"):
        data["edition"] = line["edition"]
    if what == "suspended":
        data["reason"] = reason
    await publish(db, f"line.{what}", line, data)
