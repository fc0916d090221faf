"""What follows from every change of a decision; and how one that became an order goes with that order."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis import audit
from chassis.tenancy import Session
from progress.lines.rules import PROVINCE
from progress.meetings import events, rules, store
from progress.orders.rules import Action


async def tell(db: Session, decision_id: UUID, what: str, before: dict[str, Any] | None) -> None:
    """Audit and event."""
    after = dict(await store.get(db, decision_id) or {})
    await audit.record(db, f"decision.{what}", "decision", decision_id, before, after, tenant=PROVINCE)
    await events.tell_decision(db, what, after)


async def follow(db: Session, order_id: UUID, action: Action, said: Mapping[str, str], name: str) -> None:
    """Carried out when its order is closed (销号), undecided again when it is revoked; the order is locked."""
    what = rules.FOLLOWS.get(action)
    found = await store.of_order(db, order_id) if what else None
    if what is None or found is None:
        return
    before = dict(found)
    if what == "completed":
        await store.complete(db, before["id"], rules.outcome(said), name)
    else:
        await store.reopen(db, before["id"])
    await tell(db, before["id"], what, before)
