"""What the province plans by: thresholds, templates and the calendar, changed by forms and by nobody else."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from portal.planning import rules
from tests.support import PROGRESS, client_of, get


@pytest.fixture
def settings(system: System) -> Iterator[None]:
    """What the test changes is afterwards as it was."""
    paths = [f"{PROGRESS}/{path}" for path in ("thresholds", "templates/9")]
    before = {path: get(system, "province.admin", path) for path in paths}
    yield
    for path, found in before.items():
        client = client_of(system, "province.admin")
        body = {
            name: found[name] for name in ("near_days", "behind_percent", "stalled_days", "stages") if name in found
        }
        client.put(path, json=body, headers={"If-Match": client.get(path).headers["ETag"]}).raise_for_status()


def test_thresholds_are_changed_and_shown_with_the_rules(as_user: AsUser, settings: None) -> None:
    browser = as_user("province.admin")
    page = browser.get("/planning/thresholds")
    saved = browser.submit(page, "/planning/thresholds", near_days="33", behind_percent="4", stalled_days="77")
    assert "已保存" in saved.text
    rules_page = as_user("hefei.admin").get("/how-lights-work")
    assert "距完成时限不超过 33 天，且完成比例落后于应有进度超过 4 个百分点" in rules_page.text
    assert "连续 77 天" in rules_page.text
    refused = browser.submit(saved, "/planning/thresholds", near_days="366", behind_percent="x", stalled_days="77")
    assert (refused.status_code, 'value="366"' in refused.text) == (422, True)


def test_a_template_is_changed(system: System, as_user: AsUser, settings: None) -> None:
    browser = as_user("province.admin")
    page = browser.get("/planning/templates/9")
    given = {"title": ["调研", "落实", ""], "weight": ["1", "3", ""]}
    saved = browser.submit(page, "/planning/templates/9", **given)
    assert "调研 1，落实 3" in saved.text
    empty = browser.submit(browser.get("/planning/templates/9"), "/planning/templates/9", title=[""], weight=[""])
    assert empty.status_code == 422


def test_a_year_is_corrected(system: System, as_user: AsUser) -> None:
    browser, path = as_user("province.admin"), "/planning/calendar/2077"
    client, of_year = client_of(system, "province.admin"), f"{PROGRESS}/calendar/2077"
    untouched = {"days": [], "settled": False}
    client.put(of_year, json=untouched, headers={"If-Match": client.get(of_year).headers["ETag"]}).raise_for_status()
    page = browser.get(path)
    assert "暂按周末推算" in page.text
    found = get(system, "province.admin", of_year)
    working = [str(day.on) for day in rules.days(found) if day.on.weekday() < 5 and day.on != date(2077, 5, 3)]
    saved = browser.submit(page, path, working=working, settled="1")
    assert "已保存" in saved.text and "暂按周末推算" not in saved.text
    corrected = get(system, "province.admin", of_year)["days"]
    assert corrected == [{"day": "2077-05-03", "working": False, "usual": True}]


@pytest.mark.parametrize("path", ["thresholds", "templates", "templates/1", "calendar/2027"])
def test_the_settings_are_for_the_province_alone(as_user: AsUser, path: str) -> None:
    for user in ("hefei.admin", "dept.swt", "auditor.demo"):
        page = as_user(user).get(f"/planning/{path}")
        assert page.status_code == 404
        assert "/planning/" not in page.text.replace(f"/planning/{path}", "")


def year(number: int, *days: tuple[str, bool, bool]) -> dict[str, Any]:
    return {"year": number, "days": [{"day": d, "working": w, "usual": u} for d, w, u in days]}


def test_what_is_as_usual_needs_no_correction() -> None:
    told = year(2028, ("2028-10-02", False, False), ("2028-05-01", False, True))
    usual = {str(day.on) for day in rules.days(told) if day.usual}
    assert rules.corrections(told, usual) == []
    assert rules.corrections(told, usual - {"2028-05-01"} | {"2028-10-02"}) == [
        {"day": "2028-05-01", "working": False},
        {"day": "2028-10-02", "working": True},
    ]


@pytest.mark.parametrize(("number", "days", "february"), [(2028, 366, 29), (2027, 365, 28), (2100, 365, 28)])
def test_a_year_has_all_its_days(number: int, days: int, february: int) -> None:
    months = rules.months(year(number))
    assert (len(months), sum(len(month.days) for month in months)) == (12, days)
    assert len(months[1].days) == february
    assert months[0].before == date(number, 1, 1).weekday()
