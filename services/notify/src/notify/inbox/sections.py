"""The parts of the inbox's page (今日、逾期、较早): what is overdue does not drown what came today. Pure."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from chassis.clock import SHANGHAI

LATE_DAYS = 30
"""What was told as late is shown among what is overdue for so long, unless it is settled before."""


class Section(StrEnum):
    """What came today, what is overdue, whenever that came, and the rest."""

    TODAY = "today"
    OVERDUE = "overdue"
    EARLIER = "earlier"


def bounds(today: date) -> dict[str, int]:
    """The positions from which on entries are of today, and late ones among what is overdue."""
    return {"today_from": _position(today), "late_from": _position(today - timedelta(LATE_DAYS))}


def _position(day: date) -> int:
    """Positions are microseconds of Unix time."""
    return int(datetime.combine(day, time(), SHANGHAI).timestamp()) * 1_000_000
