"""What the imports' API returns."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from catalog.editions.schemas import ComparisonOut, EditionOut
from catalog.plans.rules import Kind as PlanKind
from catalog.units.rules import Kind as UnitKind
from chassis.languages import Told
from chassis.schemas import Output

State = Literal["new", "changed", "unchanged"]


class PlanPreview(Output):
    """``tasks`` counts those in the notice, ``announced_tasks`` what it announces."""

    code: str
    number: int
    name: str
    kind: PlanKind
    zone: str | None
    announced_tasks: int | None
    tasks: int
    state: State


class Place(Output):
    """Code points of the original text."""

    start: int
    end: int


class TaskPreview(Output):
    code: str
    number: int
    plan: str
    title: str
    units: list[str]
    due: date | None
    source: Place
    state: State


class UnitPreview(Output):
    """A unit that the catalog does not hold yet."""

    code: str
    name: str
    kind: UnitKind


class ZonePreview(Output):
    code: str
    name: str
    state: State


class Warn(Output):
    """Something to be looked at; ``text`` is what stands there in the notice, between what is around it."""

    code: str
    message: Told
    start: int
    end: int
    before: str
    text: str
    after: str


class ImportOut(Output):
    """A notice as it was read, held against the present catalog."""

    id: UUID
    filename: str
    sha256: str
    tenant: str | None
    created_at: datetime
    created_by: str
    plans: list[PlanPreview]
    tasks: list[TaskPreview]
    zones: list[ZonePreview]
    units: list[UnitPreview]
    warnings: list[Warn]
    comparison: ComparisonOut
    unchanged: bool
    actions: list[Literal["confirm"]]


class ConfirmationOut(Output):
    """The draft that the import became; null when it changes nothing."""

    edition: EditionOut | None
