"""Copies of processes beside those of the launcher, which come and go while the system works."""

import asyncio
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import httpx

from deploy.local import report
from deploy.local.components import Component
from deploy.local.instance import Instance
from deploy.local.processes import Command
from deploy.local.supervisor import Supervisor
from deploy.local.system import System


async def known(system: System, *components: Component) -> None:
    """Until the gateway sends requests to each of these."""
    addresses = [system.instance.address(component.port or "") for component in components]
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(60):
        while True:
            told = (await client.get(f"http://{system.instance.address('gateway_admin')}/clusters")).text
            if all(f"::{address}::health_flags::healthy\n" in told for address in addresses):
                return
            await asyncio.sleep(0.1)


class Copies:
    """Of components of a running system, each under a supervisor of its own; ``ports`` are those that differ."""

    def __init__(self, system: System, ports: Mapping[str, int] | None = None) -> None:
        self._system, self._of = system, system.instance
        self._ports = {**self._of.ports, **(ports or {})}
        self._running: dict[str, asyncio.Task[None]] = {}

    async def start(self, *components: Component) -> None:
        """Returns when all are ready, known to the gateway if it is to ask them, and steps done."""
        await asyncio.gather(*(self._start(component) for component in components))
        await known(self._system, *(each for each in components if each.port and "worker" not in each.port))

    async def stop(self, *names: str) -> None:
        """By SIGTERM; returns when all have ended."""
        for task in (ending := [self._running.pop(name) for name in names]):
            task.cancel()
        for task in ending:
            with suppress(asyncio.CancelledError):
                await task

    def pid(self, name: str) -> int:
        """The process of a copy."""
        return int(report.component(self._own_of(name), name)["pid"])

    async def stop_all(self) -> None:
        await self.stop(*self._running)

    async def _start(self, component: Component) -> None:
        def command(_: Instance) -> Command:
            return replace(component.command(self._of), stop=signal.SIGTERM)

        alone = replace(component, after=(), command=command, inputs=None)
        supervisor = Supervisor(self._own_of(component.name), [alone], print)
        running, up = asyncio.create_task(supervisor.run()), asyncio.create_task(supervisor.up.wait())
        await asyncio.wait((running, up), return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if running.done():
            await running
        self._running[component.name] = running

    def _own_of(self, name: str) -> Instance:
        return Instance(self._of.folder(f"copies/{name}"), self._of.cache_dir, self._ports)
