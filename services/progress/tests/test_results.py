"""A period's results as files say what its pages say, to each what it may see."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from docx import Document

from chassis.clock import today
from progress.results.documents import DETAILS
from services.progress.tests.steps import ask
from services.progress.tests.test_filings import opened
from services.progress.tests.worlds import World


@pytest.mark.parametrize(("name", "offices"), [("province", 3), ("hefei", 1), ("auditor", 3)])
async def test_the_files_tell_what_was_approved(world: World, name: str, offices: int) -> None:
    period = await opened(world)
    await period.file()
    filing = await period.done("province", "approval", confidence="high")
    path = f"/periods/{period.period['id']}/results"
    book = openpyxl.load_workbook(BytesIO((await ask(world, name, "GET", path)).content))
    titles, *rows = [list(row) for row in book["明细"].iter_rows(values_only=True)]
    assert titles == list(DETAILS)
    told: list[dict[str, Any]] = [dict(zip(DETAILS, row, strict=True)) for row in rows]
    assert len({row["填报单位"] for row in told}) == len(told) == offices
    (approved,) = [row for row in told if row["状态"] == "已审定"]
    assert (approved["完成比例"], approved["工作进展"], approved["把握程度"]) == (20, filing["done"], "高")
    assert (approved["报送日期"].date(), approved["是否按时"], approved["版本"]) == (today(), "是", 1)
    assert all(row["工作进展"] is None for row in told if row is not approved)
    (_, *totals) = book["汇总"].iter_rows(values_only=True)
    assert totals[-1] == ("合计", len(told), 1, 1, 1)
    document = Document(BytesIO((await ask(world, name, "GET", f"{path}?format=docx")).content))
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["合计", str(len(told)), "1", "1", "1"] in cells
    assert sum(approved["工作进展"] in row for row in cells) == 1
