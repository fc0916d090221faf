"""Flame graphs of the three hottest paths, taken by py-spy while each is asked for; SVG files beside the table."""

import asyncio
import sysconfig
from pathlib import Path

from bench.load import Asked, rate
from deploy.local.system import System
from gateway.portal.tests.support import Browser
from tests.support import PROGRESS

PY_SPY = Path(sysconfig.get_path("scripts")) / "py-spy"
SECONDS, SAMPLES = 6, 100


async def draw(system: System, folder: Path) -> None:
    """The list, the overview and the desk page, each of the process that has most of the work."""
    token = {"Authorization": f"Bearer {system.token('hefei.admin')}"}
    browser, gateway = Browser(system), system.endpoints["gateway"]
    await asyncio.to_thread(browser.log_in, "hefei.admin")
    paths = {
        "list": ("progress-api", Asked(f"{gateway}{PROGRESS}/lines?limit=25", token)),
        "overview": ("progress-api", Asked(f"{gateway}{PROGRESS}/overview", token)),
        "desk": ("portal", Asked(f"{gateway}/", {"Cookie": f"session={browser.secret()}"})),
    }
    for name, (component, asked) in paths.items():
        await _drawn(system.components[component]["pid"], asked, folder / f"{name}.svg")


async def _drawn(pid: int, asked: Asked, path: Path) -> None:
    options = ["--pid", str(pid), "--duration", str(SECONDS), "--rate", str(SAMPLES), "--format", "flamegraph"]
    command = [str(PY_SPY), "record", "--nonblocking", "--output", str(path), *options]
    spy = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    while spy.returncode is None:
        await rate(asked)
        await asyncio.sleep(0)
    if spy.returncode:
        raise ChildProcessError(f"py-spy ended with exit code {spy.returncode}")
