"""The overview over 412, 41,200 and 412,000 lines, and its 304 against its 200."""

from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx

from bench.alternating import Measured, alternate, least, most
from bench.copies import exists, grown, served
from bench.load import Asked, compared
from deploy.local.system import System

GROWTH = Path(__file__).with_name("lines.sql")
TIMES = (1, 100, 1000)


async def measure(system: System) -> list[Measured]:
    headers = {"Authorization": f"Bearer {system.token('province.admin')}"}
    with ExitStack() as stack:
        bases = [stack.enter_context(served(system, name)) for name in copies(system)]
        clients = [httpx.AsyncClient(base_url=base, headers=headers, trust_env=False, timeout=60) for base in bases]
        one, *more = (partial(_shown, client) for client in clients)
        found = [
            await alternate(f"the overview of {412 * times:,} lines, against 412", one, many, goal=most(1.3))
            for times, many in zip(TIMES[1:], more, strict=True)
        ]
        tag = (await clients[0].get("overview")).headers["ETag"]
        for client in clients:
            await client.aclose()
        whole = Asked(f"{bases[0]}overview", headers)
        known = Asked(whole.url, headers | {"If-None-Match": tag}, 304)
        return [*found, await compared("the overview: a 304, against a 200", whole, known, least(3))]


def copies(system: System) -> list[str]:
    """With so many times the lines; made once for a system, since a thousand times takes a while."""
    names = [f"progress_lines_{times}" for times in TIMES]
    return [
        name if exists(system, name) else grown(system, name, GROWTH, bare=True, times=times)
        for name, times in zip(names, TIMES, strict=True)
    ]


async def _shown(client: httpx.AsyncClient) -> None:
    (await client.get("overview")).raise_for_status()
