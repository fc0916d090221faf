"""What the API of indicators takes and returns.

Numbers are decimals of at most 14 digits before the point and 6 behind it, written as strings, so that nothing between
PostgreSQL's ``numeric`` and a page makes floats of them.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema

from chassis.languages import Told
from chassis.schemas import Filter, Input, Line, OptionalText, Output, Storable, Text
from progress.indicators.figures import Mark
from progress.indicators.rules import Action, Aggregation, Direction, Effect, Kind, Period, Status, plain

_DECIMAL = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,6})?")
_SCHEMA: dict[str, Any] = {"type": "string", "pattern": rf"^{_DECIMAL.pattern}$"}


def _decimal(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise ValueError("应为写成文本的数字，整数部分最多 14 位，小数最多 6 位，例如 12.5")
    return Decimal(value)


Number = Annotated[Decimal, BeforeValidator(_decimal), PlainSerializer(plain, return_type=str), WithJsonSchema(_SCHEMA)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
Measure = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x20\x7f·]{0,20}$"), Storable]
Formula = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), Storable]
Place = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]
Label = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}(-(0[1-9]|1[0-2]|Q[1-4]))?$")]
Year = Annotated[int, Field(ge=2000, le=2099)]


class ChecksIn(Input):
    """What a value is held against; null leaves a check away. ``jump`` is in percent of the value before."""

    negative: Effect | None = Field(None, strict=False)
    minimum: Number | None = None
    maximum: Number | None = None
    outside: Effect = Field(Effect.WARN, strict=False)
    jump: Number | None = None
    jumping: Effect = Field(Effect.WARN, strict=False)


class IndicatorChange(Input):
    """A definition. ``unit`` is the responsible unit's code; ``formula`` makes it a derived one, without own values."""

    name: Line
    name_en: OptionalText = ""
    measure: Measure = ""
    kind: Kind = Field(strict=False)
    aggregation: Aggregation = Field(strict=False)
    direction: Direction = Field(strict=False)
    period: Period = Field(strict=False)
    source: OptionalText = ""
    unit: Place | None = None
    formula: Formula | None = None
    checks: ChecksIn = Field(default_factory=ChecksIn)
    reason: OptionalText = ""


class IndicatorIn(IndicatorChange):
    """``code`` is what formulas call it, and stays."""

    code: Code


class TargetIn(Input):
    jurisdiction: Place
    year: Year
    value: Number


class TargetsIn(Input):
    """All targets of an indicator, in the place of those that it had."""

    targets: list[TargetIn] = Field(max_length=500)
    reason: OptionalText = ""


class Decision(Input):
    reason: OptionalText = ""


class ValueIn(Input):
    """``note`` says where the number comes from; ``explanation`` why it is right although a check warns."""

    jurisdiction: Place
    period: Label
    value: Number
    note: OptionalText = ""
    explanation: OptionalText = ""


class RevisionIn(Input):
    value: Number
    reason: Text
    note: OptionalText = ""
    explanation: OptionalText = ""


class ChecksOut(Output):
    negative: Effect | None
    minimum: Number | None
    maximum: Number | None
    outside: Effect
    jump: Number | None
    jumping: Effect


class IndicatorData(Output):
    """A definition as events carry it; ``sentence`` is what the notice says, for those that come from it."""

    id: UUID
    code: str
    name: str
    name_en: str
    measure: str
    kind: Kind
    aggregation: Aggregation
    direction: Direction
    period: Period
    source: str
    sentence: str | None
    unit: str | None
    unit_name: str | None
    formula: str | None
    checks: ChecksOut
    status: Status
    version: int
    updated_at: datetime


class LatestOut(Output):
    """The last value that was recorded."""

    period: str
    value: Number


class StandingOut(Output):
    """A jurisdiction's year: its value, of the province reckoned from ``zones`` zones where it is added up."""

    jurisdiction: str
    jurisdiction_name: str
    year: int
    value: Number | None
    target: Number | None
    share: Number | None
    mark: Mark
    zones: int | None


class IndicatorOut(IndicatorData):
    """An indicator (指标) with what the caller may do with it now."""

    actions: list[Action]


class ListedIndicator(IndicatorOut):
    standing: StandingOut
    latest: LatestOut | None


class IndicatorPage(Output):
    items: list[ListedIndicator]
    next: str | None


class TargetOut(Output):
    jurisdiction: str
    year: int
    value: Number


class IndicatorShown(IndicatorOut):
    """``recordable``: where the caller may record values now."""

    targets: list[TargetOut]
    standings: list[StandingOut]
    recordable: list[str]


class VersionOut(Output):
    number: int
    what: str
    definition: dict[str, Any]
    reason: str | None
    by: str
    at: datetime


class VersionPage(Output):
    items: list[VersionOut]
    next: str | None


class PointOut(Output):
    """``change`` is in percent of the same period a year before; for the province over the zones that have values in
    both years, whose number is ``change_zones`` when that is not all of them. ``zones`` as in a standing.
    """

    period: str
    value: Number
    year_before: Number | None
    change: Number | None
    change_zones: int | None
    zones: int | None


class YearOut(Output):
    year: int
    value: Number | None
    target: Number | None
    mark: Mark


class SeriesOut(Output):
    """A jurisdiction's values by period and by year, the oldest first."""

    jurisdiction: str
    points: list[PointOut]
    years: list[YearOut]


class RevisionOut(Output):
    number: int
    value: Number
    note: str
    explanation: str
    warnings: list[Told]
    reason: str | None
    office: str
    by: str
    at: datetime


class ValueData(RevisionOut):
    """A value as events carry it: the latest revision of it, whose number is ``version``."""

    id: UUID
    indicator: str
    indicator_name: str
    measure: str
    unit: str | None
    unit_name: str | None
    jurisdiction: str
    jurisdiction_name: str
    period: str
    warnings: list[str]
    version: int


class ValueOut(ValueData):
    warnings: list[Told]
    actions: list[str]


class ValueShown(ValueOut):
    """With every revision, the first one first."""

    revisions: list[RevisionOut]


class ValuePage(Output):
    items: list[ValueOut]
    next: str | None


class MissingValue(Output):
    """A value that is owed and not recorded: ``office`` owes it, ``due`` is the tenth working day after its period."""

    indicator: str
    indicator_name: str
    indicator_name_en: str
    unit: str | None
    unit_name: str | None
    jurisdiction: str
    jurisdiction_name: str
    period: str
    due: date
    office: str


class MissingOut(MissingValue):
    overdue: bool


class MissingPage(Output):
    items: list[MissingOut]
    next: str | None


class MissingData(MissingValue):
    """As events carry it."""

    id: UUID
    version: int


Indicator = Annotated[Filter, StringConstraints(max_length=64)]
