"""Processes are replaced while people work: nobody notices, and nothing is lost or told twice."""

import asyncio

from deploy.local import launcher, topology
from deploy.local.system import System
from tests.rolling.copies import Copies, known
from tests.rolling.load import Load, tried_again


async def test_nobody_notices_that_processes_are_replaced(system: System) -> None:
    """The new ones stand beside the old ones before these go, as in a cluster. ``make rolling`` replaces all."""
    copies = Copies(system)
    apis = [topology.api(name, "_2") for name in ("progress", "notify")]
    beside = [*apis, topology.worker("progress", "_2")]
    old = [component.name.removesuffix("_2") for component in beside]
    load, before = await asyncio.to_thread(Load, system), tried_again(system)
    try:
        with load.running():
            await copies.start(*beside)
            restarted = await asyncio.gather(
                *(asyncio.to_thread(launcher.restart, system.instance, name) for name in old)
            )
            await known(system, topology.api("progress"), topology.api("notify"))
            await copies.stop_all()
    finally:
        await copies.stop_all()
    print(load.told)
    assert restarted == [0] * len(old)
    assert tried_again(system) == before
    await load.check(system)
