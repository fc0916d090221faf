"""Requests a second, by a client in a process of its own that does as little as can be for an answer.

Each of its connections asks again as soon as it is answered. It sends thirty times what any of the servers answers on
one core, so that on a machine of two the server saturates first, and then the processes behind it.
"""

import asyncio
import json
import re
import sys
import time
from asyncio import FIRST_COMPLETED
from asyncio.subprocess import PIPE
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import cycle
from typing import cast
from urllib.parse import urlsplit

import psutil
import uvloop

from bench.alternating import Goal, Measured, by_turns
from deploy.local.instance import ROOT

CONNECTIONS, SECONDS = 12, 1.5
EMPTY = (b" 204 ", b" 304 ")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """A request, and the status of its answer."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    method: str = "GET"
    body: str = ""

    def request(self) -> bytes:
        url, body = urlsplit(self.url), self.body.encode()
        headers = {"Host": url.netloc, **self.headers} | ({"Content-Length": len(body)} if body else {})
        begun = f"{self.method} {url.path}?{url.query} HTTP/1.1"
        head = "\r\n".join([begun, *(f"{name}: {value}" for name, value in headers.items())])
        return head.encode() + b"\r\n\r\n" + body


async def compared(what: str, baseline: Asked, ours: Asked, goal: Goal | None = None, rounds: int = 5) -> Measured:
    """Both in requests a second."""
    found = await by_turns(partial(rate, baseline), partial(rate, ours), rounds)
    return Measured.of(what, found, "/s", goal)


async def rate(asked: Asked) -> float:
    """Answers a second."""
    return (await _load([[asked]] * CONNECTIONS))["rate"]


async def written(asked: Sequence[Sequence[Asked]]) -> float:
    """Answers a second to what each connection asks in turn."""
    return (await _load(asked))["rate"]


async def cost(asked: Asked, pids: Sequence[int]) -> float:
    """Milliseconds of processors that processes, with what they started, spend for an answer."""
    before = spent(pids)
    answered = (await _load([[asked]] * CONNECTIONS))["answered"]
    return (spent(pids) - before) / answered * 1000


def spent(pids: Iterable[int]) -> float:
    """Seconds of processors, of these processes and of those below them, also of such that have ended."""
    found = 0.0
    for pid in pids:
        for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                found += sum(process.cpu_times()[:4])
    return found


async def _load(asked: Sequence[Sequence[Asked]]) -> dict[str, float]:
    """What each connection asks in turn, again and again."""
    client = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, stdin=PIPE, stdout=PIPE, cwd=ROOT)
    told = [[asdict(each) for each in turns] for turns in asked]
    said, _ = await client.communicate(json.dumps(told).encode())
    found: dict[str, float] = json.loads(said)
    return found


class _Connection(asyncio.Protocol):
    def __init__(self, turns: Sequence[Asked]) -> None:
        self._requests = cycle([asked.request() for asked in turns])
        self._status = f"HTTP/1.1 {turns[0].status} ".encode()
        self._begun = b""
        self.answered, self.last = 0, False
        self.first, self.over = (asyncio.get_running_loop().create_future() for _ in range(2))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._transport.write(next(self._requests))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self.over.set_exception(exc or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        self._begun += data
        head, ended, body = self._begun.partition(b"\r\n\r\n")
        if not ended:
            return
        length = _LENGTH.search(head)
        if not head.startswith(self._status) or not (length or self._status.endswith(EMPTY)):
            self.over.set_exception(ConnectionRefusedError(head))
            self._transport.close()
        elif len(body) >= (int(length[1]) if length else 0):
            self._begun = b""
            self.answered += 1
            if not self.first.done():
                self.first.set_result(None)
            if self.last:
                self.over.set_result(None)
            else:
                self._transport.write(next(self._requests))


async def _asking(asked: Sequence[Sequence[Asked]]) -> dict[str, float]:
    """The first answers of connections warm up; none is left unanswered at the end."""
    url, loop = urlsplit(asked[0][0].url), asyncio.get_running_loop()
    place = (url.hostname or "", url.port or 80)
    made = [loop.create_connection(partial(_Connection, turns), *place) for turns in asked]
    connections = [protocol for _, protocol in await asyncio.gather(*made)]
    ends = asyncio.gather(*(each.over for each in connections))
    await asyncio.wait((ends, asyncio.gather(*(each.first for each in connections))), return_when=FIRST_COMPLETED)
    before, begun = sum(each.answered for each in connections), time.perf_counter()
    await asyncio.wait((ends,), timeout=SECONDS)
    for each in connections:
        each.last = True
    await ends
    answered, took = sum(each.answered for each in connections), time.perf_counter() - begun
    return {"rate": (answered - before) / took, "answered": answered}


if __name__ == "__main__":
    told = [[Asked(**each) for each in turns] for turns in json.load(sys.stdin)]
    print(json.dumps(uvloop.run(_asking(told))))
