"""The launcher, with small real processes: restarts with growing pauses, leftovers of a kill -9, two side by side."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from deploy.local import launcher, ports, processes
from deploy.local.components import Component, Ready, selection
from deploy.local.instance import ROOT, Instance
from deploy.local.processes import Command
from deploy.local.supervisor import Pauses, StartError, Supervisor
from tests.support import until


def shell(script: str) -> Callable[[Instance], Command]:
    return lambda instance: Command(["/bin/sh", "-c", script], instance.run_dir)


def exists(name: str) -> Ready:
    async def check(instance: Instance) -> bool:
        return (instance.run_dir / name).exists()

    return check


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    folder = tmp_path / "run"
    folder.mkdir()
    return Instance(folder, tmp_path / "cache")


class Running:
    """A supervisor at work on components, with what it said and when."""

    def __init__(self, instance: Instance, components: list[Component], pauses: Pauses | None = None) -> None:
        self.said: list[tuple[float, str]] = []
        self._instance = instance
        self._supervisor = Supervisor(
            instance, components, lambda text: self.said.append((time.monotonic(), text)), pauses
        )

    async def __aenter__(self) -> "Running":
        self._task = asyncio.create_task(self._supervisor.run())
        up = asyncio.create_task(self._supervisor.up.wait())
        await asyncio.wait((self._task, up), return_when=asyncio.FIRST_COMPLETED, timeout=20)
        up.cancel()
        if self._task.done():
            self._task.result()
        return self

    async def __aexit__(self, *error: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    def note(self, name: str) -> dict[str, Any]:
        note: dict[str, Any] = self._instance.read("state.json")["components"][name]
        return note

    async def until(self, name: str, *, restarts: int, state: str = "ready") -> dict[str, Any]:
        async with asyncio.timeout(20):
            while (note := self.note(name))["restarts"] != restarts or note["state"] != state:  # noqa: ASYNC110 - a file
                await asyncio.sleep(0.01)
        return note


async def test_a_component_starts_after_those_it_needs_and_stops_before_them(instance: Instance) -> None:
    log = "echo {0} started >> order; touch {0}; while :; do sleep 0.02; done"
    trap = "trap 'echo {0} stopped >> order; exit' TERM; " + log
    components = [
        Component("web", ("step",), shell(trap.format("web")), exists("web")),
        Component("step", ("store",), shell("echo step >> order")),
        Component("store", (), shell(trap.format("store")), exists("store")),
    ]
    async with Running(instance, components):
        pass
    order = (instance.run_dir / "order").read_text().splitlines()
    assert order == ["store started", "step", "web started", "web stopped", "store stopped"]


async def test_a_component_that_dies_is_started_again_after_a_growing_pause(instance: Instance) -> None:
    components = [Component("web", (), shell("touch up; exec sleep 60"), exists("up"))]
    async with Running(instance, components, Pauses(first=0.1, longest=0.4)) as running:
        for restarts in range(4):
            note = await running.until("web", restarts=restarts)
            os.kill(note["pid"], signal.SIGKILL)
        await running.until("web", restarts=4)
    pauses = [text.rsplit(" in ", 1)[1] for _, text in running.said if "starting it again" in text]
    assert pauses == ["0.1 s", "0.2 s", "0.4 s", "0.4 s"]


async def test_the_pause_is_short_again_after_a_component_stayed_up(instance: Instance) -> None:
    components = [Component("web", (), shell("touch up; exec sleep 60"), exists("up"))]
    async with Running(instance, components, Pauses(first=0.1, longest=5, forgiven_after=0.5)) as running:
        for restarts in range(3):
            note = await running.until("web", restarts=restarts)
            await asyncio.sleep(0.6 if restarts == 2 else 0)
            os.kill(note["pid"], signal.SIGKILL)
        await running.until("web", restarts=3)
    pauses = [text.rsplit(" in ", 1)[1] for _, text in running.said if "starting it again" in text]
    assert pauses == ["0.1 s", "0.2 s", "0.1 s"]


async def test_a_component_that_does_not_come_up_stops_the_start_and_all_others(instance: Instance) -> None:
    components = [
        Component("store", (), shell("touch up; exec sleep 60"), exists("up")),
        Component("web", ("store",), shell("exit 3"), exists("web")),
    ]
    with pytest.raises(StartError, match="web ended with exit code 3"):
        async with Running(instance, components) as running:
            pytest.fail(str(running.said))
    assert processes.leftovers(instance.run_dir, {}) == []


async def test_a_step_is_passed_over_until_its_inputs_change(instance: Instance) -> None:
    text = instance.run_dir / "text"
    for content, runs in (("a", 1), ("a", 1), ("b", 2)):
        text.write_text(content)
        step = Component("step", (), shell("echo run >> runs"), inputs=lambda i: [text, "fixed"])
        async with Running(instance, [step]):
            pass
        assert len((instance.run_dir / "runs").read_text().splitlines()) == runs


async def test_children_of_a_component_end_with_it(instance: Instance) -> None:
    script = "sleep 60 & echo $! > child; touch up; wait"
    async with Running(instance, [Component("web", (), shell(script), exists("up"))]):
        child = int((instance.run_dir / "child").read_text())
        assert processes.started(child)
    until(lambda: processes.started(child) is None)


def test_only_what_is_named_and_what_it_needs() -> None:
    components = [Component(name, after, shell("")) for name, after in (("a", ()), ("b", ("a",)), ("c", ()))]
    assert [component.name for component in selection(components, ["b"])] == ["a", "b"]
    assert len(selection(components, [])) == 3
    with pytest.raises(SystemExit, match="no component x"):
        selection(components, ["x"])


LAUNCH = """
import sys
from pathlib import Path
from deploy.local import launcher
from deploy.local.components import Component, listens
from deploy.local.instance import Instance
from deploy.local.processes import Command
instance = Instance.at(Path(sys.argv[1]))
serve = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1"]
# the second component leaves its group and session, as a daemon does
components = [
    Component("mail", (), lambda i: Command([*serve, str(i.ports["mail"])], i.run_dir), listens("mail")),
    Component("smtp", (), lambda i: Command(
        ["setsid", "-f", "sh", "-c", f"trap '' HUP; exec {' '.join(serve)} {i.ports['smtp']}"], i.run_dir)),
]
raise SystemExit(launcher.foreground(instance, components))
"""


class Launched:
    """A launcher in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.said = ""
        while " ready\n" not in self.said and (line := self.process.stdout.readline()):
            self.said += line

    def left(self) -> list[int]:
        return processes.leftovers(self.folder, {})

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        processes.end(self.left())


