"""What the plans' API returns."""

from typing import Literal
from uuid import UUID

from catalog.plans.rules import Kind
from chassis.schemas import Output


class PlanName(Output):
    code: str
    number: int
    name: str
    kind: Kind


class PlanData(PlanName):
    """A plan as events carry it; ``announced_tasks`` is what the notice announces of a zone's plan."""

    id: UUID
    zone: str | None
    announced_tasks: int | None


class PlanOut(PlanData):
    """A plan (计划、方案); ``tasks`` counts what the catalog holds of it, ``zones`` are those of a further plan."""

    announced_aspects: int | None
    zones: list[str]
    tasks: int
    version: int
    actions: list[Literal["edit"]]


class PlanPage(Output):
    items: list[PlanOut]
    next: str | None
