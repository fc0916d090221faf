"""Services of the last release beside those of today, on a PostgreSQL and a broker of their own.

Keycloak is the running system's; there is no gateway, since it is the services that are to understand each other.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import asyncpg
import httpx

from deploy.local import launcher
from deploy.local.components import Component
from deploy.local.instance import ROOT, Instance
from deploy.local.ports import SERVICES
from deploy.local.processes import Command
from deploy.local.supervisor import Supervisor
from deploy.local.system import System
from deploy.local.topology import topology

UNTAGGED = "7ea074d5312c90bf580b6e48c905f49472138c11"
"""What counts as the last release as long as the history has no tag ``v…``."""
_BENEATH = ("postgres-data", "postgres", "kafka-program", "kafka-storage", "kafka", "topics")
_SOURCES = ("chassis", "services", "gateway/portal", "contracts")
_PROCESSES = ("migration", "api", "worker")


class Released:
    """The code of the last release, unpacked below ``.run``."""

    def __init__(self) -> None:
        commit = _last()
        self.folder = ROOT / ".run" / f"released-{commit[:12]}"
        if not self.folder.exists():
            draft = self.folder.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            with tarfile.open(fileobj=BytesIO(_git("archive", commit, *_SOURCES))) as archive:
                archive.extractall(draft, filter="data")
            draft.rename(self.folder)
        homes = ("chassis", "gateway/portal", *(f"services/{service}" for service in SERVICES))
        sources = [self.folder / home / "src" for home in homes]
        self._env = {"PYTHONPATH": os.pathsep.join(map(str, sources))}

    def home_of(self, package: str) -> Path:
        """Where a package comes from when the release's processes import it."""
        asked = [sys.executable, "-c", f"import {package}; print({package}.__file__)"]
        told = subprocess.run(asked, env={**os.environ, **self._env}, cwd=self.folder, check=True, capture_output=True)
        return Path(told.stdout.decode().strip())

    def of(self, component: Component) -> Component:
        """The component as the release has it."""

        def command(instance: Instance) -> Command:
            present = component.command(instance)
            return replace(present, cwd=self.folder, env={**present.env, **self._env})

        return replace(component, command=command)


def _last() -> str:
    """The commit of the last release; of a clone whose history ends after it, the commit where it ends."""
    tags = _git("tag", "--list", "v*", "--merged", "HEAD", "--sort=-v:refname").decode().split()
    if tags:
        return _git("rev-list", "-1", tags[0]).decode().strip()
    ends = _git("rev-list", "--max-parents=0", "HEAD").decode().split()
    known = subprocess.run(["git", "cat-file", "-e", UNTAGGED], cwd=ROOT, capture_output=True, check=False)
    return UNTAGGED if known.returncode == 0 else ends[-1]


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout


class Mixed(System):
    """A system without a gateway: its clients ask the services themselves."""

    def client(self, user: str | None = None) -> httpx.Client:
        client = super().client(user)
        client.event_hooks = {"request": [self._to_the_service]}
        return client

    def _to_the_service(self, request: httpx.Request) -> None:
        service = request.url.path.split("/")[2]
        request.url = request.url.copy_with(port=self.instance.ports[f"{service}_api"])


@asynccontextmanager
async def beneath(system: System) -> AsyncIterator[Instance]:
    """What the services stand on, with the secrets of the running system."""
    instance = Instance.at(ROOT / ".run" / "releases")
    launcher.reset(instance)
    shutil.copy(system.run_dir / "secrets.json", instance.run_dir)
    with instance.take_ports(print):
        instance.ports.update({name: system.instance.ports[name] for name in ("gateway", "keycloak")})
        instance.write("endpoints.json", instance.endpoints())
        async with _running(instance, _chosen(_BENEATH)):
            yield instance


@asynccontextmanager
async def mixed(instance: Instance, released: Released, old: Collection[str]) -> AsyncIterator[Mixed]:
    """The ``old`` ones of the services from the release, the others as they are here, with empty databases."""
    server = await asyncpg.connect(instance.database("postgres", "postgres", "postgres"))
    for service in SERVICES:
        await server.execute(f"DROP DATABASE IF EXISTS {service}")
    await server.close()
    names = [f"{service}-{process}" for service in SERVICES for process in _PROCESSES]
    components = [replace(each, inputs=None) for each in _chosen(("databases", *names))]
    of_old = {f"{service}-{process}" for service in old for process in _PROCESSES}
    async with _running(instance, [released.of(each) if each.name in of_old else each for each in components]):
        yield Mixed(instance)


def _chosen(names: Collection[str]) -> list[Component]:
    """These alone: that they wait for others is left to whoever starts them."""
    chosen = [component for component in topology() if component.name in names]
    return [replace(each, after=tuple(name for name in each.after if name in names)) for each in chosen]


@asynccontextmanager
async def _running(instance: Instance, components: Sequence[Component]) -> AsyncIterator[None]:
    supervisor = Supervisor(instance, components, print)
    running, up = asyncio.create_task(supervisor.run()), asyncio.create_task(supervisor.up.wait())
    await asyncio.wait((running, up), return_when=asyncio.FIRST_COMPLETED)
    try:
        if running.done():
            await running
        yield
    finally:
        up.cancel()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
