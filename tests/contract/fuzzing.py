"""Runs of schemathesis, a few side by side, while other tests go on."""

import os
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from deploy.local.instance import ROOT
from deploy.local.system import System

SERVICES = ("progress", "catalog", "notify")  # the longest first
WRITERS = ("province.admin", "hefei.admin", "dept.swt")
USERS = (*WRITERS, "auditor.demo", "operator.demo", "")
OF_NOTIFY = ("security.demo", "integrator-hefei")
"""Whose operations are those of notify; elsewhere they may do next to nothing."""
RUNS = [*((user, service) for user in USERS for service in SERVICES), *((user, "notify") for user in OF_NOTIFY)]
SIDE_BY_SIDE = 2
LONG = os.environ.get("ZP_FUZZ_EXAMPLES")
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"


class Fuzzing:
    """Each service, asked by each user. ``ZP_FUZZ_EXAMPLES`` makes it longer (`make fuzz`)."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(SIDE_BY_SIDE)
        self._runs: dict[tuple[str, str], Future[str]] = {}

    def begin(self, system: System) -> None:
        """Once; it adds zones and units, so this system is no longer one to count in."""
        if not self._runs:
            self._runs = {run: self._pool.submit(_run, system, *run) for run in RUNS}

    def found(self, user: str, service: str) -> str:
        """What schemathesis prints when it has found something, else nothing."""
        return self._runs[user, service].result()

    def end(self) -> None:
        """Waits for what runs; what has not begun is left out."""
        self._pool.shutdown(cancel_futures=True)


def _options(user: str, service: str) -> list[str]:
    """All phases as the province, which may do most, and less from those who change nothing."""
    phases = "examples,coverage,fuzzing,stateful" if user == "province.admin" else "fuzzing"
    options = ["--phases", phases, "--max-examples", "4" if user in WRITERS else "1", "--seed", "1"]
    if LONG:
        options = ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", LONG]
    if service == "notify" and user in WRITERS:
        options += ["--exclude-path", "/api/notify/v1/stream"]  # which does not end for them: services/notify/tests
    return options


def _run(system: System, user: str, service: str) -> str:
    ended = subprocess.run(
        [
            SCHEMATHESIS,
            *("--config-file", "tests/contract/schemathesis.toml", "run"),
            *(f"{system.endpoints['gateway']}/api/{service}/openapi.json", *_options(user, service)),
        ],
        cwd=ROOT,
        env={**os.environ, "ZP_FUZZ_USER": user, "ZP_TEST_SYSTEM": str(system.run_dir), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return ended.stdout if ended.returncode else ""
