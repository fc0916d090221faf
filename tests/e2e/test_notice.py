"""The notice in the running system: what the catalog holds of it, and the lines that its events opened."""

from collections import Counter

import pytest

from deploy.local.system import System
from tests.support import CATALOG, PROGRESS, cells, figures, get, lines, pages

ZONES = ("hefei", "wuhu", "bengbu")
READERS = ("province.admin", "hefei.admin", "wuhu.admin", "bengbu.admin", "dept.swt", "dept.hfhg", "auditor.demo")


def test_the_catalog_holds_nine_special_plans_three_zone_plans_and_112_tasks(system: System) -> None:
    special = pages(system, "province.admin", f"{CATALOG}/plans", kind="special")
    assert [plan["number"] for plan in special] == list(range(1, 10))
    assert sum(plan["tasks"] for plan in special) == 112
    of_zones = {plan["zone"]: plan for plan in pages(system, "province.admin", f"{CATALOG}/plans", kind="zone")}
    assert {zone: of_zones[zone]["announced_tasks"] for zone in ZONES} == {"hefei": 24, "wuhu": 33, "bengbu": 32}
    tasks = pages(system, "province.admin", f"{CATALOG}/tasks")
    assert {task["number"] for task in tasks if task["plan"]["kind"] == "special"} == set(range(1, 113))
    assert all(task["responsibilities"][0]["role"] == "lead" for task in tasks)


def test_its_events_opened_a_line_per_task_and_jurisdiction(system: System) -> None:
    counted = Counter(line["jurisdiction"] for line in lines(system, "province.admin"))
    assert (sum(counted[zone] for zone in ZONES), counted["province"]) == (301, 111)


@pytest.mark.parametrize("user", READERS)
def test_the_overview_equals_what_counting_the_lines_gives(system: System, user: str) -> None:
    overview = get(system, user, f"{PROGRESS}/overview")
    assert overview["totals"] | figures(lines(system, user)) == overview["totals"]
    for cell in cells(overview):
        assert cell | figures(pages(system, user, cell["href"])) == cell
    assert sum(cell["lines"] for cell in cells(overview)) == 2 * overview["totals"]["lines"]


@pytest.mark.parametrize("user", READERS)
def test_a_known_overview_is_not_sent_again(system: System, user: str) -> None:
    with system.client(user) as client:
        first = client.get(f"{PROGRESS}/overview")
        known = {"If-None-Match": first.headers["ETag"]}
        again = client.get(f"{PROGRESS}/overview", headers=known)
        other = client.get(f"{PROGRESS}/overview", headers={"If-None-Match": '"another"'})
    assert (first.status_code, again.status_code, again.content, other.status_code) == (200, 304, b"", 200)


@pytest.mark.parametrize("word", ["口岸", "进口", "单一窗口"])
def test_words_are_found_where_they_stand(system: System, word: str) -> None:
    tasks = pages(system, "wuhu.admin", f"{CATALOG}/tasks")
    found = {task["code"] for task in pages(system, "wuhu.admin", f"{CATALOG}/tasks", q=word)}
    assert found and found == {task["code"] for task in tasks if word in _folded(task["title"] + "\n" + task["text"])}


def _folded(text: str) -> str:
    """Search does not mind quotation marks."""
    return text.translate({ord(mark): None for mark in "“”‘’ "})
