"""How a stream ends: by itself, whatever its client does."""

import asyncio
import time
from functools import partial
from typing import Any

import pytest

from chassis.auth import Caller, Role
from chassis.streaming import EventStream
from chassis.tenancy import Database
from notify.stream.hub import QUEUED, Hub, Subscriber


@pytest.fixture
def hub() -> Hub:
    return Hub(Database("postgresql://nobody@127.0.0.1:1/never-connected"))


def subscriber(seconds: float) -> Subscriber:
    expires = int(time.time() + seconds)
    roles = frozenset({Role.CITY})
    return Subscriber(Caller("s", "", "", roles, "hefei", None, frozenset(), "", expires), "zone:hefei", 0)


async def stays() -> dict[str, Any]:
    await asyncio.Event().wait()
    return {}


async def leaves() -> dict[str, Any]:
    return {"type": "http.disconnect"}


async def run(hub: Hub, subscriber: Subscriber, receive: Any, send: Any) -> None:
    stream = EventStream(partial(hub.tell, subscriber), subscriber.dropped, subscriber.caller.expires - time.time())
    await asyncio.wait_for(stream({"type": "http"}, receive, send), 5)
    assert not hub.audiences, "the subscriber is forgotten"


async def test_a_stream_ends_properly_when_the_token_does(hub: Hub) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await run(hub, subscriber(0), stays, send)
    assert sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


async def test_a_reader_that_is_too_slow_is_dropped(hub: Hub) -> None:
    slow = subscriber(3600)

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            for _ in range(QUEUED + 1):
                slow.give(b"news")
            await asyncio.Event().wait()

    await run(hub, slow, stays, send)
    assert slow.queue.qsize() == QUEUED


async def test_a_reader_that_leaves_is_forgotten(hub: Hub) -> None:
    async def send(message: Any) -> None:
        return

    await run(hub, subscriber(3600), leaves, send)


async def test_all_streams_end_with_the_process(hub: Hub) -> None:
    async def send(message: Any) -> None:
        if message.get("body"):
            hub.end()

    await run(hub, subscriber(3600), stays, send)
