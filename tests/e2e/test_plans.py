"""A zone's own plan: written in Excel by its office, published by the province; its lines open and are taken back."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from openpyxl import load_workbook

from chassis.spreadsheets import Value
from deploy.local.system import System
from tests.support import (
    CATALOG,
    NOTIFY,
    PROGRESS,
    Json,
    cells,
    client_of,
    forget_manuscript,
    get,
    lines,
    on_manuscript,
    pages,
    publish_edition,
    submit_manuscript,
    until,
    upload_sheet,
)

ROWS: tuple[tuple[Value, ...], ...] = (
    (1, "建设科创平台", "推进建设。", "合肥市", None, "2030-12-31"),
    (2, "便利跨境贸易", "优化流程。", "合肥市", "省商务厅、合肥海关", None),
)


def _filled(template: bytes) -> bytes:
    book, out = load_workbook(BytesIO(template)), BytesIO()
    for row in ROWS:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def draft(system: System) -> Iterator[str]:
    """The draft that Hefei made of the filled template; in the end its plan has no tasks again, as before."""
    forget_manuscript(system, "hefei")
    assert get(system, "hefei.admin", f"{CATALOG}/manuscripts/hefei")["tasks"] == []
    template = client_of(system, "hefei.admin").get(f"{CATALOG}/manuscripts/hefei/template").content
    sheet = upload_sheet(system, "hefei.admin", "hefei", _filled(template))
    assert (sheet["errors"], [row["state"] for row in sheet["rows"]]) == (0, ["new", "new"])
    on_manuscript(system, "hefei.admin", "hefei", "POST", f"/sheets/{sheet['id']}/confirmation")
    yield submit_manuscript(system, "hefei.admin", "hefei")
    on_manuscript(system, "province.admin", "hefei", "PUT", tasks=[])
    publish_edition(system, submit_manuscript(system, "province.admin", "hefei"))
    until(lambda: not _of_plan(system))


def _of_plan(system: System, user: str = "province.admin") -> list[Json]:
    return lines(system, user, plan="hefei")


def _news(system: System, user: str, edition: str) -> list[str]:
    """The kinds of the entries that lead to an edition, once there are some."""
    inbox, href = f"{NOTIFY}/inbox", f"/editions/{edition}"
    return until(lambda: [entry["kind"] for entry in pages(system, user, inbox) if entry["href"] == href])


def test_a_draft_is_its_office_s_and_the_province_s_until_it_is_published(system: System, draft: str) -> None:
    for user, seen in (("hefei.admin", True), ("province.admin", True), ("wuhu.admin", False), ("dept.swt", False)):
        listed = {edition["id"] for edition in pages(system, user, f"{CATALOG}/editions")}
        assert (draft in listed) == seen, user
    assert get(system, "hefei.admin", f"{CATALOG}/plans/hefei")["tasks"] == 0
    assert _of_plan(system) == []


def test_publication_opens_lines_of_the_zone_and_of_the_units_of_the_province(system: System, draft: str) -> None:
    assert _news(system, "province.admin", draft) == ["manuscript.submitted"]
    compared = get(system, "province.admin", f"{CATALOG}/editions/{draft}/comparison")
    assert ([task["number"] for task in compared["new"]], compared["gone"]) == ([1, 2], [])
    publish_edition(system, draft)
    until(lambda: len(_of_plan(system)) == 3)
    assert _news(system, "hefei.admin", draft) == ["manuscript.published"]
    places = sorted((line["task"]["number"], line["jurisdiction"]) for line in _of_plan(system))
    assert places == [(1, "hefei"), (2, "hefei"), (2, "province")]
    assert {line["jurisdiction"] for line in _of_plan(system, "hefei.admin")} == {"hefei"}
    assert _of_plan(system, "wuhu.admin") == []
    plan = get(system, "wuhu.admin", f"{CATALOG}/plans/hefei")
    assert (plan["announced_tasks"], plan["tasks"]) == (24, 2)
    overview = get(system, "province.admin", f"{PROGRESS}/overview")
    assert [plan["kind"] for plan in overview["plans"]][:12] == ["special"] * 9 + ["zone"] * 3
    counted = {cell["jurisdiction"]: cell["lines"] for cell in cells(overview) if "plan=hefei" in cell["href"]}
    assert (counted["hefei"], counted["province"], counted["wuhu"]) == (2, 1, 0)
