"""Saved views: what they hold, who sees them, and with which one the list opens."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest

from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser, csrf
from portal.views import rules


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("light=red&sort=-due", {"light": ["red"], "sort": ["-due"]}),
        ("plan=3&cursor=abc&foreign=1", {"plan": ["3"]}),
        ("columns=due&columns=units&columns=lost", {"columns": ["units", "due"]}),
        ("as=board&q=口岸", {"as": ["board"], "q": ["口岸"]}),
        ("sort=title&as=map", {"as": ["table"]}),
        ("", {"as": ["table"]}),
        ("state=lost", None),
        ("light=pink", None),
        ("mark=x", None),
        ("q=" + "长" * 101, None),
    ],
)
def test_a_view_holds_what_the_list_accepts(given: str, kept: dict[str, list[str]] | None) -> None:
    found = rules.query(given)
    assert (None if found is None else parse_qs(found)) == kept


@pytest.mark.parametrize(
    ("name", "found", "count", "accepted"),
    [
        ("逾期", "light=red", 49, True),
        ("逾期", "light=red", 50, False),
        ("", "light=red", 0, False),
        ("长" * 61, "light=red", 0, False),
        ("逾期", None, 0, False),
    ],
)
def test_a_view_is_named_and_one_of_few(name: str, found: str | None, count: int, accepted: bool) -> None:
    assert (not rules.unfit(name, found, count)) == accepted


def save(browser: Browser, name: str, **given: str) -> httpx.Response:
    """Opens the list of overdue lines and saves it."""
    page = browser.get("/lines", params={"light": "red", "sort": "due"})
    return browser.submit(page, "/lines/_views", name=name, **{"shared": ""} | given)


def act(browser: Browser, view: str, what: str, **given: Any) -> httpx.Response:
    """Does with a view of one's own what its page offers."""
    page = browser.get("/lines/_views")
    (row,) = [row for row in page.text.split('<li class="list-group-item view-row">')[1:] if f">{view}</a>" in row]
    found = re.search(r'action="(/lines/_views/[0-9a-f-]{36})"', row)
    assert found
    return browser.submit(page, found[1], act=what, **given)


def test_a_shared_view_is_seen_within_the_office_and_changed_by_its_owner_alone(as_user: AsUser) -> None:
    owner, colleague, other = as_user("swt.admin"), as_user("dept.swt"), as_user("hefei.admin")
    name, second = f"逾期{uuid4().hex[:6]}", f"近期{uuid4().hex[:6]}"
    saved = save(owner, name)
    assert urlsplit(str(saved.url)).query == "light=red&sort=due"
    assert (name in saved.text, name in colleague.get("/lines?as=table").text) == (True, False)
    act(owner, name, "share")
    assert name in colleague.get("/lines?as=table").text
    assert name not in other.get("/lines?as=table").text
    path = re.search(r'action="(/lines/_views/[0-9a-f-]{36})"', owner.get("/lines/_views").text)
    assert path and path[1] not in colleague.get("/lines/_views").text
    foreign = {"_csrf": re.findall(r'"X-CSRF-Token": "([^"]+)"', colleague.get("/about").text)[0], "name": "…"}
    for what in ("rename", "share", "withdraw", "standard", "remove"):
        assert colleague.post(path[1], data=foreign | {"act": what}).status_code == 404
    save(owner, second)
    taken = act(owner, name, "rename", name=second)
    assert (taken.status_code, "已有同名视图" in taken.text) == (422, True)
    act(owner, second, "remove")
    act(owner, name, "rename", name=second)
    assert second in colleague.get("/lines?as=table").text
    act(owner, second, "remove")
    assert second not in owner.get("/lines/_views").text + colleague.get("/lines?as=table").text


def test_an_administrator_clears_away_what_colleagues_share(as_user: AsUser) -> None:
    owner, admin, other = as_user("dept.swt"), as_user("swt.admin"), as_user("hefei.admin")
    name = f"逾期{uuid4().hex[:6]}"
    save(owner, name)
    path = re.findall(r'action="(/lines/_views/[0-9a-f-]{36})"', owner.get("/lines/_views").text)[-1]

    def asked(browser: Browser, what: str) -> int:
        return browser.post(path, data={"_csrf": csrf(browser.get("/about")), "act": what}).status_code

    assert asked(admin, "remove") == 404
    act(owner, name, "share")
    assert [asked(admin, "withdraw"), asked(other, "remove")] == [404, 404]
    shown = admin.get("/lines/_views")
    assert f'action="{path}"' in shown.text and "由 省商务厅联络员 共享" in shown.text
    assert asked(admin, "remove") == 200
    assert name not in owner.get("/lines/_views").text


def test_the_list_opens_with_the_view_that_is_chosen_for_that(as_user: AsUser) -> None:
    browser, name = as_user("dept.hfhg"), uuid4().hex
    save(browser, name)
    act(browser, name, "standard")
    assert urlsplit(str(browser.get("/lines").url)).query == "light=red&sort=due"
    assert urlsplit(str(browser.get("/lines?as=table").url)).query == "as=table"
    act(browser, name, "usual")
    assert urlsplit(str(browser.get("/lines").url)).query == ""
    act(browser, name, "remove")
