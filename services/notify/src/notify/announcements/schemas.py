"""What the API of announcements takes and returns."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.schemas import Day, Input, Line, Output, Text
from notify.announcements.rules import Action, Status

Addressed = Annotated[str, StringConstraints(pattern=r"^(all|(zone|unit):[a-z][a-z0-9-]{0,30})$")]
"""``all``, ``zone:<code>`` or ``unit:<code>``."""


class AnnouncementIn(Input):
    """What a draft says. ``must_confirm``: each reader is asked to confirm that they have read it (已阅). ``reason``:
    why it corrects the version before it.
    """

    title: Line
    text: Text
    shown_until: Day
    must_confirm: bool = False
    addressed: Annotated[list[Addressed], Field(min_length=1, max_length=300)]
    reason: Line | None = None


class DraftIn(AnnouncementIn):
    """With ``corrects`` and ``reason`` it is to become a new version of a published one."""

    corrects: Annotated[UUID, Field(strict=False)] | None = None


class WithdrawalIn(Input):
    reason: Line


class AddressedOut(Output):
    """``name`` is null for ``all``."""

    office: str
    name: str | None


class Reach(Output):
    """How many offices (片区、责任单位) and people have read and confirmed it; of a draft, how many would get it."""

    offices: int
    read_offices: int
    confirmed_offices: int
    readers: int
    confirmed: int
    reminded_at: datetime | None


class Announcement(Output):
    """An announcement (公告通知). ``read_at`` and ``confirmed_at`` are the caller's own; whom it is for and who has
    read it is the province's to know, and null for others.

    ``corrects`` is the version before it, ``reason`` why it was corrected, ``replaced_by`` the version after it.
    """

    id: UUID
    status: Status
    edition: int
    title: str
    shown_until: date
    must_confirm: bool
    corrects: UUID | None
    reason: str | None
    replaced_by: UUID | None
    drafted_by: str
    drafted_at: datetime
    published_by: str | None
    published_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawal_reason: str | None
    version: int
    read_at: datetime | None
    confirmed_at: datetime | None
    addressed: list[AddressedOut] | None
    reach: Reach | None
    actions: list[Action]


class AnnouncementOut(Announcement):
    text: str


class AnnouncementPage(Output):
    items: list[Announcement]
    next: str | None


class OfficeOut(Output):
    """An office that an announcement is for: how many of its people have read and confirmed it, and when first."""

    office: str
    name: str
    readers: int
    confirmed: int
    first_read_at: datetime | None
    first_confirmed_at: datetime | None


class OfficePage(Output):
    items: list[OfficeOut]
    next: str | None
