"""Instants and days as people read them, in Asia/Shanghai."""

import json
from datetime import date, datetime, timedelta

from babel import dates, numbers

from chassis import clock
from portal.web import language


def _instant(value: str | datetime) -> datetime:
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant.astimezone(clock.SHANGHAI)


def moment(value: str | datetime) -> str:
    """``2026年11月24日 15:30`` or ``Nov 24, 2026, 15:30``."""
    instant = _instant(value)
    return f"{day(instant.date())} {instant:%H:%M}"


def day(value: str | date) -> str:
    """``2026年11月24日`` or ``Nov 24, 2026``."""
    given = date.fromisoformat(value) if isinstance(value, str) else value
    return dates.format_date(given, format="medium", locale=language.locale())


def ago(value: str | datetime) -> str:
    """``3小时前``; the day itself for what is a week ago or more."""
    instant = _instant(value)
    passed = clock.now() - instant
    if passed >= timedelta(days=7):
        return day(instant.date())
    return dates.format_timedelta(-passed, add_direction=True, locale=language.locale())


def number(value: float) -> str:
    return numbers.format_decimal(value, locale=language.locale())


def days_left(value: str | date) -> int:
    """Whole days from today to a deadline, which means the end of its day; negative when it is over."""
    given = date.fromisoformat(value) if isinstance(value, str) else value
    return (given - clock.today()).days


def size(value: int) -> str:
    """Bytes in the unit that people would take: 12 KB, 3.4 MB."""
    kilobytes = value / 1024
    return f"{max(1, round(kilobytes))} KB" if kilobytes < 1024 else f"{kilobytes / 1024:.1f} MB"


def pretty(value: object) -> str:
    """JSON as people read it."""
    return json.dumps(value, ensure_ascii=False, indent=2)
