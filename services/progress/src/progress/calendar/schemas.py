"""What the API of the calendar takes and returns."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path
from pydantic import Field

from chassis.schemas import Day, Input, Output

Year = Annotated[int, Path(ge=2000, le=2100)]


class CorrectionIn(Input):
    day: Day
    working: bool


class YearIn(Input):
    """``days`` take the place of the year's earlier corrections; ``settled``: the year is as it was announced."""

    days: Annotated[list[CorrectionIn], Field(max_length=366)]
    settled: bool


class DayOut(Output):
    """``usual`` is what it would be without a correction."""

    day: date
    working: bool
    usual: bool


class YearOut(Output):
    """``days`` are those that differ from the weekends, or from what is usual; every other weekend is free.

    ``known``: its holidays are announced. ``changed_by`` is null while nobody corrected it. The ETag is ``version``.
    """

    year: int
    known: bool
    settled: bool
    days: list[DayOut]
    version: int
    changed_by: str | None
    changed_at: datetime | None
