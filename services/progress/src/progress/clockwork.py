"""What time alone brings: chores that the worker tries every few seconds, so that what a stop missed is caught up."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from chassis import clock, telemetry
from chassis.tenancy import Database, Session

Chore = Callable[[Session, date], Awaitable[int]]
"""Does a part of what is due on a day in Asia/Shanghai, in one transaction; how much that was, 0 at the end."""
SECONDS = 20.0


class Clockwork:
    """The worker's task. Chores find what is due by an index, so that trying them costs little."""

    def __init__(self, database: Database, chores: Sequence[Chore]) -> None:
        self._database = database
        self._chores = chores

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            for chore in self._chores:
                try:
                    while not stop.is_set() and await self._do(chore):
                        pass
                except Exception as error:
                    telemetry.log.warning("%s.%s not done: %r", chore.__module__, chore.__qualname__, error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SECONDS)

    async def _do(self, chore: Chore) -> int:
        async with self._database.session() as session:
            return await chore(session, clock.today())
