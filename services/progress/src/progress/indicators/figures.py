"""What comes of recorded values: derived ones, the province's, a year's against its target. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from progress.indicators import formulas
from progress.indicators.rules import Aggregation, Direction, Indicator, Kind
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


class Book:
    """The values of one period or year, as recorded, and all that is reckoned from them."""

    def __init__(
        self, definitions: Mapping[str, Indicator], recorded: Mapping[Place, Decimal], zones: Sequence[str]
    ) -> None:
        self._definitions, self._recorded, self._zones = definitions, recorded, zones
        self._trees = {code: each.tree for code, each in definitions.items()}

    def value(self, code: str, jurisdiction: str) -> Decimal | None:
        """None when it, or something that it is made of, is missing. A derived one of the province is reckoned from the
        province's values of its parts.
        """
        definition = self._definitions.get(code)
        if definition is None:
            return None
        tree = self._trees[code]
        if tree is not None:
            found = formulas.evaluate(tree, lambda part: self.value(part, jurisdiction))
            return None if found is None or abs(found) >= 10**14 else found.quantize(DIGITS)
        if jurisdiction == PROVINCE and definition.aggregation is not Aggregation.NONE:
            return self._together(definition)
        return self._recorded.get((code, jurisdiction))

    def zones_with(self, code: str) -> int:
        """How many zones the province's value is made of."""
        return sum(self.value(code, zone) is not None for zone in self._zones)

    def _together(self, definition: Indicator) -> Decimal | None:
        found = [value for zone in self._zones if (value := self._recorded.get((definition.code, zone))) is not None]
        if not found:
            return None
        whole = sum(found, Decimal(0))
        return whole if definition.aggregation is Aggregation.SUM else (whole / len(found)).quantize(DIGITS)


def standing(direction: Direction, value: Decimal | None, target: Decimal | None, *, over: bool) -> Standing:
    """``over``: the year has ended, so that what is not reached is missed."""
    if target is None or value is None:
        return Standing(value, target, None, Mark.NO_TARGET if target is None else Mark.NO_VALUE)
    reached = value >= target if direction is Direction.UP else value <= target
    mark = Mark.REACHED if reached else Mark.MISSED if over else Mark.UNDER_WAY
    return Standing(value, target, _share(direction, value, target), mark)


def _share(direction: Direction, value: Decimal, target: Decimal) -> Decimal | None:
    part, whole = (value, target) if direction is Direction.UP else (target, value)
    if whole <= 0 or part < 0:
        return None
    return min(part / whole * 100, Decimal(10**6)).quantize(Decimal("0.1"))


def change(value: Decimal, earlier: Decimal | None) -> Decimal | None:
    """In percent of what it was; None when that was nothing or less."""
    if earlier is None or earlier <= 0:
        return None
    return min((value - earlier) / earlier * 100, Decimal(10**6)).quantize(Decimal("0.1"))
