"""What the API of deadlines takes and returns."""

from datetime import date, datetime
from uuid import UUID

from chassis.schemas import Input, Output
from progress.deadlines.rules import Kind


class DeadlineOut(Output):
    """Something open that is due; ``id`` is the thing's own, ``line_id`` that of its line."""

    kind: Kind
    id: UUID
    line_id: UUID | None
    title: str
    place: str | None
    due: date


class DeadlinePage(Output):
    items: list[DeadlineOut]
    next: str | None


class FeedOut(Output):
    """Since when the caller has a feed; null without one."""

    made_at: datetime | None


class NewFeed(Output):
    """``secret`` is shown in this answer alone: what is stored cannot be turned back into it."""

    made_at: datetime
    secret: str


class Renewal(Input):
    """Nothing to say."""
