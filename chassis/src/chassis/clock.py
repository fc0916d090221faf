"""The time: instants in UTC, days in Asia/Shanghai, where every deadline ends."""

from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Asia/Shanghai."""
    return now().astimezone(SHANGHAI).date()


Today = Annotated[date, Depends(today)]
