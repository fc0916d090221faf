"""The audit trail's pages."""

import re

import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from portal.trail.rules import said
from tests.support import CATALOG, PROGRESS, done, get, lines

ENTRIES = re.compile(r'id="entry-([0-9a-f-]{36})"')


@pytest.mark.parametrize("user", ["province.admin", "auditor.demo"])
def test_the_newest_entries_come_first(as_user: AsUser, system: System, user: str) -> None:
    browser = as_user(user)
    shown = ENTRIES.findall(browser.get("/trail").text)
    assert len(shown) == 30
    known = [entry["id"] for entry in get(system, user, f"{PROGRESS}/audit", limit=200)["items"]]
    places = [known.index(entry) for entry in shown]
    assert places == sorted(places)


@pytest.mark.parametrize("user", ["hefei.admin", "dept.swt", "operator.demo"])
def test_it_is_for_the_province_and_the_auditor(as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    assert 'href="/trail"' not in browser.get("/").text
    assert browser.get("/trail").status_code == 404


def test_one_thing_is_followed_from_before_to_after(as_user: AsUser, system: System) -> None:
    line = lines(system, "province.admin", jurisdiction="bengbu", state="not_started")[-1]
    done(system, "bengbu.admin", line["id"], "reports", percent=25, done="已启动", problems="", next_steps="")
    browser = as_user("auditor.demo")
    page = browser.get("/trail", params={"thing": line["id"]})
    text = re.sub(r"<[^>]+>|\s+|改为", "", page.text)
    assert "0%→25%" in text
    assert "未开始→推进中" in text
    assert f'href="/lines/{line["id"]}"' in page.text
    assert set(re.findall(r"<code>([^<]*)</code>", page.text)) == {line["id"]}


def test_the_catalogs_trail_is_beside_it(system: System, as_user: AsUser) -> None:
    browser = as_user("province.admin")
    published = get(system, "province.admin", f"{CATALOG}/editions", status="published")["items"][-1]
    page = browser.get("/trail", params={"of": "catalog", "thing": published["id"]})
    assert "发布目录版本" in page.text
    (edition, *_) = re.findall(r'href="(/editions/[^"]+)"', page.text)
    assert browser.get(edition).status_code == 200


def test_the_trail_of_integrators_is_beside_it(as_user: AsUser) -> None:
    page = as_user("auditor.demo").get("/trail", params={"of": "notify", "thing": "integrator-hefei"})
    assert all(text in page.text for text in ("登记对接系统", "授权片区", "安全管理员"))


def test_it_goes_on_page_by_page(as_user: AsUser) -> None:
    browser = as_user("auditor.demo")
    first = browser.get("/trail")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following
    second = browser.get(following[1].replace("&amp;", "&"))
    assert not set(ENTRIES.findall(first.text)) & set(ENTRIES.findall(second.text))


def test_a_thing_that_is_not_there_has_no_entries(as_user: AsUser) -> None:
    browser = as_user("auditor.demo")
    assert "没有记录" in browser.get("/trail", params={"thing": "<b>x</b>"}).text


@pytest.mark.parametrize(
    ("thing", "field", "value", "text"),
    [
        ("bulletin", "status", "draft", "草稿"),
        ("order", "state", "issued", "待签收"),
        ("line", "state", "confirmed", "已确认"),
        ("bulletin", "status", None, "无"),
    ],
)
def test_a_state_is_said_in_the_words_of_its_thing(thing: str, field: str, value: str | None, text: str) -> None:
    assert said(thing, field, value) == text
