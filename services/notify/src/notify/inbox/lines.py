"""What notify needs to know of a line (推进事项). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from notify import audiences

PROVINCE = "province"


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    leads: bool


@dataclass(frozen=True)
class Line:
    """The line of an event."""

    id: str
    jurisdiction: str
    place: str
    title: str
    units: tuple[Unit, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Line":
        """The line of an event. A jurisdiction without a name goes by its code. KeyError when it is no line."""
        jurisdiction = str(data["jurisdiction"])
        units = tuple(
            Unit(str(unit["code"]), str(unit.get("name") or unit["code"]), unit.get("role") == "lead")
            for unit in data.get("units") or ()
        )
        place = str(data.get("jurisdiction_name") or jurisdiction)
        return cls(str(data["id"]), jurisdiction, place, str(data["task"]["title"]), units)

    @property
    def leads(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.leads) or self.units[:1]

    @property
    def lead_office(self) -> str:
        """The first leading unit's audience; empty when the line has no units."""
        return audiences.unit(self.leads[0].code) if self.leads else ""

    @property
    def zone_audience(self) -> str | None:
        return None if self.jurisdiction == PROVINCE else audiences.zone(self.jurisdiction)

    @property
    def audiences(self) -> tuple[str, ...]:
        """All that may see the line: the province, its zone, its units."""
        zone = (self.zone_audience,) if self.zone_audience else ()
        return tuple(dict.fromkeys((audiences.PROVINCE, *zone, *(audiences.unit(unit.code) for unit in self.units))))

    @property
    def offices(self) -> tuple[str, ...]:
        """The audiences of those who work on the line: its zone's office, or the units that lead it."""
        zone = self.zone_audience
        return (zone,) if zone else tuple(audiences.unit(unit.code) for unit in self.leads)

    def office_name(self, office: str) -> str:
        """The name of an office that acts on the line: its zone's, or one of its units'."""
        if office == self.zone_audience:
            return self.place
        return next((unit.name for unit in self.units if audiences.unit(unit.code) == office), office.partition(":")[2])
