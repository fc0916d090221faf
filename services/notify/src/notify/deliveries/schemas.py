"""What the API tells of deliveries."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.languages import Told
from chassis.schemas import Output
from notify.channels import Outcome
from notify.deliveries.rules import State


class ChannelOut(Output):
    code: str
    name: str
    name_en: str


class DeliveryOut(Output):
    """One message to one address, which is masked; ``error``: why the last try failed, in short."""

    id: UUID
    channel: str
    address: str
    state: State
    attempts: int
    created_at: datetime
    next_try: datetime | None
    sent_at: datetime | None
    error: str | None
    actions: list[str]


class DeliveryPage(Output):
    """``channels``: all that there are."""

    items: list[DeliveryOut]
    next: str | None
    channels: list[ChannelOut]


class AttemptOut(Output):
    """One try. ``unknown``: it may have arrived; the next has the same id. ``milliseconds``: none while it runs."""

    number: int
    at: datetime
    milliseconds: int | None
    outcome: Outcome
    reason: str | None
    detail: Told


class DeliveryWhole(DeliveryOut):
    """``tries``: the newest hundred."""

    tries: Annotated[list[AttemptOut], Field(max_length=100)]
