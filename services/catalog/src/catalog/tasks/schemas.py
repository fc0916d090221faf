"""What the tasks' API returns."""

from datetime import date
from typing import Literal
from uuid import UUID

from catalog.plans.schemas import PlanName
from catalog.units.rules import Kind
from catalog.units.schemas import UnitName
from chassis.schemas import Output

Role = Literal["lead", "member"]


class KnownUnit(UnitName):
    kind: Kind


class ItemResponsibility(Output):
    unit: UnitName
    role: Role


class Responsibility(Output):
    """A unit's part in a task (责任); ``position`` counts from 1 in the order of the notice."""

    unit: KnownUnit
    role: Role
    position: int


class Item(Output):
    """A sub-item with units of its own, or the whole task."""

    text: str
    responsibilities: list[ItemResponsibility]
    zones: list[str]


class Source(Output):
    """Where the task stands in its notice: offsets in code points of the original, ``text`` as it stands there."""

    document: str
    start: int
    end: int
    text: str


class TaskOut(Output):
    """A task (任务); ``edition`` is the edition that brought this content, ``version`` counts its contents."""

    id: UUID
    code: str
    number: int
    plan: PlanName
    title: str
    text: str
    items: list[Item]
    responsibilities: list[Responsibility]
    zones: list[str]
    due: date | None
    source: Source
    edition: int
    version: int
    actions: list[Literal["edit"]]


class PlacedResponsibility(Responsibility):
    """``zone`` is the zone whose city the unit is, or to which, in its own plan, it belongs as a body of the city."""

    zone: str | None


class TaskData(Output):
    """A task as events carry it; ``edition`` is the edition that brought this content, or withdrew the task."""

    id: UUID
    code: str
    number: int
    title: str
    text: str
    plan: PlanName
    responsibilities: list[PlacedResponsibility]
    zones: list[str]
    due: date | None
    edition: int


class TaskPage(Output):
    items: list[TaskOut]
    next: str | None
