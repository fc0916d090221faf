"""How cost grows with tenants, lines, events that wait and open streams: the curves."""

import statistics
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from bench import events, streams
from bench.charts import Curve, Points
from bench.copies import grown, served
from bench.overview import TIMES, copies
from deploy.local.system import System

TENANTS = Path(__file__).with_name("tenants.sql")
ZONES = (3, 30, 300)
ASKED = (
    ("province.admin", "overview"),
    ("hefei.admin", "overview"),
    ("province.admin", "lines?limit=25"),
    ("hefei.admin", "lines?limit=25"),
)
ROUNDS, TIMES_EACH = 5, 10


async def measure(system: System) -> list[Curve]:
    zones = [(count, grown(system, f"progress_zones_{count}", TENANTS, bare=True, zones=count)) for count in ZONES]
    lines = [(412 * times, name) for times, name in zip(TIMES, copies(system), strict=True)]
    return [
        Curve("an answer with more tenants", "tenants", "ms", await _asked(system, zones)),
        Curve("an answer with more lines", "lines", "ms", await _asked(system, lines)),
        Curve("an event published", "events that wait", "ms", {"outbox": await events.draining(system)}),
        Curve("memory of notify-api", "open streams", "MB", {"notify-api": await streams.memory(system)}),
    ]


async def _asked(system: System, of_sizes: list[tuple[int, str]]) -> dict[str, Points]:
    """The median milliseconds of each thing asked, on each copy; the copies by turns."""
    with ExitStack() as stack:
        bases = [(size, stack.enter_context(served(system, name))) for size, name in of_sizes]
        return {
            f"{user.partition('.')[0]}: {path.partition('?')[0]}": await _curve(system, bases, user, path)
            for user, path in ASKED
        }


async def _curve(system: System, bases: list[tuple[int, str]], user: str, path: str) -> Points:
    headers = {"Authorization": f"Bearer {system.token(user)}"}
    taken: dict[int, list[float]] = {size: [] for size, _ in bases}
    async with httpx.AsyncClient(headers=headers, trust_env=False, timeout=60) as client:
        for round_ in range(ROUNDS + 1):
            for size, base in bases:
                begun = time.perf_counter()
                for _ in range(TIMES_EACH):
                    (await client.get(base + path)).raise_for_status()
                if round_:
                    taken[size].append((time.perf_counter() - begun) / TIMES_EACH * 1000)
    return [(size, statistics.median(each)) for size, each in taken.items()]
