"""What people are shown of an instance: the table of its components, its address and logins, ends of logs."""

import time
from pathlib import Path
from typing import Any

import psutil

from deploy.local.credentials import DEMO_INTEGRATORS, DEMO_USERS
from deploy.local.instance import Instance

_MIB = 1024 * 1024


def components(instance: Instance) -> dict[str, dict[str, Any]]:
    """The launcher's notes on each component."""
    known: dict[str, dict[str, Any]] = instance.read("state.json").get("components", {})
    return known


def component(instance: Instance, name: str) -> dict[str, Any]:
    """The launcher's notes on one component; SystemExit for an unknown one."""
    known = components(instance)
    if name not in known:
        raise SystemExit(f"no component {name!r}; there are: {', '.join(known) or 'none, the system is down'}")
    return known[name]


def recorded(instance: Instance) -> dict[int, str]:
    """The processes that the launcher noted, with their starts."""
    return {note["pid"]: note["started"] for note in components(instance).values() if note["pid"]}


def welcome(instance: Instance) -> str:
    """The address and the demo logins."""
    users = "\n".join(f"    {user:<16} {title}" for user, title in DEMO_USERS.items())
    clients = "\n".join(f"    {client:<16} {instance.secrets[f'{client}_client']}" for client in DEMO_INTEGRATORS)
    return (
        f"\n  {instance.gateway}\n\n  Demo users (password of all: {instance.secrets['demo']}):\n{users}\n"
        f"\n  Demo integrators (client id and secret):\n{clients}\n"
        f"\n  Mails: http://{instance.address('mail')}    Kafka for integrators: {instance.address('kafka_external')}\n"
    )


def tail(log: Path, lines: int = 25) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"


def memory(pid: int, *, children: bool = True) -> tuple[int, int]:
    """Bytes of a process and its children: resident, and proportional (shared pages counted by their share)."""
    resident = proportional = 0
    try:
        root = psutil.Process(pid)
        for process in (root, *(root.children(recursive=True) if children else ())):
            rss = process.memory_info().rss
            resident += rss
            proportional += _pss(process.pid) or rss
    except psutil.NoSuchProcess:
        pass
    return resident, proportional


def _pss(pid: int) -> int | None:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")), None)


def table(instance: Instance, launcher: int | None) -> str:
    """Each watched component: state, port, process, memory in MiB, time since its start, restarts."""
    rows = [("component", "state", "port", "pid", "RSS", "PSS", "up", "restarts")]
    total_rss = total_pss = 0
    notes = {name: note for name, note in components(instance).items() if not note["step"]}
    if launcher:
        notes["launcher"] = {"state": "ready", "pid": launcher, "port": None, "restarts": 0, "since": None}
    for name, note in notes.items():
        rss, pss = memory(note["pid"], children=name != "launcher") if note["pid"] else (0, 0)
        total_rss, total_pss = total_rss + rss, total_pss + pss
        since = _duration(time.time() - note["since"]) if note["since"] and note["state"] == "ready" else ""
        figures = (str(rss // _MIB), str(pss // _MIB), since, str(note["restarts"]))
        rows.append((name, note["state"], str(note["port"] or ""), str(note["pid"] or ""), *figures))
    rows.append(("together", "", "", "", str(total_rss // _MIB), str(total_pss // _MIB), "", ""))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines) if launcher else "the system is down"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
