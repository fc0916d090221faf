"""Server-sent events as an HTTP answer, which ends by itself, with its client, or when it has to."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Write = Callable[[bytes], Awaitable[None]]


async def first_of(*ways: Awaitable[Any], seconds: float | None = None) -> list[bool]:
    """Runs these side by side until one has ended, or for so long; which have ended then. Raises what one has raised
    that has ended so.
    """
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        ended, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in ended:
        task.result()
    return [task in ended for task in tasks]


class EventStream(Response):
    """What ``tell`` writes, whole events at a time, until it returns, ``ended`` is set or so many seconds are over."""

    media_type = "text/event-stream"

    def __init__(
        self, tell: Callable[[Write], Awaitable[None]], ended: asyncio.Event, seconds: float | None = None
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._tell, self._ended, self._seconds = tell, ended, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def write(events: bytes) -> None:
            await send({"type": "http.response.body", "body": events, "more_body": True})

        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        try:
            _, gone, _ = await first_of(self._tell(write), _left(receive), self._ended.wait(), seconds=self._seconds)
            if not gone:
                await asyncio.wait_for(send({"type": "http.response.body", "body": b"", "more_body": False}), 1)
        except (TimeoutError, OSError):
            return


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
