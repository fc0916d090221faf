"""How the province corrects the working days of the Chinese calendar (工作日). Pure."""

from datetime import date

from chassis.problems import DomainError
from chassis.workdays import KNOWN_YEARS, WorkCalendar, days, usually_works

__all__ = ["KNOWN_YEARS", "WorkCalendar", "WrongDays", "days", "must_be_of", "usually_works"]


class WrongDays(DomainError):
    """Corrections that are not of the year, or say two things of a day."""

    status = 422
    slug = "wrong-days"
    pointer = "/body/days"


def must_be_of(year: int, corrected: list[date]) -> None:
    """Raises WrongDays unless each is a day of the year, named once."""
    for day in corrected:
        if day.year != year:
            raise WrongDays(f"{day} 不在 {year} 年。")
    if len(set(corrected)) < len(corrected):
        raise WrongDays("同一天不能列出两次。")
