"""Excel against openpyxl itself: cells written and read, and a sheet of 412 filings uploaded, previewed, taken over."""

import asyncio
from collections.abc import Sequence
from datetime import date
from functools import partial
from io import BytesIO

import httpx
from openpyxl import Workbook, load_workbook

from bench.alternating import Measured, Work, alternate, most
from chassis import spreadsheets
from chassis.spreadsheets import Column, Sheet
from deploy.local.system import System
from tests.sheets import filled
from tests.support import PROGRESS, client_of, get, open_period

PAST = {"starts": "2020-10-01", "due": "2021-01-05", "grace": "2021-01-08", "locks": "2021-01-31"}
ROUNDS = 5
Rows = Sequence[Sequence[spreadsheets.Value]]
PAST_DAY = date(2021, 1, 5)


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
    return [
        await alternate("Excel of 400 lines written and read", *_cells(), rounds=9, times=3, goal=most(1.3)),
        await alternate("province: a sheet of 412 filings taken over", baseline, ours, ROUNDS, 1),
    ]


def _cells() -> tuple[Work, Work]:
    """The same cells through openpyxl as it is, and through ours."""
    titles = ["编号", "标题", "责任单位", "完成比例（%）", "时限", "工作进展"]
    rows: Rows = [[f"T-{n}", "推进口岸开放", "省商务厅", n % 100, PAST_DAY, "完成阶段工作。" * 10] for n in range(400)]
    return partial(asyncio.to_thread, _plain, titles, rows), partial(asyncio.to_thread, _own, titles, rows)


def _plain(titles: Sequence[str], rows: Rows) -> None:
    book, out = Workbook(write_only=True), BytesIO()
    page = book.create_sheet("事项")
    for row in (titles, *rows):
        page.append(row)
    book.save(out)
    taken = list(load_workbook(out, read_only=True).worksheets[0].iter_rows(values_only=True))
    assert len(taken) == len(rows) + 1  # noqa: S101 - or nothing was read


def _own(titles: Sequence[str], rows: Rows) -> None:
    content = spreadsheets.write(Sheet("事项", [Column(title) for title in titles], rows))
    assert len(spreadsheets.read(content, titles)) == len(rows)  # noqa: S101 - or nothing was read


def _read_and_written(content: bytes) -> None:
    load_workbook(BytesIO(content)).save(BytesIO())


def _taken_over(client: httpx.Client, files: dict[str, bytes]) -> None:
    path, content = files.popitem()
    sheet = client.post(f"{path}/sheets", files={"file": ("填报.xlsx", content)}, timeout=60).raise_for_status().json()
    confirmation = f"{path}/sheets/{sheet['id']}/confirmation"
    done = client.post(confirmation, json={"confidence": "medium"}, timeout=60).raise_for_status().json()
    assert done["counts"]["taken_over"] == len(sheet["rows"]), done["counts"]  # noqa: S101 - or nothing was measured
