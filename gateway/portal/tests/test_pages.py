"""The pages themselves: languages, the desk, the inbox, failures."""

import re
from uuid import uuid4

import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import Tell
from gateway.portal.tests.support import Browser, here, until


def test_anybody_sees_a_front_page_with_a_login(browser: Browser) -> None:
    page = browser.get("/")
    assert page.status_code == 200
    assert 'href="/login"' in page.text
    assert "/logout" not in page.text


def test_the_switch_changes_the_language_and_comes_back(browser: Browser) -> None:
    chinese = browser.get("/about")
    assert '<html lang="zh-CN"' in chinese.text
    english = browser.get("/language/en", params={"next": "/about"})
    assert here(english) == "/about"
    assert '<html lang="en"' in english.text
    assert "The lights" in english.text
    assert '<html lang="zh-CN"' in browser.get("/language/zh", params={"next": "/about"}).text


def test_pages_are_as_dark_as_the_system_until_one_chooses(browser: Browser) -> None:
    assert 'data-bs-theme="auto">' in browser.get("/about").text
    dark = browser.get("/appearance/dark", params={"next": "/about"})
    assert here(dark) == "/about"
    assert 'data-bs-theme="dark">' in dark.text
    assert 'name="color-scheme" content="dark"' in browser.get("/nothing").text
    assert 'data-bs-theme="auto">' in browser.get("/appearance/auto").text


def test_an_appearance_that_there_is_not_is_the_usual_one(browser: Browser) -> None:
    assert browser.get("/appearance/pink").status_code == 422
    browser.cookies.set("appearance", 'pink"')
    assert 'data-bs-theme="auto">' in browser.get("/about").text


def test_failures_speak_both_languages(browser: Browser) -> None:
    browser.log_in("hefei.admin")
    assert "所请求的内容不存在" in browser.get("/nothing").text
    browser.get("/language/en")
    assert "There is nothing here" in browser.get("/nothing").text


def test_a_failed_part_of_a_page_is_no_whole_page(browser: Browser) -> None:
    browser.log_in("hefei.admin")
    answer = browser.get(f"/inbox/list?cursor={uuid4().hex}", headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert 'role="alert"' in answer.text


def test_htmx_is_led_to_the_login_with_its_whole_page(browser: Browser) -> None:
    current = f"{browser.base_url}/inbox?unread=true"
    answer = browser.get("/inbox/list", headers={"HX-Request": "true", "HX-Current-URL": current})
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/login?next=%2Finbox%3Funread%3Dtrue"


@pytest.mark.parametrize("user", ["province.admin", "hefei.admin", "dept.swt", "auditor.demo"])
def test_the_desk_shows_its_figures(browser: Browser, system: System, user: str) -> None:
    page = browser.log_in(user)
    with system.client(user) as client:
        totals = client.get("/api/progress/v1/overview").json()["totals"]
    figures = re.findall(r'<span class="figure[^"]*">([^<]+)</span>', page.text)
    assert [figures[0].replace(",", ""), figures[1].replace(",", "")] == [str(totals["lines"]), str(totals["overdue"])]


def test_the_desk_is_kind_to_those_without_lines(browser: Browser) -> None:
    page = browser.log_in("operator.demo")
    assert "您的角色不涉及推进事项" in page.text
    assert 'href="/lines"' not in page.text


def test_a_role_without_an_inbox_gets_a_page_that_says_so(browser: Browser) -> None:
    browser.log_in("operator.demo")
    answer = browser.get("/inbox")
    assert answer.status_code == 404
    assert "或者您无权查看" in answer.text
    assert browser.get("/live").status_code == 204


def test_an_entry_is_read(browser: Browser, tell_returned: Tell, title: str) -> None:
    browser.log_in("hefei.admin")
    tell_returned(title)
    page = until(lambda: page if title in (page := browser.get("/inbox?unread=true")).text else None)
    forms = page.text.split('<form method="post" action="/inbox/')
    (own,) = [form for form in forms[1:] if title in form and 'value="/inbox?unread=true"' in form]
    after = browser.submit(page, f"/inbox/{own.split('/reading')[0]}/reading", next="/inbox?unread=true")
    assert here(after) == "/inbox?unread=true"
    assert title not in after.text
    assert title in browser.get("/inbox").text


def test_all_that_was_shown_is_read(browser: Browser, tell_returned: Tell, title: str) -> None:
    browser.log_in("hefei.admin")
    tell_returned(title)
    page = until(lambda: page if title in (page := browser.get("/inbox")).text else None)
    tell_returned(f"{title}之后")
    until(lambda: True if f"{title}之后" in browser.get("/inbox").text else None)
    after = browser.submit(page, "/inbox/reading")
    assert "已全部标为已读" in after.text
    unread = browser.get("/inbox?unread=true").text
    assert f"{title}之后" in unread
    assert f"：{title}<" not in unread
    assert "已全部标为已读" not in browser.get("/inbox").text, "a notice is shown once"
