"""Several lines at once: each is confirmed by itself, or the page says why not."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser, csrf, fields, here
from tests.support import Json, done, line, lines

VALUE = re.compile(r'name="line" value="([^"]+)"')


@pytest.fixture
def fresh(system: System) -> list[Json]:
    """Three lines of Wuhu to which nothing was done yet."""
    found = [each for each in lines(system, "province.admin", jurisdiction="wuhu") if each["version"] == 1]
    assert len(found) >= 3
    return found[-3:]


def reported(system: System, each: Json, percent: int) -> None:
    done(system, "wuhu.admin", each["id"], "reports", percent=percent, done="已完成", problems="", next_steps="")


def boxes(browser: Browser, lines: list[Json]) -> tuple[dict[str, str], list[str]]:
    """The list's own fields, and the values of the boxes of these lines."""
    found: dict[str, str] = {}
    for task in dict.fromkeys(each["task"]["code"] for each in lines):
        page = browser.get("/lines", params={"jurisdiction": "wuhu", "task": task})
        found |= {value.partition(":")[0]: value for value in VALUE.findall(page.text)}
    form = re.findall(r'<form method="post" action="/lines/_chosen">(.*?)</form>', page.text, re.DOTALL)[0]
    hidden = {name: value for name, value in fields(form).items() if name in ("_csrf", "_key", "back")}
    return hidden, [found[each["id"]] for each in lines]


def test_reports_are_confirmed_each_by_itself(system: System, as_user: AsUser, fresh: list[Json]) -> None:
    province, (first, second, third) = as_user("province.admin"), fresh
    reported(system, first, 40)
    reported(system, second, 50)
    hidden, chosen = boxes(province, fresh)
    reported(system, second, 55)
    given = {**hidden, "do": "confirm", "line": chosen}
    page = province.post("/lines/_chosen", data=given).text
    assert "已确认 1 项，未确认 2 项。" in page
    assert "没有待确认的填报" in page and "内容已被他人修改" in page
    stands = [line(system, each["id"])["latest_report"] for each in (first, second)]
    assert [each["status"] for each in stands] == ["confirmed", "submitted"]
    assert line(system, third["id"])["version"] == 1
    again = province.post("/lines/_chosen", data=given).text
    assert "已确认 1 项，未确认 2 项。" in again
    assert line(system, first["id"])["latest_report"]["id"] == stands[0]["id"]
    assert 'href="/lines?' in page


def test_an_order_is_registered_on_those_chosen(as_user: AsUser, fresh: list[Json]) -> None:
    province = as_user("province.admin")
    hidden, chosen = boxes(province, fresh[:2])
    form = province.post("/lines/_chosen", data={**hidden, "do": "order", "line": chosen})
    assert here(form) == f"/orders/_new?line={fresh[0]['id']}&line={fresh[1]['id']}"
    assert re.findall(r'name="lines" value="([^"]+)"', form.text) == [each["id"] for each in fresh[:2]]
    assert 'value="zone:wuhu" selected' in form.text


def test_those_chosen_are_taken_away(as_user: AsUser, fresh: list[Json]) -> None:
    wuhu = as_user("wuhu.admin")
    hidden, chosen = boxes(wuhu, fresh)
    file = wuhu.post("/lines/_chosen", data={**hidden, "do": "export", "line": chosen})
    titles, *rows = load_workbook(BytesIO(file.content)).worksheets[0].iter_rows(values_only=True)
    assert [row[titles.index("事项")] for row in rows] == [each["task"]["title"] for each in fresh]


@pytest.mark.parametrize(
    ("user", "given", "status"),
    [
        ("province.admin", {"do": "confirm"}, 422),
        ("province.admin", {"do": "export", "line": [f"{n}:1:" for n in range(101)]}, 422),
        ("province.admin", {"do": "export", "line": "nothing:1:"}, 404),
        ("province.admin", {"do": "remove", "line": "0193a1b2-7c00-7000-8000-000000000001:1:"}, 404),
        ("province.admin", {"do": "export", "line": "0193a1b2-7c00-7000-8000-000000000001:1:"}, 404),
        ("wuhu.admin", {"do": "confirm", "line": "0193a1b2-7c00-7000-8000-000000000001:1:"}, 403),
    ],
)
def test_what_cannot_be_meant_is_refused(as_user: AsUser, user: str, given: dict[str, str], status: int) -> None:
    browser = as_user(user)
    token = csrf(browser.get("/lines?as=table"))
    assert browser.post("/lines/_chosen", data={"_csrf": token, "_key": "k", **given}).status_code == status
