"""What the API of filings takes, returns and publishes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.languages import Told
from chassis.schemas import Day, Input, OptionalText, Output, Text
from progress.attachments.schemas import AttachmentData
from progress.filings.rules import Action, Confidence, Doubt, Hold, State
from progress.lines.schemas import TaskOut
from progress.periods.rules import Kind


class FieldName(StrEnum):
    """The fields of a filing that a remark can be about."""

    PERCENT = "percent"
    DONE = "done"
    PROBLEMS = "problems"
    NEXT_STEPS = "next_steps"
    FINISHED = "finished"


class DraftIn(Input):
    """``unchanged`` says that text and percent are meant to be those of the last approval (与上期一致)."""

    percent: Annotated[int, Field(ge=0, le=100)]
    done: OptionalText = ""
    problems: OptionalText = ""
    next_steps: OptionalText = ""
    finished: bool = False
    unchanged: bool = False


class PartIn(Input):
    text: Text


class StepIn(Input):
    remark: OptionalText = ""


class RemarkIn(Input):
    field: Annotated[FieldName, Field(strict=False)]
    text: Text


class ReturnIn(Input):
    """Says what is to be changed; ``remarks`` are about single fields."""

    remark: Text
    remarks: list[RemarkIn] = Field([], max_length=5)


class ApprovalIn(Input):
    """``confidence`` is the reviewer's own view, beside the percent that is reported."""

    confidence: Annotated[Confidence, Field(strict=False)]
    remark: OptionalText = ""


class ReopeningIn(Input):
    """Lets one line file after the lock, or correct what is approved, until the end of a day."""

    reason: Text
    until: Day


class AnswerIn(Input):
    answer: Text


class BulkAction(StrEnum):
    """Steps that can be taken for many filings at once."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    CHECK = "check"
    UNCHECK = "uncheck"
    ACCEPT = "accept"
    UNACCEPT = "unaccept"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    RETURN = "return"


class BulkItem(Input):
    id: Annotated[UUID, Field(strict=False)]
    version: Annotated[int, Field(ge=1, le=2**53)]


class BulkIn(Input):
    """``confidence`` is needed to approve, ``remark`` to return or to give back: it says what is to be changed."""

    action: Annotated[BulkAction, Field(strict=False)]
    filings: Annotated[list[BulkItem], Field(min_length=1, max_length=200)]
    confidence: Annotated[Confidence | None, Field(strict=False)] = None
    remark: OptionalText = ""


class BulkResult(Output):
    """``problem`` says why nothing was done with this one; null when it was."""

    id: UUID
    state: State | None
    version: int | None
    problem: Told | None


class BulkOut(Output):
    results: list[BulkResult]


class PeriodName(Output):
    id: UUID
    title: str
    kind: Kind
    due: date
    grace: date
    locks: date


class FilingLine(Output):
    """The line as it stands now."""

    id: UUID
    jurisdiction: str
    jurisdiction_name: str
    task: TaskOut
    percent: int
    due: date | None


class FieldRemark(Output):
    field: FieldName
    text: str


class FilingData(Output):
    """A filing as events carry it. ``approved`` is the number of its last approved version, 0 before the first."""

    id: UUID
    period_id: UUID
    line_id: UUID
    office: str
    state: State
    percent: int
    done: str
    problems: str
    next_steps: str
    finished: bool
    unchanged: bool
    remarks: list[FieldRemark]
    received_on: date | None
    on_time: bool | None
    approved: int
    version: int


class FilingShown(FilingData):
    """A filing in a list. Until it is sent to the province, others than its office see what was approved of it, if
    anything, and the line's percent. ``hold`` says why nothing goes on; ``unanswered`` counts its open queries.

    ``confidence`` and ``disagrees`` are of the last approval.
    """

    period: PeriodName
    line: FilingLine
    office_name: str
    saved_by: str | None
    saved_at: datetime | None
    reopened_until: date | None
    hold: Hold
    unanswered: int
    confidence: Confidence | None
    disagrees: bool | None
    actions: list[Action]


class FilingPage(Output):
    items: list[FilingShown]
    next: str | None


class PartOut(Output):
    """What a member of the line gave to the one who files (配合单位填报)."""

    unit: str
    unit_name: str
    text: str
    written_by: str
    written_at: datetime


class VersionOut(Output):
    """What was approved, frozen, with its attachments and the members' parts. ``expected_percent`` kept pace that day;
    ``reason`` says why it was corrected, or taken over from before the portal.
    """

    number: int
    percent: int
    done: str
    problems: str
    next_steps: str
    finished: bool
    expected_percent: int | None
    confidence: Confidence
    disagrees: bool
    remark: str
    reason: str
    taken_over: bool
    approved_by: str
    approved_at: datetime
    attachments: list[AttachmentData]
    parts: list[PartOut]


class QueryStatus(StrEnum):
    """待答复、已答复、已失效."""

    OPEN = "open"
    ANSWERED = "answered"
    LAPSED = "lapsed"


class QueryOut(Output):
    id: UUID
    kind: Doubt
    status: QueryStatus
    question: Told
    opened_at: datetime
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None


class StepOut(Output):
    at: datetime
    action: Action
    actor: str
    office: str
    remark: str
    remarks: list[FieldRemark]
    until: date | None


class LastOut(Output):
    """What was confirmed of the line last, before this filing."""

    percent: int
    done: str
    problems: str
    next_steps: str
    decided_at: datetime | None


class ReachedOut(Output):
    title: str
    done_on: date


class Difference(Output):
    """What approving it now would change: of the approved version, or of the line (``line_percent``)."""

    field: str
    before: str | int | bool | None
    after: str | int | bool | None


class FilingOut(FilingShown):
    """One filing with all that belongs to it. ``reached`` are the milestones done since the last approval."""

    last: LastOut | None
    reached: list[ReachedOut]
    parts: list[PartOut]
    queries: list[QueryOut]
    versions: list[VersionOut]
    steps: list[StepOut]
    differences: list[Difference]
