"""Sheets of periods, filled in as an office does."""

from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from deploy.local.system import System
from tests.support import PROGRESS, client_of, open_period


def filled(content: bytes) -> bytes:
    """Each row with a percent and a text of its own."""
    book = load_workbook(BytesIO(content))
    page: Any = book["填报"]
    titles = [cell.value for cell in page[1]]
    for number, cells in enumerate(page.iter_rows(min_row=2)):
        for title, value in (("完成比例（%）", number % 100), ("工作进展", f"完成第 {number} 项")):
            cells[titles.index(title)].value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def uploaded(system: System, user: str, plan: str) -> tuple[str, str]:
    """The ids of a new period of the plan and of the sheet that the user has filled in for it."""
    period = open_period(system, [plan])
    client, path = client_of(system, user), f"{PROGRESS}/periods/{period}"
    content = filled(client.get(f"{path}/sheet", timeout=60).raise_for_status().content)
    sheet = client.post(f"{path}/sheets", files={"file": ("填报.xlsx", content)}, timeout=60).raise_for_status()
    return period, str(sheet.json()["id"])
