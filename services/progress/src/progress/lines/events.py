"""What is published about lines."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.tenancy import Session
from progress.lines import store
from progress.publishing import publish_all


async def tell(db: Session, what: str, line_id: UUID, reason: str | None = None) -> None:
    """Publishes ``line.<what>``: opened, updated, withdrawn, progressed, stalled, suspended (why), resumed."""
    await tell_all(db, what, [line_id], reason)


async def tell_all(
    db: Session, what: str, ids: Sequence[UUID], reason: str | None = None
) -> dict[UUID, dict[str, Any]]:
    """Publishes the same of many lines; the lines as they are told."""
    found = await store.data_all(db, ids)
    await publish_all(db, f"line.{what}", [(found[each], _data(what, found[each], reason)) for each in ids])
    return found


def _data(what: str, line: dict[str, Any], reason: str | None) -> dict[str, Any]:
    data: dict[str, Any] = {"line": line}
    if what in ("opened", "updated", "withdrawn"):
        data["edition"] = line["edition"]
    if what == "suspended":
        data["reason"] = reason
    return data
