"""A running instance as tests and tools see it."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import jwt

from deploy.local import backup, launcher, processes, report
from deploy.local.commands import python
from deploy.local.instance import ROOT, Instance
from deploy.local.tokens import token_of

_START_SECONDS = 600.0
TLS = httpx.create_ssl_context(trust_env=False)
"""To have each client make its own would take longer than most of what they ask."""


class System:
    """``endpoints`` is the content of ``endpoints.json``."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.run_dir = instance.run_dir
        self.endpoints: dict[str, Any] = instance.read("endpoints.json")
        self._tokens: dict[str, tuple[str, float]] = {}

    def token(self, user: str) -> str:
        """An access token of a demo user or integrator, good for at least a minute."""
        token, expiry = self._tokens.get(user, ("", 0.0))
        if expiry < time.time() + 60:
            token = token_of(self.instance, user)
            self._tokens[user] = token, _expiry(token)
        return token

    @property
    def password(self) -> str:
        """The password of all demo users."""
        return self.instance.secrets["demo"]

    def client(self, user: str | None = None) -> httpx.Client:
        """A client of the gateway with the token of a demo user, or with none."""
        auth = None if user is None else _Bearer(self, user)
        return httpx.Client(base_url=self.endpoints["gateway"], auth=auth, timeout=30, trust_env=False, verify=TLS)

    def database(self, name: str) -> str:
        """The address of a database, as its superuser."""
        return str(self.endpoints["databases"][name])

    @property
    def components(self) -> dict[str, dict[str, Any]]:
        """Per component: ``state``, ``pid``, ``port``, ``since``, ``restarts``, ``step``."""
        return report.components(self.instance)

    def kill(self, component: str) -> None:
        """``kill -9`` of a component, which its launcher starts again."""
        os.kill(self.components[component]["pid"], signal.SIGKILL)

    def wait_restarted(self, component: str, restarts: int, seconds: float = 60) -> None:
        """Until a component is ready after more than so many restarts; TimeoutError when it is not by then."""
        deadline = time.monotonic() + seconds
        while not (
            self.components[component]["restarts"] > restarts and self.components[component]["state"] == "ready"
        ):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{component} is {self.components[component]['state']}")
            time.sleep(0.1)


class _Bearer(httpx.Auth):
    def __init__(self, system: System, user: str) -> None:
        self._system, self._user = system, user

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        request.headers["Authorization"] = f"Bearer {self._system.token(self._user)}"
        yield request


def _expiry(token: str) -> float:
    return float(jwt.decode(token, options={"verify_signature": False})["exp"])


@contextmanager
def starting(run_dir: Path, restored: Path | None = None, only: Sequence[str] = ()) -> Iterator[Callable[[], System]]:
    """A system of its own, or ``only`` some of its components, without data or with those of a backup, that starts
    meanwhile: what is given waits until it is up.

    It ends with the block, and with this process however that ends.
    """
    instance = Instance.at(run_dir)
    launcher.reset(instance)
    if restored:
        backup.prepare(instance, restored)
    log = instance.log("launcher")
    folders = {"ZP_RUN_DIR": str(run_dir), "ZP_CACHE_DIR": str(instance.cache_dir)}
    command = python("deploy.local", "run", "--unattended", *only, env=folders)
    process = processes.start(command, log, ROOT)
    deadline = time.monotonic() + _START_SECONDS

    def ready() -> System:
        while not instance.read("state.json").get("up"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the system does not start:\n{report.tail(log, 60)}")
            time.sleep(0.2)
        return System(Instance.at(run_dir))

    try:
        yield ready
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


@contextmanager
def fresh(run_dir: Path) -> Iterator[System]:
    """As ``starting``, once it is up."""
    with starting(run_dir) as ready:
        yield ready()
