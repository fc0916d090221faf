"""A sheet of 412 filings, uploaded, previewed and taken over, against openpyxl reading and writing it (baseline)."""

import asyncio
from functools import partial
from io import BytesIO

import httpx
from openpyxl import load_workbook

from bench.alternating import Measured, alternate
from deploy.local.system import System
from tests.sheets import filled
from tests.support import PROGRESS, client_of, get, open_period

PAST = {"starts": "2020-10-01", "due": "2021-01-05", "grace": "2021-01-08", "locks": "2021-01-31"}
ROUNDS = 5


async def measure(system: System) -> list[Measured]:
    """Each time in a period of its own that ends after the ones before, so that the lines follow each time."""
    client = client_of(system, "province.admin")
    plans = [plan["code"] for plan in get(system, "province.admin", f"{PROGRESS}/overview")["plans"]]
    given = {"takeover": True, "reason": "平台启用前纸质报送", **PAST}
    ends = [f"2020-12-{31 - number}" for number in range(ROUNDS + 1)]
    paths = [f"{PROGRESS}/periods/{open_period(system, plans, ends=day, **given)}" for day in ends]
    files = {path: filled(client.get(f"{path}/sheet", timeout=60).raise_for_status().content) for path in paths}
    baseline = partial(asyncio.to_thread, _read_and_written, files[paths[0]])
    ours = partial(asyncio.to_thread, _taken_over, client, files)
    return [await alternate("province: a sheet of 412 filings taken over", baseline, ours, ROUNDS, 1)]


def _read_and_written(content: bytes) -> None:
    load_workbook(BytesIO(content)).save(BytesIO())


def _taken_over(client: httpx.Client, files: dict[str, bytes]) -> None:
    path, content = files.popitem()
    sheet = client.post(f"{path}/sheets", files={"file": ("填报.xlsx", content)}, timeout=60).raise_for_status().json()
    confirmation = f"{path}/sheets/{sheet['id']}/confirmation"
    done = client.post(confirmation, json={"confidence": "medium"}, timeout=60).raise_for_status().json()
    assert done["counts"]["taken_over"] == len(sheet["rows"]), done["counts"]  # noqa: S101 - or nothing was measured
