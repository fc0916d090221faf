"""What the zones' API takes and returns."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from catalog.names import Name, ZoneCode
from catalog.units.schemas import UnitName
from catalog.zones.rules import Kind
from chassis.schemas import Input, OptionalText, Output, Text

Area = Annotated[float, Field(ge=0, le=100_000, description="km²", strict=False, allow_inf_nan=False)]
Industries = Annotated[list[Name], Field(max_length=50)]


class ZoneIn(Input):
    """A new zone. ``city`` is a unit's code or name; a name that nobody has yet becomes a new unit of kind ``city``."""

    code: ZoneCode
    name: Name
    kind: Kind
    city: Name | None = None
    area_km2: Area | None = None
    bonded_area_km2: Area | None = None
    positioning: OptionalText = ""
    industries: Industries = Field(default_factory=list)


class ZoneChange(Input):
    """What is given is changed; an area that is given as null is unknown from then on."""

    name: Name | None = None
    kind: Kind | None = None
    area_km2: Area | None = None
    bonded_area_km2: Area | None = None
    positioning: OptionalText | None = None
    industries: Industries | None = None


class Closing(Input):
    """Why a zone is closed (撤销), or opened again."""

    reason: Text


class Announced(Output):
    """What the notice announces of the zone's plan."""

    aspects: int | None
    tasks: int | None


class ZoneData(Output):
    """A zone as events carry it; ``city`` is the unit whose tasks are the zone's. From ``closed_on`` on nothing is
    written in it, and what there is stays to be read.
    """

    id: UUID
    code: str
    name: str
    kind: Kind
    city: UnitName | None
    closed_on: date | None = None
    closed_reason: str | None = None


class ZoneOut(ZoneData):
    """A zone (片区、联动创新区)."""

    area_km2: float | None
    bonded_area_km2: float | None
    positioning: str
    industries: list[str]
    announced: Announced | None
    version: int
    actions: list[Literal["edit", "close", "reopen"]]


class ZonePage(Output):
    items: list[ZoneOut]
    next: str | None
