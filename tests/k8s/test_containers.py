"""``docker compose up``, from nothing: it ends in what ``make run`` ends in, and bears a stop and a loss."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import pytest

from deploy.local.instance import ROOT, Instance
from deploy.local.system import System
from tests.browser.visitor import launched, visitor
from tests.k8s.drill import Drill
from tests.support import client_of, lines

_PROJECT, _GATEWAY = "zoneportal-test", 8080
_LOST = ("postgres", "kafka", "attachments")


class Containers:
    """A project of its own, with secrets of its own."""

    def __init__(self, folder: Path) -> None:
        self._secrets = folder / "secrets"
        instance = Instance(folder, Instance.here().cache_dir, {"gateway": _GATEWAY})
        instance.write("endpoints.json", {"gateway": f"http://localhost:{_GATEWAY}"})
        self.system = System(instance)

    def compose(self, *command: str) -> None:
        """With demo users, the notice and the sink of mails."""
        run = ["docker", "compose", "--project-name", _PROJECT, "--profile", "demo", *command]
        subprocess.run(run, cwd=ROOT, env=os.environ | {"ZP_SECRETS": str(self._secrets)}, check=True)

    def up(self) -> None:
        begun = monotonic()
        self.compose("up", "--detach", "--quiet-pull")
        self.compose("wait", "lines", "integrators")
        print(f"the system is up: {monotonic() - begun:.0f} s")
        self.system.instance.write_text("secrets.json", (self._secrets / "passwords.json").read_text())
        client_of.cache_clear()

    def lose(self) -> None:
        """All but the backups and the secrets."""
        self.compose("down")
        subprocess.run(["docker", "volume", "rm", *(f"{_PROJECT}_{name}" for name in _LOST)], check=True)


@pytest.fixture(scope="module")
def containers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Containers]:
    made = Containers(tmp_path_factory.mktemp("compose"))
    try:
        made.up()
        yield made
    finally:
        made.compose("--profile", "backup", "down", "--volumes", "--timeout", "5")


async def test_one_command_leads_to_the_notice_s_lines(containers: Containers) -> None:
    system = containers.system
    found = lines(system, "province.admin")
    assert (len({each["task"]["code"] for each in found}), len(found)) == (112, 412)
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(launched(system.instance.cache_dir))
        person = await visitor(stack, system, browser, "province.admin")
        assert await person.open("/overview") == 200
        assert person.complaints == []


def test_all_is_there_after_a_stop(containers: Containers) -> None:
    drill = Drill(containers.system)
    before = drill.look()
    containers.compose("down")
    containers.up()
    assert drill.look() == before
    drill.go_on()


def test_a_backup_brings_back_what_was_lost_and_events_go_on(containers: Containers) -> None:
    drill = Drill(containers.system)
    containers.compose("run", "--rm", "backup")
    before = drill.look()
    drill.go_on()
    containers.lose()
    _restore(containers)
    assert drill.look() == before
    drill.go_on()


def _restore(containers: Containers) -> None:
    """As docs/operators/backups.md has it."""
    containers.compose("up", "--detach", "--wait", "postgres")
    containers.compose("run", "--rm", "databases")
    containers.compose("run", "--rm", "backup", "deploy.backup", "data", "/backups/newest")
    containers.compose("up", "--detach", "--wait", "kafka")
    containers.compose("run", "--rm", "backup", "deploy.backup", "topics", "/backups/newest")
    containers.up()
