"""What is published about plans that are being written: that one was submitted, and what became of it."""

from typing import Literal
from uuid import UUID

from catalog import publishing
from catalog.manuscripts import store
from chassis.tenancy import Session


async def tell(
    db: Session,
    what: Literal["submitted", "returned", "published", "discarded"],
    plan: str,
    edition: UUID | None = None,
    remarks: str | None = None,
) -> None:
    """Publishes ``manuscript.<what>`` by the caller's office; nothing of a plan that nobody wrote here."""
    row, caller = await store.get(db, plan, lock=False), db.caller
    if row is None:
        return
    told = {name: row[name] for name in ("id", "plan", "name", "version")} | {"zone": row["tenant"]}
    office = f"zone:{caller.tenant}" if caller and caller.scope == "tenant" else "role:province"
    data = {"manuscript": told | {"edition": edition, "office": office, "remarks": remarks}}
    await publishing.tell(db, f"manuscript.{what}", row["id"], row["version"], data, row["tenant"])
