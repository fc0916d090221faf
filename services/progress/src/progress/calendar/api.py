"""The work calendar (工作日历): read by all who plan by it, corrected by the province."""

from datetime import date

from fastapi import Response

from chassis.routing import IfMatch, Router, answer
from chassis.tenancy import Db, RowMapping
from progress.access import DECIDE, READ
from progress.calendar import rules, store
from progress.calendar.schemas import DayOut, Year, YearIn, YearOut
from progress.setting import UNTOUCHED

router = Router(tags=["calendar"])


@router.get("/calendar/{year}", response_model=YearOut, dependencies=[READ])
async def calendar(year: Year, db: Db) -> Response:
    """A year's holidays, worked weekends and corrections."""
    return _answer(year, await store.year(db, year))


@router.put("/calendar/{year}", response_model=YearOut, dependencies=[DECIDE])
async def correct(year: Year, given: YearIn, db: Db, if_match: IfMatch) -> Response:
    """Corrects a year; milestones that are placed already stay on their days."""
    rules.must_be_of(year, [each.day for each in given.days])
    corrected = {str(each.day): each.working for each in given.days}
    return _answer(year, await store.put(db, year, {"days": corrected, "settled": given.settled}, if_match))


_UNTOUCHED = {"days": {}, "settled": False, "version": UNTOUCHED, "changed_by": None, "changed_at": None}


def _answer(year: int, found: RowMapping | None) -> Response:
    row = dict(found or _UNTOUCHED)
    shown = []
    for day in rules.days(date(year, 1, 1), date(year, 12, 31)):
        usual = rules.usually_works(day)
        working = row["days"].get(str(day), usual)
        if working != usual or usual != (day.weekday() < 5):
            shown.append(DayOut(day=day, working=working, usual=usual))
    known = year in rules.KNOWN_YEARS
    return answer(YearOut(**{**row, "year": year, "known": known, "days": shown}), version=row["version"])
