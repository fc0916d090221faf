"""An HTTP server that goes without a request failing: it is left first, and closes then."""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI

LEAST_SECONDS = 2.0
"""The gateway asks every second whether a process still takes requests."""
MOST_SECONDS = 10.0
"""The gateway closes a connection that was idle for 3 s; others may keep theirs for ever."""
_CLOSE = (b"connection", b"close")


def at_stop(app: FastAPI, work: Callable[[], None]) -> None:
    """Has the server do this when it is told to stop: end answers that would never end by themselves."""
    app.state.at_stop = [*getattr(app.state, "at_stop", ()), work]


class Server(uvicorn.Server):
    """On SIGTERM it says on ``/livez`` and ``/readyz`` that it goes, and ends each connection with the answer to its
    next request, until nobody is connected any more; only then it closes its door. On SIGINT it closes at once.

    A server may not close a connection on which the gateway could be sending: such a request would be lost.
    """

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app
        self._leaving = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._leaving = sig == signal.SIGTERM
        super().handle_exit(sig, frame)

    async def main_loop(self) -> None:
        await super().main_loop()
        self._end_endless()
        if self._leaving:
            await self._be_left()
            self._end_endless()

    def _end_endless(self) -> None:
        for work in getattr(self._app.state, "at_stop", ()):
            work()

    async def _be_left(self) -> None:
        self._app.state.leaving = True
        self.server_state.default_headers = [*self.server_state.default_headers, _CLOSE]
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while self._leaving and (passed := loop.time() - begun) < MOST_SECONDS:
            if passed > LEAST_SECONDS and not self.server_state.connections:
                break
            await asyncio.sleep(0.05)
