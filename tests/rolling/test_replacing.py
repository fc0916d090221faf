"""Processes are replaced while people work: nobody notices, and nothing is lost or told twice."""

import asyncio

from deploy.local import launcher, topology
from deploy.local.ports import SERVICES
from deploy.local.system import System
from tests.rolling.copies import Copies
from tests.rolling.load import Load, tried_again

WORKERS = ("progress", "notify")


async def test_nobody_notices_that_processes_are_replaced(system: System) -> None:
    """The new ones stand beside the old ones before these go, as in a cluster."""
    copies = Copies(system)
    beside = [*(topology.api(name, "_2") for name in SERVICES), *(topology.worker(name, "_2") for name in WORKERS)]
    old = [component.name.removesuffix("_2") for component in beside]
    load, before = await asyncio.to_thread(Load, system), tried_again(system)
    try:
        with load.running():
            await copies.start(*beside)
            restarted = await asyncio.gather(
                *(asyncio.to_thread(launcher.restart, system.instance, name) for name in old)
            )
            await copies.stop_all()
    finally:
        await copies.stop_all()
    print(load.told)
    assert restarted == [0] * len(old)
    assert tried_again(system) == before
    await load.check(system)
