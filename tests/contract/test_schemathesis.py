"""Whatever is sent to the services through the gateway, by whomever: the answer is as their OpenAPI says, and no 5xx.

It adds zones and units as the province, so it runs last. ``ZP_FUZZ_EXAMPLES`` makes it run longer (`make fuzz`).
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.local.instance import ROOT
from deploy.local.system import System

SERVICES = ("progress", "catalog", "notify")  # the longest first
WRITERS = ("province.admin", "hefei.admin", "dept.swt")
USERS = (*WRITERS, "auditor.demo", "operator.demo", "")
SIDE_BY_SIDE = 3
LONG = os.environ.get("ZP_FUZZ_EXAMPLES")
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
Runs = Mapping[tuple[str, str], asyncio.Task[str]]


@pytest.fixture(scope="module")
async def runs(request: pytest.FixtureRequest, system: System) -> Runs:
    """What schemathesis prints of each run that found something, else nothing. All that were chosen are under way."""
    places = asyncio.Semaphore(SIDE_BY_SIDE)
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    chosen = [item.callspec.params for item in items if item.module is request.module]
    runs = [(str(each["user"]), str(each["service"])) for each in chosen]
    return {run: asyncio.create_task(fuzz(system, *run, places)) for run in runs}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("user", USERS)
async def test_every_answer_is_as_described(runs: Runs, service: str, user: str) -> None:
    found = await runs[user, service]
    assert not found, found


def _options(user: str, service: str) -> list[str]:
    """All phases as the province, which may do most, and less from those who change nothing."""
    phases = "examples,coverage,fuzzing,stateful" if user == "province.admin" else "fuzzing"
    options = ["--phases", phases, "--max-examples", "4" if user in WRITERS else "1", "--seed", "1"]
    if LONG:
        options = ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", LONG]
    if service == "notify" and user in WRITERS:
        options += ["--exclude-path", "/api/notify/v1/stream"]  # which does not end for them: services/notify/tests
    return options


async def fuzz(system: System, user: str, service: str, places: asyncio.Semaphore) -> str:
    async with places:
        process = await asyncio.create_subprocess_exec(
            SCHEMATHESIS,
            *("--config-file", "tests/contract/schemathesis.toml", "run"),
            *(f"{system.endpoints['gateway']}/api/{service}/openapi.json", *_options(user, service)),
            cwd=ROOT,
            env={**os.environ, "ZP_FUZZ_USER": user, "ZP_TEST_SYSTEM": str(system.run_dir), "PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
    return output.decode() if process.returncode else ""
