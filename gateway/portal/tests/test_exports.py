"""Lists as Excel."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser
from portal.exports.lists import LISTS
from tests.cases import acted, published
from tests.support import PROGRESS, lines, order_in_hand, pages


def rows(browser: Browser, path: str) -> list[tuple[object, ...]]:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    assert "attachment" in answer.headers["Content-Disposition"]
    page = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref
    return list(page.iter_rows(values_only=True))


def test_all_lines_that_fit_are_there_with_real_types(as_user: AsUser, system: System) -> None:
    titles, *found = rows(as_user("province.admin"), "/exports/lines?plan=3&cursor=nonsense&state=not_started")
    there = pages(system, "province.admin", f"{PROGRESS}/lines", plan="3", state="not_started")
    column = titles.index("事项")
    assert [row[column] for row in found] == [line["task"]["title"] for line in there]
    assert {type(row[titles.index("完成比例")]) for row in found} == {int}
    assert {row[titles.index("状态")] for row in found} == {"未开始"}


def test_each_reader_gets_what_is_shown_to_them(as_user: AsUser, system: System) -> None:
    _, *found = rows(as_user("hefei.admin"), "/exports/lines")
    assert {row[0] for row in found} == {"合肥片区"}
    assert len(found) == len(lines(system, "hefei.admin"))


@pytest.mark.parametrize("name", LISTS)
def test_every_list_can_be_taken_away_from_its_page(as_user: AsUser, system: System, name: str) -> None:
    if name == "orders":
        order_in_hand(system)
    if name == "replications":
        acted(system, "wuhu.admin", published(system), "replications/wuhu/adoption", plan="先行试点")
    browser = as_user("province.admin")
    titles, *found = rows(browser, f"/exports/{name}")
    assert titles == tuple(column.words[0] for column in LISTS[name].columns)
    assert f'href="/exports/{name}' in browser.get(f"/{name}").text
    if name in ("orders", "replications"):
        assert found
    if name == "orders":
        assert isinstance(found[0][titles.index("办理时限")], date)


def test_there_are_no_other_lists(as_user: AsUser) -> None:
    assert as_user("province.admin").get("/exports/secrets").status_code == 404
    assert as_user("operator.demo").get("/exports/lines").status_code == 404
