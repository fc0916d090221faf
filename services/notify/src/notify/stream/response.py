"""A stream as an HTTP answer: ends when the token does, when the client leaves, or when it reads too slowly."""

import asyncio
from collections.abc import Awaitable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chassis import clock
from notify.stream.hub import Hub, Subscriber
from notify.stream.rules import KEEP_ALIVE, RETRY

KEEP_ALIVE_SECONDS = 15.0


class EventStream(Response):
    """Server-sent events of one subscriber."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, subscriber: Subscriber) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._hub, self._subscriber = hub, subscriber

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        self._hub.add(self._subscriber)
        try:
            if await self._first_of(self._send_news(send), _left(receive), self._subscriber.dropped.wait()):
                await asyncio.wait_for(send({"type": "http.response.body", "body": b"", "more_body": False}), 1)
        except (TimeoutError, OSError):
            return
        finally:
            self._hub.remove(self._subscriber)

    async def _first_of(self, news: Awaitable[None], left: Awaitable[None], dropped: Awaitable[bool]) -> bool:
        """Runs until the token expires or one of these ends; whether the client may still be there."""
        tasks = [asyncio.ensure_future(ending) for ending in (news, left, dropped)]
        seconds = max(0.0, self._subscriber.caller.expires - clock.now().timestamp())
        try:
            await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone = tasks[1].done()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return not gone

    async def _send_news(self, send: Send) -> None:
        await send({"type": "http.response.body", "body": RETRY, "more_body": True})
        while True:
            await send({"type": "http.response.body", "body": await self._next(), "more_body": True})

    async def _next(self) -> bytes:
        try:
            return await asyncio.wait_for(self._subscriber.queue.get(), KEEP_ALIVE_SECONDS)
        except TimeoutError:
            return KEEP_ALIVE


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
