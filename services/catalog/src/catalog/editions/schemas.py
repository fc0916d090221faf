"""What the editions' API returns."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.schemas import Input, Output, Text


class EditionData(Output):
    """A published edition as events carry it; ``new``, ``changed``, ``withdrawn`` count tasks."""

    id: UUID
    number: int
    published_at: datetime
    new: int
    changed: int
    withdrawn: int


class EditionOut(Output):
    """An edition (版本); ``new``, ``changed``, ``withdrawn`` count tasks against the edition before it.

    It has its ``number`` from its publication on: 1, 2, 3… in the order of publication. A zone's draft that the
    province returned has its ``remarks`` and is never published.
    """

    id: UUID
    number: int | None
    status: Literal["draft", "published", "returned"]
    tenant: str | None
    document: str
    plans: list[str]
    new: int
    changed: int
    withdrawn: int
    created_at: datetime
    created_by: str
    published_at: datetime | None
    published_by: str | None
    returned_at: datetime | None
    returned_by: str | None
    remarks: str | None
    version: int
    actions: list[Literal["publish", "return"]]


class ReturnIn(Input):
    """What the zone should change, and why."""

    remarks: Text


class EditionPage(Output):
    items: list[EditionOut]
    next: str | None


class TaskBrief(Output):
    code: str
    plan: str
    number: int
    title: str


class Words(Output):
    """A stretch of the text: in both (``equal``), only before (``delete``) or only after (``insert``)."""

    op: Literal["equal", "insert", "delete"]
    text: str


class Change(Output):
    field: str
    before: str
    after: str
    words: list[Words]


class ChangedTask(TaskBrief):
    changes: list[Change]


class ComparisonOut(Output):
    """Tasks that are new, changed or gone (新增、变更、取消)."""

    new: list[TaskBrief]
    changed: list[ChangedTask]
    gone: list[TaskBrief]
