"""What a component is, and the ways to know that one is ready."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from deploy.local.instance import Instance
from deploy.local.processes import Command

Ready = Callable[[Instance], Awaitable[bool]]
Inputs = Callable[[Instance], Iterable[Path | str]]


@dataclass(frozen=True)
class Component:
    """A process that is watched (``ready`` tells when it works), or with ``ready=None`` a step that runs to its end.

    A step whose ``inputs`` (files, folders and texts) are those of its last success is passed over.
    """

    name: str
    after: tuple[str, ...]
    command: Callable[[Instance], Command]
    ready: Ready | None = None
    port: str | None = None
    inputs: Inputs | None = None

    def fingerprint(self, instance: Instance) -> str | None:
        """A hash over the inputs of a step; None when it always runs."""
        if self.inputs is None:
            return None
        digest = hashlib.sha256()
        for item in self.inputs(instance):
            for path in _files(item) if isinstance(item, Path) else ():
                digest.update(path.read_bytes())
            digest.update(str(item).encode())
        return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def listens(port: str) -> Ready:
    """Somebody accepts connections at the port."""

    async def check(instance: Instance) -> bool:
        _, writer = await asyncio.open_connection("127.0.0.1", instance.ports[port])
        writer.close()
        return True

    return check


def answers(port: str, path: str) -> Ready:
    """An HTTP GET is answered with 200."""

    async def check(instance: Instance) -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", instance.ports[port])
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            return (await reader.readline()).split()[1:2] == [b"200"]
        finally:
            writer.close()

    return check


def succeeds(program: Callable[[Instance], list[str]]) -> Ready:
    """A program ends with exit code 0."""

    async def check(instance: Instance) -> bool:
        return await (await asyncio.create_subprocess_exec(*program(instance))).wait() == 0

    return check


def selection(components: Iterable[Component], names: Iterable[str]) -> list[Component]:
    """The named components and all that they need; all when none is named. SystemExit for an unknown name."""
    known = {component.name: component for component in components}
    wanted, open_names = set[str](), list(names) or list(known)
    if unknown := set(open_names) - set(known):
        raise SystemExit(f"no component {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    while open_names:
        name = open_names.pop()
        if name not in wanted:
            wanted.add(name)
            open_names.extend(known[name].after)
    return [component for name, component in known.items() if name in wanted]
