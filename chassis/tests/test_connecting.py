"""What comes of a connection that fails in an unusual way."""

import asyncio
from collections import Counter

import httpx
import uvloop

from chassis.connecting import Transport
from tests.support import closing_at_once


def test_one_who_closes_at_once_cannot_be_connected_to() -> None:
    """In the event loop of the services, where the connection's socket is gone then before anybody has looked."""

    async def tried(url: str) -> Counter[str]:
        async with httpx.AsyncClient(transport=Transport(trust_env=False)) as client:
            found = await asyncio.gather(*(client.get(url) for _ in range(200)), return_exceptions=True)
        return Counter(type(each).__name__ for each in found)

    with closing_at_once() as url:
        found = uvloop.run(tried(url))
    assert found.keys() <= {"ConnectError", "ReadError", "WriteError", "RemoteProtocolError"}
    assert found["ConnectError"]
