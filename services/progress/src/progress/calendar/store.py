"""Every SQL statement about the calendar."""

from datetime import date
from typing import Any

from chassis.tenancy import RowMapping, Session
from progress.calendar.rules import WorkCalendar
from progress.setting import Setting

_TABLE = Setting("calendar", "calendar_year", ("year",), ("days", "settled"))


async def calendar(db: Session) -> WorkCalendar:
    """The calendar with all corrections."""
    rows = await _TABLE.all(db)
    corrected = {date.fromisoformat(day): working for row in rows for day, working in row["days"].items()}
    return WorkCalendar(corrected, frozenset(row["year"] for row in rows if row["settled"]))


async def year(db: Session, number: int) -> RowMapping | None:
    return await _TABLE.get(db, year=number)


async def put(db: Session, number: int, given: dict[str, Any], if_match: int) -> RowMapping:
    return await _TABLE.put(db, {"year": number}, given, if_match)
