"""What the inbox takes and returns."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.schemas import Input, Instant, Output


class ReadUntil(Input):
    """``until`` is the ``at`` of the newest entry that was shown, so that one that came since stays unread."""

    until: Instant


class Unread(Output):
    """Things of which something is not read yet."""

    unread: int


class EntryOut(Output):
    """A piece of news. ``count``: how many lines a grouped one stands for; ``href``: a path of the portal.

    ``thing`` is what it is about; ``entries`` and ``unread_entries`` are how many there are of that. ``late``: it tells
    of something overdue, which is not known to be settled.
    """

    id: UUID
    kind: str
    title: str
    body: str
    title_en: str
    body_en: str
    href: str
    tenant: Annotated[str, Field(description="Code of the jurisdiction; `province` for lines of several")]
    count: int
    at: datetime
    read: bool
    thing: str
    late: bool
    entries: int
    unread_entries: int


class Inbox(Output):
    """``unread`` and ``overdue`` count things, whatever page or section was asked for."""

    items: list[EntryOut]
    next: str | None
    unread: int
    overdue: int
