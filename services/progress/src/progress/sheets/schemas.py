"""What the API of sheets takes and returns."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from chassis.languages import Told
from chassis.schemas import Input, Output
from progress.filings.rules import Confidence, State
from progress.filings.schemas import Difference
from progress.sheets.rules import Status


class CellError(Output):
    """What is wrong in a cell: where it is (``C7``), the title of its column, and why."""

    cell: str
    column: str
    detail: Told


class Concern(StrEnum):
    """Changed by somebody since the download, not to be filled in now, doubtful (a query will be asked)."""

    CHANGED_SINCE = "changed_since"
    BLOCKED = "blocked"
    DOUBT = "doubt"


class Warning(Output):
    what: Concern
    detail: Told


class SheetRow(Output):
    """A row as it was read, held against its filing as it is now; a field that could not be read is empty."""

    row: int
    filing_id: UUID | None
    number: str
    title: str
    place: str
    office_name: str
    percent: int | None
    done: str
    problems: str
    next_steps: str
    finished: bool
    unchanged: bool
    received_on: date | None
    status: Status
    changes: list[Difference]
    errors: list[CellError]
    warnings: list[Warning]


class SheetOut(Output):
    """An uploaded sheet. ``takeover`` when it is of a period from before the portal; ``counts`` by the rows' status."""

    id: UUID
    period_id: UUID
    office: str
    filename: str
    created_by: str
    created_at: datetime
    takeover: bool
    counts: dict[Status, int]
    errors: int
    rows: list[SheetRow]
    actions: list[Literal["confirm"]]


class ConfirmationIn(Input):
    """``submit``: give what was written to the office's administrator as well. ``overwrite``: also what others have
    changed since the download. ``confidence`` is needed for a takeover, and is that of all its rows.
    """

    submit: bool = False
    overwrite: bool = False
    confidence: Annotated[Confidence | None, Field(strict=False)] = None


class Outcome(StrEnum):
    """Nothing to do, nothing said, draft filled in, filled in and submitted, taken over, refused."""

    SAME = "same"
    BLANK = "blank"
    FILLED = "filled"
    SUBMITTED = "submitted"
    TAKEN_OVER = "taken_over"
    REFUSED = "refused"


class RowResult(Output):
    """What became of a row. ``problem`` says what was not done, and why; of one that is ``filled``, that it was not
    submitted.
    """

    row: int
    filing_id: UUID
    title: str
    outcome: Outcome
    state: State
    problem: Told | None


class ConfirmationOut(Output):
    counts: dict[Outcome, int]
    results: list[RowResult]