def test_what_a_killed_launcher_left_is_found_and_ended(tmp_path: Path) -> None:
    first = Launched(tmp_path)
    first.process.kill()
    first.process.wait()
    daemon = first.left()
    assert daemon, "the daemon outlives its launcher"
    second = Launched(tmp_path)
    try:
        assert "that an earlier launcher left" in second.said
        assert all(processes.started(pid) is None for pid in daemon)
    finally:
        second.stop()


def test_two_run_folders_work_side_by_side(tmp_path: Path) -> None:
    one, other = Launched(tmp_path / "one"), Launched(tmp_path / "other")
    try:
        assert set(one.left()).isdisjoint(other.left())
        chosen = [json.loads((launched.folder / "ports.json").read_text()) for launched in (one, other)]
        assert set(chosen[0].values()).isdisjoint(chosen[1].values())
        one.stop()
        assert other.left()
    finally:
        one.stop()
        other.stop()


def test_one_launcher_at_a_time(tmp_path: Path) -> None:
    running = Launched(tmp_path)
    try:
        assert launcher.launcher(Instance.at(tmp_path)) == running.process.pid
        with pytest.raises(launcher.Busy):
            launcher.foreground(Instance.at(tmp_path), [])
    finally:
        running.stop()
    assert launcher.launcher(Instance.at(tmp_path)) is None


def test_a_reused_process_id_is_no_leftover(tmp_path: Path) -> None:
    assert processes.leftovers(tmp_path, {os.getppid(): "another boot/1"}) == []


def test_ports_stay_unless_taken_or_given(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    first = ports.choose(20_000, {}, said.append)
    assert ports.choose(20_000, first, said.append) == first
    assert said == []
    monkeypatch.setattr(ports, "free", lambda port: port != first["gateway"])
    second = ports.choose(20_000, first, said.append)
    assert second["gateway"] != first["gateway"]
    assert {**second, "gateway": 0} == {**first, "gateway": 0}
    assert "gateway is taken" in said[0]
    monkeypatch.setenv("ZP_PORT_GATEWAY", "14999")
    assert ports.choose(20_000, first, said.append)["gateway"] == 14_999


def test_a_block_of_ports_belongs_to_one_launcher() -> None:
    said: list[str] = []
    with ports.reserve(None, said.append) as held:
        block = held.getsockname()[1]
        with ports.reserve(block, said.append) as other:
            assert other.getsockname()[1] != block
    assert [f"the ports from {block} on" in text for text in said] == [True]
    with ports.reserve(block, said.append) as again:
        assert again.getsockname()[1] == block
    assert len(said) == 1
