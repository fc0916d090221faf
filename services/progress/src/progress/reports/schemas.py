"""What the API of reports takes and returns."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.schemas import Input, OptionalText, Output, Text
from progress.reports.rules import Status


class Opinion(StrEnum):
    """同意、有异议."""

    AGREE = "agree"
    OBJECT = "object"


class ReportIn(Input):
    """``finished`` says that the line is done; it demands 100 percent."""

    percent: Annotated[int, Field(ge=0, le=100)]
    done: Text
    problems: OptionalText = ""
    next_steps: OptionalText = ""
    finished: bool = False


class Confirmation(Input):
    remark: OptionalText = ""


class Return(Input):
    reason: Text


class Review(Input):
    opinion: Annotated[Opinion, Field(strict=False)]
    remark: OptionalText = ""


class ReviewOut(Output):
    """A leading unit's opinion (审核意见) on a report."""

    opinion: Opinion
    remark: str
    unit: str
    unit_name: str
    by: str
    at: datetime


class ReportOut(Output):
    """``office`` is who reports: ``zone:<code>`` or ``unit:<code>``; ``number`` counts the line's reports from 1."""

    id: UUID
    line_id: UUID
    number: int
    status: Status
    percent: int
    done: str
    problems: str
    next_steps: str
    finished: bool
    office: str
    submitted_by: str
    submitted_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    remark: str | None
    reason: str | None
    review: ReviewOut | None
    version: int


class ReportPage(Output):
    items: list[ReportOut]
    next: str | None
