"""The time: instants in UTC, days in Asia/Shanghai, where every deadline ends."""

import asyncio
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


async def rest(seconds: float, *until: asyncio.Event) -> None:
    """Waits so long, or less when one of the events is set."""
    waiting = [asyncio.create_task(each.wait()) for each in until]
    await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


async def day_of_request() -> date:
    return today()


Today = Annotated[date, Depends(day_of_request)]
"""Asynchronous, since FastAPI calls what is not in a thread."""
