"""Processes of ours: started in groups of their own, known again after a crash, ended without leaving children."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_NOBODY = 65534
_MARK = "ZP_LAUNCHED_IN"
_OURS = ("ZP_", "PYTHONDONTWRITEBYTECODE")


@dataclass(frozen=True)
class Command:
    """What to execute. ``stop`` asks it to end; ``unprivileged``: it refuses to run as root, and owns ``cwd``."""

    argv: Sequence[str]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)
    stop: signal.Signals = signal.SIGTERM
    unprivileged: bool = False


def start(command: Command, log: Path, run_dir: Path) -> subprocess.Popen[bytes]:
    """Starts a command as leader of a group; the kernel stops it when the calling thread ends.

    It is told nothing of our own ``ZP_*`` variables, and carries a mark that says which run folder it belongs to.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    with log.open("ab") as output:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", command.stop.name.removeprefix("SIG"), *_user(command), *command.argv],
            env={**inherited, "NO_PROXY": "127.0.0.1,localhost", **command.env, _MARK: str(run_dir)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=command.cwd,
            start_new_session=True,
        )


def _user(command: Command) -> list[str]:
    """Who runs it: for root, nobody where it can reach program and folder; else a namespace's user, root outside."""
    if not command.unprivileged or os.geteuid() != 0:
        return []
    drop = ["--reuid", str(_NOBODY), "--regid", str(_NOBODY), "--clear-groups"]
    tests = ([*drop, "test", "-x", path] for path in (command.argv[0], str(command.cwd)))
    reachable = all(subprocess.run(["setpriv", *test], cwd="/", check=False).returncode == 0 for test in tests)
    owner = _NOBODY if reachable else 0
    for path in (command.cwd, *command.cwd.rglob("*")):
        os.chown(path, owner, owner)
    return drop if reachable else ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


async def ended(process: subprocess.Popen[bytes]) -> int:
    """Waits for the end of a process; its exit code, negative for a signal."""
    descriptor = os.pidfd_open(process.pid)
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, over.set)
    try:
        await over.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    return process.wait()


def signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)


def started(pid: int) -> str | None:
    """When a process started, in a form that names it for good together with its id. None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else f"{boot}/{fields[19]}"


def leftovers(run_dir: Path, known: Mapping[int, str]) -> list[int]:
    """The living processes of a run folder: those recorded with their start, and those that carry its mark."""
    recorded = {pid for pid, when in known.items() if started(pid) == when}
    return sorted({*recorded, *_marked(run_dir)} - {os.getpid()})


def _marked(run_dir: Path) -> Iterable[int]:
    mark = f"{_MARK}={run_dir}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0") and started(int(folder.name)):
                yield int(folder.name)


def end(pids: Sequence[int], seconds: float = 10) -> None:
    """Ends processes: first by SIGINT (PostgreSQL's fast stop), after ``seconds`` by SIGKILL, with their groups."""
    alive = {pid: started(pid) for pid in pids}
    for number, patience in ((signal.SIGINT, seconds), (signal.SIGKILL, 5.0)):
        for pid in alive:
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if os.getpgid(pid) == pid else os.kill)(pid, number)
        deadline = time.monotonic() + patience
        while alive and time.monotonic() < deadline:
            time.sleep(0.05)
            alive = {pid: when for pid, when in alive.items() if started(pid) == when}
