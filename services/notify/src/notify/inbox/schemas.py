"""What the inbox takes and returns."""

import re
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema

from chassis.schemas import Input, Output

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _instant(value: object) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value) or not value.isascii():
        raise ValueError("应为 RFC 3339 格式的时间，例如 2026-11-24T08:00:00Z")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("不是有效的时间") from error


Instant = Annotated[datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]


class ReadUntil(Input):
    """``until`` is the ``at`` of the newest entry that was shown, so that one that came since stays unread."""

    until: Instant


class Unread(Output):
    """Entries not read yet."""

    unread: int


class EntryOut(Output):
    """A piece of news. ``count``: how many lines a grouped one stands for; ``href``: a path of the portal."""

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


class Inbox(Output):
    items: list[EntryOut]
    next: str | None
    unread: int
