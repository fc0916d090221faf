"""The cockpit: its numbers are the overview's, each leads to what is behind it, and one part away leaves the others."""

import html
import re
from typing import Any

import httpx
import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser, NewPortal
from portal.cockpit import rules
from tests.support import PROGRESS, get

LINKS = re.compile(r'<a[^>]*href="(/lines\?[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
USERS = ["province.admin", "hefei.admin", "dept.swt", "auditor.demo"]


def numbers(part: str) -> dict[str, int]:
    """The numbers of a part of the page by the address that they lead to."""
    shown = (
        (html.unescape(href), re.search(r"\d+", re.sub(r"<[^>]+>", "", said))) for href, said in LINKS.findall(part)
    )
    return {href: int(number[0]) for href, number in shown if number}


@pytest.mark.parametrize("user", USERS)
def test_the_numbers_are_those_of_the_overview(as_user: AsUser, system: System, user: str) -> None:
    page = as_user(user).get("/cockpit")
    shown = numbers(page.text.split('class="matrix cockpit-table"')[1].split("</table>")[0])
    overview: dict[str, Any] = get(system, user, f"{PROGRESS}/overview")
    assert any(plan["cells"] for plan in overview["plans"])
    for cell in (cell for plan in overview["plans"] for cell in plan["cells"]):
        path = cell["href"].removeprefix(PROGRESS)
        assert shown.get(path, 0) == cell["lines"]
        assert {light: shown.get(f"{path}&light={light}", 0) for light in cell["by_light"]} == cell["by_light"]


@pytest.mark.parametrize("user", ["province.admin", "dept.swt"])
def test_the_map_leads_to_lists_of_that_length(as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    shown = numbers(browser.get("/cockpit").text.partition("cockpit-sketch")[2].partition("</section>")[0])
    assert shown
    for href, number in shown.items():
        assert f"共 {number} 项" in browser.get(href).text, href


def test_a_zone_sees_itself_alone(as_user: AsUser) -> None:
    text = as_user("hefei.admin").get("/cockpit").text
    assert "合肥片区" in text
    assert "芜湖" not in text.partition("cockpit-sketch")[2] and "wuhu" not in text


def test_who_has_no_part_in_the_lines_has_no_cockpit(as_user: AsUser) -> None:
    browser = as_user("operator.demo")
    assert 'href="/cockpit"' not in browser.get("/").text
    assert browser.get("/cockpit").status_code == 404


def test_htmx_renews_the_changing_part_only(as_user: AsUser) -> None:
    part = as_user("hefei.admin").get("/cockpit", headers={"HX-Request": "true"}).text
    assert "<html" not in part and 'id="part-matrix"' in part


@pytest.mark.parametrize(
    ("lost", "parts"),
    [
        ("/overview", ("matrix", "map")),
        ("/trends", ("trend",)),
        ("/lines", ("red", "yellow")),
        ("/overview/offices", ("offices",)),
        ("/indicators", ("indicators",)),
    ],
)
async def test_a_part_that_is_away_leaves_the_others(
    as_user: AsUser, system: System, new_portal: NewPortal, lost: str, parts: tuple[str, ...]
) -> None:
    async def cut(request: httpx.Request) -> None:
        if request.url.path == f"{PROGRESS}{lost}":
            raise httpx.ConnectError("cut off")

    async with new_portal(system.endpoints["gateway"], cut) as portal:
        portal.cookies.set("session", as_user("province.admin").cookies["session"])
        page = await portal.get("/cockpit")
    assert page.status_code == 200
    panels = re.findall(r'id="part-(\w+)"(.*?)</section>', page.text, re.DOTALL)
    assert len(panels) == 7
    assert {name for name, text in panels if "暂时不可用" in text} == set(parts)


def point(**lights: int) -> dict[str, Any]:
    by_light = dict.fromkeys(rules.STACK, 0) | lights
    return {"lines": sum(by_light.values()), "by_light": by_light}


def test_bars_stand_on_each_other_and_end_today() -> None:
    drawn = rules.trend([point(blue=1, red=1), point(blue=1, green=2, red=1)])
    assert drawn.most == 4
    assert [(rect.light, rect.y, rect.height) for rect in drawn.bars[-1].rects] == [
        ("blue", "75.00%", "25.00%"),
        ("green", "25.00%", "50.00%"),
        ("red", "0.00%", "25.00%"),
    ]
    assert drawn.bars[-1].x == "97.00%"
    assert rules.trend([]).bars == [] and rules.trend([point()]).most == 0


def test_indicators_that_miss_their_target_come_first() -> None:
    marks = ["reached", "no_target", "missed", "under_way", "no_value"]
    given = [{"status": "confirmed", "standing": {"mark": mark}} for mark in marks]
    draft = {"status": "draft", "standing": {"mark": "missed"}}
    assert [each["standing"]["mark"] for each in rules.standings([*given, draft])] == [
        "missed",
        "no_value",
        "under_way",
        "reached",
    ]


def test_offices_lead_to_their_lines_and_orders() -> None:
    zone = {"office": "zone:hefei", "office_name": "合肥片区", "lines": 2, "orders": 1, "filings": 3}
    (rank,) = rules.ranks([zone])
    assert rank.lines_href == "/lines?light=red&jurisdiction=hefei"
    assert rank.orders_href == "/orders?office=zone%3Ahefei&overdue=true"
