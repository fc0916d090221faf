"""What the API of webhooks takes and returns."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.languages import Told
from chassis.schemas import Input, Instant, Output
from notify.webhooks.rules import Ordering, Paused, Reason, State

Url = Annotated[
    str, StringConstraints(min_length=1, max_length=1000), Field(examples=["https://receiver.example/events"])
]
Type = Annotated[
    str,
    StringConstraints(pattern=r"^zoneportal\.progress\.[a-z_]{1,40}\.[a-z_]{1,40}\.v[1-9][0-9]?$"),
    Field(examples=["zoneportal.progress.line.progressed.v1"]),
]
Tenant = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$"), Field(examples=["hefei"])]


class WebhookIn(Input):
    """``types``: none means all, also those to come. ``tenants``: of those that are granted."""

    url: Url
    types: Annotated[list[Type], Field(max_length=100, default_factory=list)]
    tenants: Annotated[list[Tenant], Field(min_length=1, max_length=50)]
    ordering: Annotated[Ordering, Field(strict=False)] = Ordering.PER_THING


class ReplayIn(Input):
    """``all``: everything since then once more, what was never sent too; ``failed``: what was given up, or waits to be
    tried again.
    """

    since: Instant
    what: Literal["all", "failed"] = "failed"


class WebhookOut(Output):
    """``paused`` says why nothing is sent; ``failing_since``: no try has succeeded since; ``waiting`` and ``failed``
    count deliveries.
    """

    id: UUID
    integrator: str
    url: str
    types: list[str]
    tenants: list[str]
    ordering: Ordering
    paused: Paused | None
    failing_since: datetime | None
    waiting: int
    failed: int
    version: int
    created_at: datetime
    actions: list[str]


class WebhookSecret(WebhookOut):
    """With the new signing secret, which is not shown again; the one before it signs too for 24 hours."""

    secret: Annotated[str, Field(pattern=r"^whsec_[A-Za-z0-9+/=]+$")]


class WebhookPage(Output):
    items: list[WebhookOut]
    next: str | None


class WebhookDeliveryOut(Output):
    """An event on its way. ``reason``: why the last try failed; ``message_id``: the header ``webhook-id``."""

    id: UUID
    message_id: str
    type: str
    subject: str
    tenant: Annotated[str | None, Field(description="Code of the jurisdiction; none for a test")]
    state: State
    attempts: int
    created_at: datetime
    next_try: datetime | None
    settled_at: datetime | None
    reason: Reason | None
    actions: list[str]


class WebhookDeliveryPage(Output):
    items: list[WebhookDeliveryOut]
    next: str | None


class AttemptOut(Output):
    """One try. ``address``: the one that was connected to; ``answer``: up to 4 kB of it, for its owner alone."""

    number: int
    at: datetime
    url: str
    headers: dict[str, str]
    address: str | None
    milliseconds: int | None
    status: int | None
    reason: Reason | None
    detail: Told
    answer_type: str | None
    answer: str | None


class WebhookDeliveryWhole(WebhookDeliveryOut):
    """``body``: what is posted, for its owner while the zone is granted to it; ``tries``: the newest hundred."""

    body: str | None
    tries: list[AttemptOut]
