"""What progress reads of the catalog's events; other fields are passed over."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel


class UnitRef(BaseModel):
    code: str
    name: str
    kind: str = "department"


class Zone(BaseModel):
    """``zoneportal.catalog.zone.published.v1``."""

    id: UUID
    code: str
    name: str
    kind: str
    city: UnitRef | None = None
    closed_on: date | None = None
    closed_reason: str | None = None


class Unit(BaseModel):
    """``zoneportal.catalog.unit.published.v1``."""

    id: UUID
    code: str
    name: str
    kind: str
    aliases: list[str] = []


class PlanRef(BaseModel):
    code: str
    number: int
    name: str
    kind: str


class Plan(PlanRef):
    """``zoneportal.catalog.plan.published.v1``."""

    id: UUID


class Responsibility(BaseModel):
    unit: UnitRef
    role: str
    position: int
    zone: str | None = None


class Task(BaseModel):
    """``zoneportal.catalog.task.published.v1`` and ``….task.withdrawn.v1``."""

    id: UUID
    code: str
    number: int
    title: str
    text: str
    plan: PlanRef
    responsibilities: list[Responsibility]
    zones: list[str]
    due: date | None = None
    edition: int | None = None
