"""What the API tells of mails."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.schemas import Output

State = Literal["created", "sending", "sent", "failed"]


class DeliveryOut(Output):
    """One mail to one address, which is masked; ``error`` is why the last try failed, without its text."""

    id: UUID
    address: str
    state: State
    attempts: int
    created_at: datetime
    next_try: datetime | None
    sent_at: datetime | None
    error: str | None


class DeliveryPage(Output):
    items: list[DeliveryOut]
    next: str | None
