"""What the units' API takes and returns."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from catalog.names import Name, UnitCode
from catalog.units.rules import Kind
from chassis.schemas import Input, Output

Aliases = Annotated[list[Name], Field(max_length=20)]


class UnitIn(Input):
    """A new unit; without ``code`` the pinyin initials of its name are taken."""

    name: Name
    kind: Kind
    code: UnitCode | None = None
    aliases: Aliases = Field(default_factory=list)


class UnitChange(Input):
    """What is given is changed."""

    name: Name | None = None
    kind: Kind | None = None
    aliases: Aliases | None = None


class UnitName(Output):
    code: str
    name: str


class UnitData(Output):
    """A unit as events carry it."""

    id: UUID
    code: str
    name: str
    kind: Kind
    aliases: list[str]


class UnitOut(UnitData):
    """A responsible unit (责任单位)."""

    version: int
    actions: list[Literal["edit"]]


class UnitPage(Output):
    items: list[UnitOut]
    next: str | None
