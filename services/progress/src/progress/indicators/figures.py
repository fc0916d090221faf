"""What comes of recorded values: derived ones, the province's, a year's against its target. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from progress.indicators import formulas
from progress.indicators.rules import A_YEAR, Aggregation, Direction, Indicator, Kind
from progress.lines.rules import PROVINCE

DIGITS = Decimal("0.000001")
Place = tuple[str, str]
"""An indicator's code and a jurisdiction."""


class Mark(StrEnum):
    """已达标、未达标、推进中、未填报、未定目标."""

    REACHED = "reached"
    MISSED = "missed"
    UNDER_WAY = "under_way"
    NO_VALUE = "no_value"
    NO_TARGET = "no_target"


@dataclass(frozen=True)
class Standing:
    """A year's value against its target; ``share`` is in percent of the target, 100 and more when it is reached."""

    value: Decimal | None
    target: Decimal | None
    share: Decimal | None
    mark: Mark


def of_year(kind: Kind, values: Sequence[Decimal]) -> Decimal | None:
    """A year's value from those of its periods in their order."""
    if not values:
        return None
    return sum(values, Decimal(0)) if kind is Kind.FLOW else values[-1]


Periods = frozenset[date]
"""By their first days."""


class Book:
    """The values of one period or year by their periods, as recorded, and all that is reckoned from them.

    What is made of several indicators is reckoned from those periods, and in the province from those zones, that have
    them all: half a year's exports are not held against a whole year's trade.
    """

    def __init__(
        self,
        definitions: Mapping[str, Indicator],
        recorded: Mapping[Place, Mapping[date, Decimal]],
        zones: Sequence[str],
    ) -> None:
        self._definitions, self._recorded, self._zones = definitions, recorded, zones
        self._trees = {code: each.tree for code, each in definitions.items()}

    def value(self, code: str, jurisdiction: str) -> Decimal | None:
        """None when it, or something that it is made of, is missing. A derived one of the province is reckoned from the
        province's values of its parts.
        """
        return self._reckoned(code, jurisdiction, self._common(code, jurisdiction))

    def zones_of(self, code: str) -> frozenset[str] | None:
        """The zones that the province's value is made of; None for what is not added up."""
        if not any(self._adds_up(part) for part in self._parts(code)):
            return None
        common = self._common(code, PROVINCE)
        return frozenset(zone for zone in self._zones if common[zone])

    def among(self, zones: Iterable[str]) -> "Book":
        """The same with these zones alone."""
        kept = frozenset(zones)
        return Book(self._definitions, self._recorded, [zone for zone in self._zones if zone in kept])

    def whole_year(self, code: str, jurisdiction: str) -> bool:
        """Whether no period of the year is missing, in the zones that have any where it is added up."""
        if code not in self._definitions:
            return False
        zones = self.zones_of(code) if jurisdiction == PROVINCE else None
        common, every = self._common(code, jurisdiction), A_YEAR[self._definitions[code].period]
        return all(len(common[place]) == every for place in (zones or [jurisdiction]))

    def _reckoned(self, code: str, jurisdiction: str, common: Mapping[str, Periods]) -> Decimal | None:
        definition = self._definitions.get(code)
        if definition is None:
            return None
        tree = self._trees[code]
        if tree is not None:
            found = formulas.evaluate(tree, lambda part: self._reckoned(part, jurisdiction, common))
            return None if found is None or abs(found) >= 10**14 else found.quantize(DIGITS)
        if jurisdiction == PROVINCE and definition.aggregation is not Aggregation.NONE:
            return self._together(definition, common)
        return self._of(definition, jurisdiction, common)

    def _of(self, definition: Indicator, place: str, common: Mapping[str, Periods]) -> Decimal | None:
        series = self._recorded.get((definition.code, place), {})
        return of_year(definition.kind, [value for start, value in sorted(series.items()) if start in common[place]])

    def _together(self, definition: Indicator, common: Mapping[str, Periods]) -> Decimal | None:
        found = [value for zone in self._zones if (value := self._of(definition, zone, common)) is not None]
        if not found:
            return None
        whole = sum(found, Decimal(0))
        return whole if definition.aggregation is Aggregation.SUM else (whole / len(found)).quantize(DIGITS)

    def _common(self, code: str, jurisdiction: str) -> Mapping[str, Periods]:
        """By place the periods for which all is there that the value is made of."""
        parts = self._parts(code)
        added = {part for part in parts if jurisdiction == PROVINCE and self._adds_up(part)}
        own = self._shared(parts - added, jurisdiction)
        zones = {zone: self._shared(added, zone) for zone in self._zones}
        if added and parts - added:
            zones = {zone: periods & own for zone, periods in zones.items()}
            own &= frozenset().union(*zones.values())
        return {**zones, jurisdiction: own}

    def _shared(self, codes: Iterable[str], place: str) -> Periods:
        having = [frozenset(self._recorded.get((code, place), ())) for code in codes]
        return frozenset.intersection(*having) if having else frozenset()

    def _parts(self, code: str) -> frozenset[str]:
        """What is recorded, of all that it is made of."""
        tree = self._trees.get(code)
        return frozenset().union(*map(self._parts, formulas.codes(tree))) if tree else frozenset({code})

    def _adds_up(self, code: str) -> bool:
        return code in self._definitions and self._definitions[code].aggregation is not Aggregation.NONE


def standing(
    direction: Direction, value: Decimal | None, target: Decimal | None, *, over: bool, grows: bool
) -> Standing:
    """``over``: the year has ended, so that what is not reached is missed. ``grows``: it is a sum of which something is
    still to come, so that it is not yet below its target.
    """
    if target is None or value is None:
        return Standing(value, target, None, Mark.NO_TARGET if target is None else Mark.NO_VALUE)
    reached = meets(direction, value, target)
    if reached and grows and direction is Direction.DOWN:
        return Standing(value, target, None, Mark.UNDER_WAY)
    mark = Mark.REACHED if reached else Mark.MISSED if over else Mark.UNDER_WAY
    return Standing(value, target, _share(direction, value, target), mark)


def meets(direction: Direction, value: Decimal, target: Decimal) -> bool:
    return value >= target if direction is Direction.UP else value <= target


def _share(direction: Direction, value: Decimal, target: Decimal) -> Decimal | None:
    part, whole = (value, target) if direction is Direction.UP else (target, value)
    if whole <= 0 or part < 0:
        return None
    return _percent(part / whole * 100)


def change(value: Decimal, earlier: Decimal | None) -> Decimal | None:
    """In percent of what it was; None when that was nothing or less, or next to nothing."""
    if earlier is None or earlier <= 0:
        return None
    return _percent((value - earlier) / earlier * 100)


def year_on_year(book: Book, before: Book, code: str, place: str) -> tuple[Decimal | None, int | None]:
    """The change of a value in percent; and over how many zones, when not all of both years' can be compared."""
    zones, then = (each.zones_of(code) if place == PROVINCE else None for each in (book, before))
    if zones is None or then is None or zones == then:
        return _changed(book, before, code, place), None
    both = zones & then
    found = _changed(book.among(both), before.among(both), code, place)
    return found, None if found is None else len(both)


def _changed(book: Book, before: Book, code: str, place: str) -> Decimal | None:
    value = book.value(code, place)
    return None if value is None else change(value, before.value(code, place))


def _percent(given: Decimal) -> Decimal | None:
    """To one decimal; None beyond what says anything."""
    return None if given > 10**6 else given.quantize(Decimal("0.1"))
