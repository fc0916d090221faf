"""What the API of attachments takes, returns and publishes."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chassis.schemas import Input, Output, Text
from progress.attachments.rules import Kind


class Action(StrEnum):
    ADD = "add"
    REMOVE = "remove"


class RemovalIn(Input):
    reason: Text


class AttachmentData(Output):
    """An attachment as events and frozen versions carry it; ``size`` in bytes."""

    id: UUID
    name: str
    type: str
    size: int
    sha256: str


class AttachmentOut(AttachmentData):
    """An attachment with who added it. ``frozen``: an approved version, a closed order… refers to it, so that its
    content stays although it may be removed; the content of others goes after their removal.
    """

    kind: Kind
    thing_id: UUID
    office: str
    office_name: str
    added_by: str
    added_at: datetime
    removed_by: str | None
    removed_at: datetime | None
    removal_reason: str | None
    frozen: bool
    version: int
    actions: list[Action]


class Limits(Output):
    """What may be attached: ``bytes`` of one file, ``files`` of one office, the ``extensions`` of names."""

    bytes: int
    files: int
    extensions: list[str]


class AttachmentList(Output):
    """All attachments of a thing, removed ones too. ``actions``: what the caller may do with the thing's now."""

    items: list[AttachmentOut]
    actions: list[Action]
    limits: Limits
