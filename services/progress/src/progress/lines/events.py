"""What is published about lines."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.tenancy import Session
from progress.lines import store
from progress.periods import store as periods
from progress.publishing import publish_all


async def tell(db: Session, what: str, line_id: UUID, reason: str | None = None) -> None:
    """Publishes ``line.<what>``: opened, updated, withdrawn, progressed, stalled, suspended (why), resumed."""
    await tell_all(db, what, [line_id], reason)


async def tell_all(
    db: Session, what: str, ids: Sequence[UUID], reason: str | None = None
) -> dict[UUID, dict[str, Any]]:
    """Publishes the same of many lines; the lines as they are told."""
    found = await store.data_all(db, ids)
    quit_ = await _quit(db, what, ids)
    told = [(found[each], _data(what, found[each], reason) | quit_.get(each, {})) for each in ids]
    await publish_all(db, f"line.{what}", told)
    return found


async def _quit(db: Session, what: str, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """What the offices of lines that are asked for nothing any more do not owe now. A withdrawal holds no period: it
    goes on to lines of other jurisdictions, whose audit chains those who wait for the period may have.
    """
    if what not in ("suspended", "withdrawn"):
        return {}
    if what == "suspended":
        await periods.hold(db, await periods.overdue_with(db, ids))
    told: dict[UUID, dict[str, Any]] = {}
    for row in await periods.quit_by(db, ids):
        quit_ = {"period": str(row["period"]), "office": row["office"]}
        told.setdefault(row["line_id"], {"quit": []})["quit"].append(quit_)
    return told


def _data(what: str, line: dict[str, Any], reason: str | None) -> dict[str, Any]:
    data: dict[str, Any] = {"line": line}
    if what in ("opened", "updated", "withdrawn"):
        data["edition"] = line["edition"]
    if what == "suspended":
        data["reason"] = reason
    return data
