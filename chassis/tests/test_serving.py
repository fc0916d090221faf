"""A server that is told to stop is left before it closes."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from socket import socket

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from chassis.app import add_health
from chassis.serving import Server, at_stop


class Served:
    """An app with a slow answer and an endless one, and its server at work."""

    def __init__(self) -> None:
        self.begun, self.go_on, self.stopping = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.app = FastAPI()
        add_health(self.app, self._ready)
        self.app.get("/slow")(self._slow)
        self.app.get("/endless")(self._endless)
        at_stop(self.app, self.stopping.set)
        self.door = socket()
        self.door.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self.server = Server(uvicorn.Config(self.app, log_config=None, timeout_graceful_shutdown=60), self.app)
        self.server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]

    async def _ready(self) -> None: ...

    async def _slow(self) -> str:
        self.begun.set()
        await self.go_on.wait()
        return "done"

    async def _endless(self) -> StreamingResponse:
        async def news() -> AsyncIterator[str]:
            yield "begun"
            await self.stopping.wait()

        return StreamingResponse(news())

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=30)

    async def stopped_by(self, number: signal.Signals) -> None:
        self.server.handle_exit(number, None)
        await self.stopping.wait()

    async def alive(self) -> int:
        async with self.client() as client:
            return (await client.get("/livez")).status_code


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    made = Served()
    serving = asyncio.create_task(made.server.serve([made.door]))
    while not made.server.started:  # noqa: ASYNC110 - a server's own flag
        await asyncio.sleep(0.01)
    yield made
    async with asyncio.timeout(20):
        await serving


async def test_what_is_asked_of_a_leaving_server_is_answered(served: Served) -> None:
    async with served.client() as kept, served.client() as other:
        slow = asyncio.create_task(kept.get("/slow"))
        await served.begun.wait()
        assert "connection" not in (await other.get("/readyz")).headers
        await served.stopped_by(signal.SIGTERM)
        while await served.alive() != 503:  # noqa: ASYNC110 - what others see of it
            await asyncio.sleep(0.05)
        answer = await other.get("/readyz")
        assert (answer.status_code, answer.headers["connection"]) == (503, "close")
        served.go_on.set()
        assert (await slow).json() == "done"


async def test_endless_answers_end_when_the_server_is_told_to_stop(served: Served) -> None:
    async with served.client() as client, client.stream("GET", "/endless") as news:
        await served.stopped_by(signal.SIGTERM)
        assert [text async for text in news.aiter_text()] == ["begun"]


async def test_a_server_that_is_interrupted_closes_at_once(served: Served) -> None:
    async with served.client() as idle:
        assert (await idle.get("/livez")).status_code == 200
        await served.stopped_by(signal.SIGINT)
        with pytest.raises(httpx.ConnectError):
            while True:
                await served.alive()
