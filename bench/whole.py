"""The system started again, against its third-party parts alone, and the memory of our processes against theirs.

The parts start in the order in which they need each other, and without anything beside them.
"""

import asyncio
import signal
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bench.alternating import Measured, by_turns, most
from deploy.local import processes, report
from deploy.local.commands import python
from deploy.local.instance import ROOT, Instance
from tests.support import until

PARTS = ("postgres", "keycloak", "kafka", "gateway")
ROUNDS, SECONDS = 2, 300


async def measure(run_dir: Path) -> list[Measured]:
    """Of a system that was up before and is down now."""
    weighed: list[tuple[float, float]] = []
    parts, ours = (partial(asyncio.to_thread, _started, run_dir, only, weighed) for only in (PARTS, ()))
    found = await by_turns(parts, ours, ROUNDS)
    return [
        Measured.of("a warm start, against the third-party parts alone", found, "s", most(1.3)),
        Measured.of("memory of our processes, against the third-party ones", weighed, "MB", most(700, "MB")),
    ]


def _started(run_dir: Path, only: Sequence[str], weighed: list[tuple[float, float]]) -> float:
    """Seconds until it is up. Weighs it then, if it is whole, and ends it."""
    instance = Instance.at(run_dir)
    env = {"ZP_RUN_DIR": str(run_dir), "ZP_CACHE_DIR": str(instance.cache_dir)}
    instance.write("state.json", {})
    begun = time.perf_counter()
    process = processes.start(
        python("deploy.local", "run", "--unattended", *only, env=env), instance.log("launcher"), ROOT
    )
    try:
        until(lambda: instance.read("state.json").get("up"), SECONDS)
        took = time.perf_counter() - begun
        if not only:
            weighed.append(_memory(instance, process.pid))
        return took
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _memory(instance: Instance, launcher: int) -> tuple[float, float]:
    """Of the third-party processes and of ours, in MB; pages that several share count by their share."""
    pids = {name: note["pid"] for name, note in report.components(instance).items() if note["pid"]}
    held = {name: report.memory(pid)[1] / 2**20 for name, pid in pids.items()}
    parts = sum(held.pop(name) for name in PARTS)
    return parts, sum(held.values()) + report.memory(launcher, children=False)[1] / 2**20
