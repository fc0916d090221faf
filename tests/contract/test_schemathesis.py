"""Whatever is sent to the services through the gateway, by whomever: the answer is as their OpenAPI says, and no 5xx.

It adds zones and units as the province, so it runs last. ``ZP_FUZZ_EXAMPLES`` makes it run longer (`make fuzz`).
"""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from deploy.local.instance import ROOT
from deploy.local.system import System

SERVICES = ("catalog", "progress", "notify")
HAVE_NEWS = ("province.admin", "hefei.admin", "dept.swt")
LONG = os.environ.get("ZP_FUZZ_EXAMPLES")
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"


@pytest.mark.parametrize("user", ["province.admin", "hefei.admin", "dept.swt", "auditor.demo", "operator.demo", ""])
async def test_every_answer_is_as_described(system: System, user: str) -> None:
    await asyncio.gather(*(fuzz(system, service, user) for service in SERVICES))


async def fuzz(system: System, service: str, user: str) -> None:
    """Fails with what schemathesis prints. All phases as the province, which may do most; else those that are quick."""
    phases = "examples,coverage,fuzzing,stateful" if LONG or user == "province.admin" else "fuzzing,stateful"
    options = ["--phases", phases, *(["--max-examples", LONG] if LONG else ["--max-examples", "4", "--seed", "1"])]
    if service == "notify" and user in HAVE_NEWS:
        options += ["--exclude-path", "/api/notify/v1/stream"]  # which does not end for them: services/notify/tests
    process = await asyncio.create_subprocess_exec(
        SCHEMATHESIS,
        *("--config-file", "tests/contract/schemathesis.toml", "run"),
        *(f"{system.endpoints['gateway']}/api/{service}/openapi.json", *options),
        cwd=ROOT,
        env={**os.environ, "ZP_FUZZ_USER": user, "ZP_TEST_SYSTEM": str(system.run_dir), "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, f"{service} as {user or 'nobody'}:\n{output.decode()}"
