"""Runs of schemathesis, one after the other, while other tests go on."""

import os
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from deploy.local.instance import ROOT
from deploy.local.system import System
from tests.systems import Systems

SERVICES = ("progress", "catalog", "notify")  # the longest first
FIRST = "province.admin"
"""Who may do most."""
OTHERS = ("hefei.admin", "dept.swt", "auditor.demo", "operator.demo", "")
OF_NOTIFY = ("security.demo", "integrator-hefei")
"""Whose operations are those of notify; elsewhere they may do next to nothing."""
IN_STREAM = {FIRST, "hefei.admin", "dept.swt"}
LONG = os.environ.get("ZP_FUZZ_EXAMPLES")
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"


def _runs() -> list[tuple[str, str]]:
    """Users, by commas, and the service that they ask; several take turns at each operation, which saves to read its
    description for each of them.
    """
    if LONG:
        found = [(user, service) for user in (FIRST, *OTHERS) for service in SERVICES]
        return [*found, *((user, "notify") for user in OF_NOTIFY)]
    users = {service: (*OTHERS, *OF_NOTIFY) if service == "notify" else OTHERS for service in SERVICES}
    return [*((FIRST, service) for service in SERVICES), *((",".join(users[service]), service) for service in SERVICES)]


RUNS = _runs()


class Fuzzing:
    """Each service of the named system, which ends after it, asked by each user. ``ZP_FUZZ_EXAMPLES`` makes it longer
    (`make fuzz`).
    """

    def __init__(self, systems: Systems, name: str) -> None:
        self._systems, self._name = systems, name
        self._pool = ThreadPoolExecutor(1)
        self._runs: dict[tuple[str, str], Future[str]] = {}

    def begin(self) -> None:
        """Once; it adds zones and units, so the system is no longer one to count in."""
        if not self._runs:
            system = self._systems.ready(self._name)
            self._runs = {run: self._pool.submit(_run, system, *run) for run in RUNS}
            self._pool.submit(self._systems.end, self._name)

    def found(self, users: str, service: str) -> str:
        """What schemathesis prints when it has found something, else nothing."""
        return self._runs[users, service].result()

    def end(self) -> None:
        """Waits for what runs; what has not begun is left out."""
        self._pool.shutdown(cancel_futures=True)


def _options(users: str, service: str) -> list[str]:
    """All phases as the province, else as many examples as there are users, and one more of what changes something."""
    phases, examples = "examples,coverage,fuzzing,stateful", LONG or "4"
    if not LONG and users != FIRST:
        phases, examples = "fuzzing", str(users.count(",") + 2)
    options = ["--phases", phases, "--max-examples", examples, "--seed", "1"]
    if service == "notify" and not IN_STREAM.isdisjoint(users.split(",")):
        options += ["--exclude-path", "/api/notify/v1/stream"]  # which does not end for them: services/notify/tests
    return options


def _run(system: System, users: str, service: str) -> str:
    ended = subprocess.run(
        [
            SCHEMATHESIS,
            *("--config-file", "tests/contract/schemathesis.toml", "run"),
            *(f"{system.endpoints['gateway']}/api/{service}/openapi.json", *_options(users, service)),
        ],
        cwd=ROOT,
        env={**os.environ, "ZP_FUZZ_USERS": users, "ZP_TEST_SYSTEM": str(system.run_dir), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return ended.stdout if ended.returncode else ""
