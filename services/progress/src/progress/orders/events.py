"""What is published about orders."""

from uuid import UUID

from chassis.tenancy import Session
from progress import entries
from progress.attachments import store as attachments
from progress.offices import PROVINCIAL
from progress.orders import store
from progress.publishing import publish


async def tell(db: Session, what: str, order_id: UUID) -> None:
    """Publishes ``order.<what>`` with its last entry, where the lead office belongs: a zone's topic or the province's.

    Integrators of that zone read it, so it carries no words of members, which may be others' zones, none of their
    attachments, and no lines.
    """
    order, step = await store.data(db, order_id), await entries.last(db, "order", order_id)
    if step["office"] not in (order["lead"]["office"], PROVINCIAL, entries.CLOCK):
        step |= {"text": "", "evidence": ""}
    told = await attachments.data(db, order_id, (order["lead"]["office"], PROVINCIAL))
    data = {"order": order, "step": step, "attachments": told}
    await publish(db, f"order.{what}", order, data, order["jurisdiction"])
