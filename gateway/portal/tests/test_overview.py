"""The overview: its numbers are the API's, and each leads to a list of that many lines."""

import html
import json
import re
from typing import Any

import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser
from tests.support import PROGRESS, get

LINKS = re.compile(r'<a[^>]*href="(/lines[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
USERS = ["province.admin", "hefei.admin", "dept.swt", "auditor.demo"]
NUMBER = re.compile(r"(\d+)(?: 项)?$")


def numbers(text: str) -> dict[str, int]:
    """The numbers of the page by the address that they lead to."""
    found = {}
    for href, label in LINKS.findall(text.split('class="matrix"')[1]):
        number = NUMBER.search(re.sub(r"<[^>]+>", "", label).replace(",", "").strip())
        assert number, label
        found[html.unescape(href)] = int(number[1])
    return found


@pytest.mark.parametrize("user", USERS)
def test_the_matrix_says_what_the_api_says(as_user: AsUser, system: System, user: str) -> None:
    browser = as_user(user)
    shown = numbers(browser.get("/overview").text)
    overview: dict[str, Any] = get(system, user, f"{PROGRESS}/overview")
    assert overview["plans"]
    for plan in overview["plans"]:
        for cell in plan["cells"]:
            path = cell["href"].removeprefix(PROGRESS)
            assert shown.get(path, 0) == cell["lines"]
            for light, count in cell["by_light"].items():
                assert shown.get(f"{path}&light={light}", 0) == count


@pytest.mark.parametrize("user", ["province.admin", "dept.swt"])
def test_every_number_leads_to_a_list_of_that_length(as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    shown = numbers(browser.get("/overview").text)
    assert len(shown) > 10
    for href, number in list(shown.items())[::7]:
        assert f"共 {number} 项" in browser.get(href).text, href


def test_the_chart_and_its_table_have_the_same_numbers(as_user: AsUser, system: System) -> None:
    browser = as_user("province.admin")
    text = browser.get("/overview").text
    data = re.search(r'data-chart="([^"]*)"', text)
    assert data
    chart = json.loads(html.unescape(data[1]))
    places = [place["code"] for place in get(system, "province.admin", f"{PROGRESS}/overview")["jurisdictions"]]
    shown = numbers(text)
    for series in chart["series"]:
        for place, number in zip(places, series["data"], strict=True):
            assert shown.get(f"/lines?jurisdiction={place}&light={series['light']}", 0) == number


def test_a_zone_sees_no_other_zone(as_user: AsUser) -> None:
    browser = as_user("hefei.admin")
    text = browser.get("/overview").text
    assert "合肥片区" in text
    assert "芜湖" not in text
    assert "wuhu" not in text


def test_htmx_renews_the_changing_part_only(as_user: AsUser) -> None:
    browser = as_user("hefei.admin")
    part = browser.get("/overview", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert 'class="matrix"' in part


def test_the_rules_of_the_lights_are_told_to_anybody(browser: Browser) -> None:
    page = browser.get("/how-lights-work")
    assert page.status_code == 200
    assert "亮灯按下表次序判定" in page.text
