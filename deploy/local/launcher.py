"""The life of one instance: in the foreground, or in the background with a launcher process of its own."""

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from deploy.local import processes, report
from deploy.local.components import Component, selection
from deploy.local.instance import ROOT, Instance
from deploy.local.supervisor import StartError, Supervisor, stop_requested
from deploy.local.topology import topology

_LOCK = "launcher.lock"
_PROVISIONING = ("databases", "realm", "topics")
_DATA = ("postgres", "kafka", "keycloak", "mail", "gateway", "attachments", "log")
_DATA_FILES = ("steps.json", "state.json", "endpoints.json", "secrets.json", "restored.json")


class Busy(Exception):
    """Another launcher works on this run folder."""


def foreground(instance: Instance, components: Sequence[Component], *, unattended: bool = False) -> int:
    """Runs the components until SIGINT or SIGTERM; the exit code: 1 when one did not come up. Busy when run already.

    Unattended, it keeps the logins to itself: what it prints is a log then.
    """
    clock = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - clock:6.1f} s  {text}", flush=True)

    with _lock(instance):
        processes.end(_leftovers(instance, say))
        with instance.take_ports(say):
            instance.write("endpoints.json", instance.endpoints())
            return asyncio.run(_supervise(instance, components, say, unattended))


async def _supervise(
    instance: Instance, components: Sequence[Component], say: Callable[[str], None], unattended: bool
) -> int:
    async with stop_requested() as stop:
        supervisor = Supervisor(instance, components, say)
        running = asyncio.create_task(supervisor.run())
        wishes = [asyncio.create_task(stop.wait()), asyncio.create_task(supervisor.up.wait())]
        await asyncio.wait((running, *wishes), return_when=asyncio.FIRST_COMPLETED)
        if supervisor.up.is_set():
            say("ready")
            if not unattended:
                print(report.welcome(instance), flush=True)
            await asyncio.wait((running, wishes[0]), return_when=asyncio.FIRST_COMPLETED)
        for task in (running, *wishes):
            task.cancel()
        if not running.done():
            say("stopping")
        try:
            await running
        except asyncio.CancelledError:
            say("stopped")
            return 0
        except StartError as error:
            say(f"failed: {error}; the end of {instance.log(error.component)}:")
            print(report.tail(instance.log(error.component)), flush=True)
        return 1


def provision(instance: Instance) -> int:
    """Sets right what the servers of the running system must hold, whatever was done to them; the exit code."""
    steps = {component.name: component for component in topology()}
    for name in _PROVISIONING:
        command = steps[name].command(instance)
        if code := processes.start(command, instance.log(name), instance.run_dir).wait():
            print(f"{name} ended with exit code {code}:\n{report.tail(instance.log(name))}")
            return code
    return 0


def _leftovers(instance: Instance, say: Callable[[str], None]) -> list[int]:
    known = report.recorded(instance)
    left = processes.leftovers(instance.run_dir, known)
    if left:
        say(f"ending {len(left)} processes that an earlier launcher left")
    return left


@contextlib.contextmanager
def _lock(instance: Instance) -> Iterator[TextIO]:
    """Held by the launcher of a run folder for its life; its file names the process."""
    instance.run_dir.mkdir(parents=True, exist_ok=True)
    with (instance.run_dir / _LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield file


def launcher(instance: Instance) -> int | None:
    """The process id of the launcher at work on the run folder."""
    try:
        with _lock(instance):
            return None
    except Busy:
        return int((instance.run_dir / _LOCK).read_text() or 0) or None


def background(instance: Instance, names: Sequence[str]) -> int:
    """Starts a launcher of its own and waits until the system is ready (0) or did not come up (1)."""
    log = instance.log("launcher")
    if (pid := launcher(instance)) is None:
        selection(topology(), names)
        instance.write("state.json", {**instance.read("state.json"), "up": False})
        with log.open("wb") as output:
            pid = subprocess.Popen(
                [sys.executable, "-m", "deploy.local", "run", "--unattended", *names],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            ).pid
    try:
        return _wait_until_up(instance, pid, log)
    except KeyboardInterrupt:
        down(instance)
        return 130


def _wait_until_up(instance: Instance, pid: int, log: Path) -> int:
    with log.open() as lines:
        while True:
            alive, up = _runs(pid), instance.read("state.json").get("up", False)
            sys.stdout.write(lines.read())
            sys.stdout.flush()
            if not alive:
                sys.stdout.write(lines.read())
                return 1
            if up:
                time.sleep(0.1)
                print(lines.read() + report.welcome(Instance.at(instance.run_dir)))
                return 0
            time.sleep(0.1)


def _runs(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return processes.started(pid) is not None


def down(instance: Instance) -> int:
    """Stops the launcher and so the system; ends what a dead launcher left."""
    if (pid := launcher(instance)) is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        while _runs(pid):
            time.sleep(0.05)
    processes.end(processes.leftovers(instance.run_dir, report.recorded(instance)))
    instance.write("state.json", {})
    return 0


def reset(instance: Instance) -> int:
    """Stops the system and removes its data; ports and downloads stay."""
    down(instance)
    for name in _DATA:
        shutil.rmtree(instance.run_dir / name, ignore_errors=True)
    for name in _DATA_FILES:
        (instance.run_dir / name).unlink(missing_ok=True)
    return 0


def restart(instance: Instance, name: str) -> int:
    """Ends one component, so that its launcher starts it again; waits until it is ready."""
    before = report.component(instance, name)
    if not before.get("pid"):
        print(f"{name} does not run")
        return 1
    processes.signal_group(before["pid"], signal.SIGTERM)
    deadline = time.monotonic() + 30
    while launcher(instance) is not None:
        now = report.component(instance, name)
        if now["restarts"] > before["restarts"] and now["state"] == "ready":
            return 0
        if now["pid"] == before["pid"] and time.monotonic() > deadline:
            processes.signal_group(before["pid"], signal.SIGKILL)
        time.sleep(0.1)
    return 1
