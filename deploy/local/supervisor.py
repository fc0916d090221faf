"""Starts components as soon as what they need is ready, starts again what dies, and ends all in reverse order."""

import asyncio
import contextlib
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from deploy.local import processes
from deploy.local.components import Component
from deploy.local.instance import Instance

State = Literal["waiting", "starting", "ready", "done", "unchanged", "broken", "stopped"]
START_SECONDS = 300.0
STOP_SECONDS = 10.0


class StartError(Exception):
    """A component did not come up; ``component`` names it, the message says why."""

    def __init__(self, component: str, reason: str) -> None:
        super().__init__(f"{component} {reason}")
        self.component = component


@dataclass(frozen=True)
class Pauses:
    """How long to wait before a dead component is started again: doubling, forgotten once it stayed up."""

    first: float = 0.2
    longest: float = 30.0
    forgiven_after: float = 30.0

    def after(self, deaths: int) -> float:
        """The pause after that many deaths in a row (1 is the first)."""
        return min(self.first * 2.0 ** (deaths - 1), self.longest)


@dataclass
class _Ward:
    """What the supervisor knows of one component."""

    component: Component
    state: State = "waiting"
    pid: int | None = None
    started: str | None = None
    since: float = field(default_factory=time.time)
    restarts: int = 0
    command: processes.Command | None = None
    process: subprocess.Popen[bytes] | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)


class Supervisor:
    """``up`` is set when everything is ready for the first time."""

    def __init__(
        self,
        instance: Instance,
        components: Sequence[Component],
        say: Callable[[str], None],
        pauses: Pauses | None = None,
    ) -> None:
        self._instance, self._say, self._pauses = instance, say, pauses or Pauses()
        self._wards = {component.name: _Ward(component) for component in components}
        self._begun = time.monotonic()
        self.up = asyncio.Event()

    async def run(self) -> None:
        """Starts and watches until cancelled; StartError when a component does not come up the first time."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._report_slow_ones())
                for ward in self._wards.values():
                    group.create_task(self._look_after(ward))
                for ward in self._wards.values():
                    await ward.ready.wait()
                self.up.set()
                self._note()
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        finally:
            await asyncio.gather(*(self._end(ward) for ward in self._wards.values()))

    async def _look_after(self, ward: _Ward) -> None:
        for name in ward.component.after:
            await self._wards[name].ready.wait()
        ward.command = await asyncio.to_thread(ward.component.command, self._instance)
        if ward.component.ready is None:
            await self._run_step(ward)
        else:
            await self._keep_running(ward)

    async def _run_step(self, ward: _Ward) -> None:
        component, done = ward.component, self._instance.read("steps.json")
        fingerprint = component.fingerprint(self._instance)
        if fingerprint is not None and done.get(component.name) == fingerprint:
            self._turn(ward, "unchanged")
        else:
            begun = time.monotonic()
            code = await processes.ended(self._launch(ward))
            if code:
                raise StartError(component.name, f"ended with exit code {code}")
            self._instance.write("steps.json", {**self._instance.read("steps.json"), component.name: fingerprint})
            self._turn(ward, "done", time.monotonic() - begun)
        ward.ready.set()

    async def _keep_running(self, ward: _Ward) -> None:
        deaths = 0
        while True:
            begun = time.monotonic()
            process = self._launch(ward)
            death = asyncio.create_task(processes.ended(process))
            try:
                alive = await self._wait_ready(ward, death)
                if alive:
                    self._turn(ward, "ready", time.monotonic() - begun)
                    ward.ready.set()
                elif not ward.ready.is_set():
                    raise StartError(ward.component.name, self._why_not(death))
                else:
                    processes.signal_group(process.pid, signal.SIGKILL)
                code = await death
            finally:
                death.cancel()
            processes.signal_group(process.pid, signal.SIGKILL)
            deaths = 1 if time.monotonic() - begun > self._pauses.forgiven_after else deaths + 1
            pause = self._pauses.after(deaths)
            ward.restarts += 1
            ward.pid = None
            self._turn(ward, "broken")
            self._say(f"{ward.component.name} ended ({code}); starting it again in {pause:.1f} s")
            await asyncio.sleep(pause)

    async def _wait_ready(self, ward: _Ward, death: asyncio.Task[int]) -> bool:
        probe = asyncio.create_task(self._becomes_ready(ward.component))
        try:
            done, _ = await asyncio.wait((probe, death), timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            probe.cancel()
        return probe in done and death not in done

    async def _becomes_ready(self, component: Component) -> None:
        assert component.ready is not None  # noqa: S101 - a step is not asked
        while True:
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(5):
                    if await component.ready(self._instance):
                        return
            await asyncio.sleep(0.1)

    @staticmethod
    def _why_not(death: asyncio.Task[int]) -> str:
        return f"ended with exit code {death.result()}" if death.done() else f"is not ready after {START_SECONDS:.0f} s"

    def _launch(self, ward: _Ward) -> subprocess.Popen[bytes]:
        assert ward.command is not None  # noqa: S101 - made before
        log = self._instance.log(ward.component.name)
        ward.process = processes.start(ward.command, log, self._instance.run_dir)
        ward.pid, ward.started = ward.process.pid, processes.started(ward.process.pid)
        self._turn(ward, "starting")
        return ward.process

    async def _end(self, ward: _Ward) -> None:
        """Stops a component after all that need it have gone."""
        for other in self._wards.values():
            if ward.component.name in other.component.after:
                await other.gone.wait()
        if ward.process is not None and ward.process.poll() is None and ward.command is not None:
            processes.signal_group(ward.process.pid, ward.command.stop)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await processes.ended(ward.process)
        if ward.process is not None:
            processes.signal_group(ward.process.pid, signal.SIGKILL)
            await asyncio.to_thread(ward.process.wait)
        self._turn(ward, "stopped")
        ward.gone.set()

    async def _report_slow_ones(self) -> None:
        while not self.up.is_set():
            await asyncio.sleep(10)
            busy = [ward.component.name for ward in self._wards.values() if ward.state == "starting"]
            if not self.up.is_set() and busy:
                self._say(f"… {', '.join(busy)}")

    def _turn(self, ward: _Ward, state: State, took: float | None = None) -> None:
        ward.state, ward.since = state, time.time()
        if took is not None and (not ward.ready.is_set() or ward.restarts):
            self._say(f"{ward.component.name} {state} after {took:.1f} s")
        self._note()

    def _note(self) -> None:
        """Writes what ``status`` shows and what the next launcher needs to find leftovers."""
        shown = {
            name: {
                "state": ward.state,
                "step": ward.component.ready is None,
                "pid": ward.pid if ward.state in ("starting", "ready") else None,
                "started": ward.started,
                "since": ward.since,
                "restarts": ward.restarts,
                "port": self._instance.ports.get(ward.component.port or ""),
            }
            for name, ward in self._wards.items()
        }
        self._instance.write("state.json", {"up": self.up.is_set(), "components": shown})


@contextlib.asynccontextmanager
async def stop_requested() -> AsyncIterator[asyncio.Event]:
    """An event that SIGINT, SIGTERM and SIGHUP set."""
    loop, event = asyncio.get_running_loop(), asyncio.Event()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, event.set)
    try:
        yield event
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
