"""What one answer, page or report costs in processor time of all processes that have to do with it, against the bare
list of ``bench/lists.py``: what a node carries follows from it, and it hardly depends on what else the machine does.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial

from bench import lists, writes
from bench.alternating import Measured, by_turns
from bench.load import Asked, cost, spent
from deploy.local.system import System
from gateway.portal.tests.support import Browser
from tests.support import PROGRESS, Json

ANSWERING = ("gateway", "portal", "catalog-api", "progress-api", "notify-api", "postgres")
USER, ROUNDS, REPORTS, SETTLING = "hefei.admin", 3, 20, 3.0


async def measure(system: System) -> list[Measured]:
    gateway, browser = system.endpoints["gateway"], Browser(system)
    await asyncio.to_thread(browser.log_in, USER)
    every = {name: note["pid"] for name, note in system.components.items() if note["pid"]}
    pids = [every[name] for name in ANSWERING]
    answers = {
        "25 lines": lambda: lists.asked(system, USER, gateway),
        "the overview": lambda: Asked(f"{gateway}{PROGRESS}/overview", lists.authorized(system, USER)),
        "the desk page": lambda: Asked(f"{gateway}/", {"Cookie": f"session={browser.secret()}"}),
    }
    chosen = iter(writes.chosen(system))
    clients = writes.clients_of(system)
    ours = {what: partial(_answered, asked, pids) for what, asked in answers.items()}
    ours["a report"] = partial(_reported, clients, f"{gateway}{PROGRESS}/", chosen, [*every.values()])
    with lists.bare(system, USER) as (bare, behind):
        found = [(what, await by_turns(partial(cost, bare, behind), own, ROUNDS)) for what, own in ours.items()]
    return [Measured.of(f"processor time of {what}, against a bare list", rounds) for what, rounds in found]


async def _answered(asked: Callable[[], Asked], pids: Sequence[int]) -> float:
    """With a token that is good for as long."""
    return await cost(asked(), pids)


async def _reported(clients: writes.Clients, base: str, chosen: Iterator[Json], pids: Sequence[int]) -> float:
    """With what follows from a report in other processes, and without what they spend when nothing happens."""
    idle = await _spent(pids, asyncio.sleep(SETTLING)) / SETTLING
    reports, begun = [next(chosen) for _ in range(REPORTS)], time.perf_counter()
    busy = await _spent(pids, _settled(clients, base, reports))
    return (busy - idle * (time.perf_counter() - begun)) / REPORTS * 1000


async def _settled(clients: writes.Clients, base: str, reports: Sequence[Json]) -> None:
    await asyncio.to_thread(writes.taken, clients, base, reports)
    await asyncio.sleep(SETTLING)


async def _spent(pids: Sequence[int], work: Awaitable[None]) -> float:
    before = spent(pids)
    await work
    return spent(pids) - before
