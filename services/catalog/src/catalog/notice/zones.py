"""The zones (片区) that a notice describes: area, bonded area, positioning, key industries."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.resources import files

from catalog.notice.model import Responsibility, Zone
from catalog.notice.names import spelling

HAN = "[一-鿿]"
SQUARE_KM = r"(\d+(?:[.．]\d+)?)平方公里"
AREA = re.compile(rf"({HAN}{{2,12}})片区[^，。；、：\d片]{{0,10}}{SQUARE_KM}(?:[（(]([^（()）]{{1,200}})[）)])?")
BONDED = re.compile(rf"保税区[^\d]{{0,8}}{SQUARE_KM}")
CHARACTER = re.compile(rf"({HAN}{{2,12}})片区((?:着眼|立足|重点发展|定位|聚焦|围绕|依托)[^。]{{1,500}})")
INDUSTRIES = re.compile(r"(?:，|^)重点发展([^，。]+)")
AND_OTHERS = re.compile(r"等(?:重点|主导|优势|特色)*(?:产业|领域)?$")


class Cities:
    """Names of cities in a text, to tell 合肥 in 试验区合肥片区."""

    def __init__(self, text: str) -> None:
        places = [found.start() for found in re.finditer("市", text)]
        self._names = {text[at - size : at] for at in places for size in (2, 3, 4) if at >= size}

    def of_zone(self, before: str) -> str | None:
        """The city whose zone it is, by what stands before 片区; None when it is no zone of a city."""
        return next(
            (before[-size:] for size in (4, 3, 2) if len(before) >= size and before[-size:] in self._names), None
        )


class Zones:
    """The zones of a notice, each found once, in the order in which it names them."""

    def __init__(self, text: str) -> None:
        self._cities = Cities(text)
        self._found: dict[str, Zone] = {}
        self._spelt: Counter[str] = Counter()
        self._by_unit = {unit: zone.code for zone in KNOWN for unit in _units(zone.city)}
        self._read(text)

    @property
    def found(self) -> tuple[Zone, ...]:
        return tuple(self._found.values())

    def of(self, name: str) -> Zone | None:
        """The zone that a plan's name contains, described from now on."""
        before, separator, _ = name.partition("片区")
        city = self._cities.of_zone(before) if separator else None
        return self._zone(city) if city else None

    def named_by(self, responsibilities: Iterable[Responsibility]) -> tuple[str, ...]:
        """The codes of the zones whose city is among the units; a notice need not describe the well-known ones."""
        named = {self._by_unit.get(part.unit) for part in responsibilities}
        return tuple(code for code in dict.fromkeys(self._by_unit.values()) if code in named) if any(named) else ()

    def _read(self, text: str) -> None:
        for found in AREA.finditer(text):
            if city := self._cities.of_zone(found[1]):
                bonded = [_area(area) for area in BONDED.findall(found[3] or "")]
                self._describe(
                    city, area_km2=_area(found[2]), bonded_area_km2=round(sum(bonded), 4) if bonded else None
                )
        for found in CHARACTER.finditer(text):
            if city := self._cities.of_zone(found[1]):
                positioning = INDUSTRIES.sub("", found[2]).strip("，")
                self._describe(city, positioning=positioning, industries=tuple(_industries(found[2])))

    def _describe(self, city: str, **known: float | str | tuple[str, ...] | None) -> None:
        zone = self._zone(city)
        given = {name: value for name, value in known.items() if value and not getattr(zone, name)}
        self._found[city] = replace(zone, **given)  # type: ignore[arg-type] # the names are the fields'

    def _zone(self, city: str) -> Zone:
        if city not in self._found:
            spelt = next((zone.code for zone in KNOWN if zone.city == f"{city}市"), None) or spelling(city)
            self._spelt[spelt] += 1
            code = spelt if self._spelt[spelt] == 1 else f"{spelt}{self._spelt[spelt]}"
            self._found[city] = Zone(code, f"{city}片区", f"{city}市")
            self._by_unit |= dict.fromkeys(_units(f"{city}市"), code)
        return self._found[city]


def _area(written: str) -> float:
    return float(written.replace("．", "."))


def _industries(text: str) -> Iterator[str]:
    for listed in INDUSTRIES.findall(text):
        yield from filter(None, re.split("、|以及", AND_OTHERS.sub("", listed)))


def _units(city: str) -> tuple[str, ...]:
    """The names under which a city is a responsible unit."""
    return city, city.removesuffix("市"), f"{city}政府", f"{city}人民政府"


KNOWN = tuple(Zone(**zone) for zone in json.loads(files("catalog.notice").joinpath("zones.json").read_text("utf-8")))
