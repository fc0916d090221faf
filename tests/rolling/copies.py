"""Copies of processes beside those of the launcher, which come and go while the system works."""

import asyncio
import signal
from contextlib import suppress
from dataclasses import replace

from deploy.local import report
from deploy.local.components import Component
from deploy.local.instance import Instance
from deploy.local.processes import Command
from deploy.local.supervisor import Supervisor
from deploy.local.system import System


class Copies:
    """Of components of a running system, each under a supervisor of its own."""

    def __init__(self, system: System) -> None:
        self._of = system.instance
        self._running: dict[str, asyncio.Task[None]] = {}

    async def start(self, *components: Component) -> None:
        """Returns when all are ready, and steps done."""
        await asyncio.gather(*(self._start(component) for component in components))

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
        return Instance(self._of.folder(f"copies/{name}"), self._of.cache_dir, self._of.ports)
