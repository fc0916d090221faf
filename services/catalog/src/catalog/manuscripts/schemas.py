"""What the manuscripts' API takes and returns."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from catalog.editions.schemas import ComparisonOut
from catalog.imports.schemas import UnitPreview
from catalog.manuscripts.rules import (
    LARGEST_NUMBER,
    LONGEST_TEXT,
    MOST_TASKS,
    MOST_UNITS,
    Action,
    Entry,
    Part,
    State,
    Status,
)
from catalog.names import Name, TaskCode, ZoneCode
from catalog.plans.rules import Kind
from catalog.tasks.schemas import Role
from chassis.languages import Told
from chassis.schemas import Day, Input, Line, Output, Storable

Measures = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT),
    Storable,
    Field(json_schema_extra={"pattern": r"^[^\x00]*$"}),
]
PlanName = Annotated[
    str,
    StringConstraints(
        min_length=2,
        max_length=100,
        pattern=r"^[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f]$",
    ),
    Storable,
]
Zones = Annotated[list[ZoneCode], Field(max_length=100)]


class PartIn(Input):
    """``unit`` is a name or an alias; one that the catalog does not know becomes a new unit when it is published."""

    unit: Name
    role: Role


class EntryIn(Input):
    """``code`` is that of the published task which this one continues, with its lines and their history."""

    number: Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
    title: Line
    text: Measures = ""
    responsibilities: Annotated[list[PartIn], Field(min_length=1, max_length=MOST_UNITS)]
    due: Day | None = None
    code: TaskCode | None = None

    def entry(self) -> Entry:
        parts = tuple(Part(part.unit, part.role) for part in self.responsibilities)
        return Entry(self.number, self.title, self.text, parts, self.due, self.code)


class ManuscriptIn(Input):
    """All of a plan. ``name`` and ``zones``, those in which all its tasks open lines, are a further plan's only."""

    tasks: Annotated[list[EntryIn], Field(max_length=MOST_TASKS)]
    name: PlanName | None = None
    zones: Zones | None = None


class FurtherPlanIn(Input):
    """A further plan (“N”); all its tasks open lines in ``zones``."""

    name: PlanName
    zones: Zones = Field(default_factory=list)


class PartOut(Output):
    unit: str
    role: Role


class EntryOut(Output):
    number: int
    title: str
    text: str
    responsibilities: list[PartOut]
    due: date | None
    code: str | None


class ReturnedOut(Output):
    """What the province remarked on the plan when it returned it."""

    remarks: str
    by: str
    at: datetime


class ManuscriptOut(Output):
    """A plan as it is being written (编制稿); when nobody has ``begun``, as it is published. ``returned`` stands until
    it is submitted anew; a new task gets ``next_number``.
    """

    plan: str
    name: str
    kind: Kind
    zone: str | None
    zones: list[str]
    announced_tasks: int | None
    published_tasks: int
    begun: bool
    status: Status
    returned: ReturnedOut | None
    next_number: int
    tasks: list[EntryOut]
    version: int
    actions: list[Action]


class ManuscriptBrief(Output):
    """``written_tasks`` is null while nobody writes."""

    plan: str
    name: str
    kind: Kind
    zone: str | None
    announced_tasks: int | None
    published_tasks: int
    written_tasks: int | None
    updated_at: datetime | None
    updated_by: str | None


class ManuscriptData(Output):
    """A plan that is written here, as events carry it. ``office`` (``zone:<code>`` or ``role:province``) did it,
    ``edition`` is the draft that was made of it, returned with ``remarks``, or published.
    """

    id: UUID
    plan: str
    name: str
    zone: str | None
    office: str
    edition: UUID | None
    remarks: str | None = None
    version: int


class ManuscriptEvent(Output):
    """A plan that is written here was submitted, returned, published or discarded; what is written is not told."""

    manuscript: ManuscriptData


class ManuscriptPage(Output):
    items: list[ManuscriptBrief]
    next: str | None


class ManuscriptComparison(Output):
    """What a submission would change; ``units`` are those that the catalog would take in, ``doubts`` misspelt ones."""

    comparison: ComparisonOut
    units: list[UnitPreview]
    doubts: list[Told]


class CellError(Output):
    """What is wrong in a cell: where it is (``C7``), the title of its column, and why."""

    cell: str
    column: str
    detail: Told


class SheetRow(Output):
    """A row as it was read; a field that could not be is empty, and ``errors`` say why."""

    row: int
    number: int | None
    title: str
    text: str
    responsibilities: list[PartOut]
    due: date | None
    state: State | None
    errors: list[CellError]


class EntryBrief(Output):
    number: int
    title: str


class SheetOut(Output):
    """An uploaded template, held against the manuscript as it is now. ``gone`` would be taken out of it."""

    id: UUID
    plan: str
    filename: str
    created_at: datetime
    created_by: str
    rows: list[SheetRow]
    gone: list[EntryBrief]
    errors: int
    actions: list[Literal["confirm"]]
