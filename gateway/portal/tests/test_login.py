"""Logging in and out, end to end through the gateway and Keycloak's own forms."""

from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import NewBrowser
from gateway.portal.tests.support import Browser, csrf, here
from portal.session.rules import key_of, new_secret


def test_a_page_asks_to_log_in_and_comes_back(browser: Browser) -> None:
    page = browser.get("/inbox?unread=true")
    assert "/auth/realms/zoneportal/" in str(page.url)
    shown = browser.fill_in(page, "hefei.admin")
    assert shown.status_code == 200
    assert here(shown) == "/inbox?unread=true"
    assert "收件箱" in shown.text


def test_pkce_state_and_nonce_go_along(browser: Browser) -> None:
    sent = browser.get("/login", follow_redirects=False)
    query = parse_qs(urlsplit(sent.headers["location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert all(len(query[name][0]) >= 43 for name in ("code_challenge", "state", "nonce"))
    assert query["response_type"] == ["code"]


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(browser: Browser) -> None:
    login = browser.log_in("hefei.admin")
    (cookie,) = [
        value
        for step in login.history
        for value in step.headers.get_list("set-cookie")
        if value.startswith("session=") and "Max-Age=0" not in value
    ]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert len(browser.secret()) >= 43


async def test_only_a_hash_of_the_cookie_is_stored_and_no_token_is_shown(
    browser: Browser, server: asyncpg.Connection
) -> None:
    page = browser.log_in("hefei.admin")
    row = await server.fetchrow("SELECT * FROM session WHERE key = $1", key_of(browser.secret()))
    assert row is not None
    assert browser.secret() not in str(dict(row))
    for name in ("access_token", "refresh_token", "id_token"):
        assert row[name] not in page.text
        assert row[name] not in str(browser.cookies)


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example/x", "/\\evil.example", "evil", "/login"])
def test_nobody_is_sent_elsewhere(browser: Browser, target: str) -> None:
    assert here(browser.log_in("hefei.admin", target)) == "/"
    again = browser.get("/login", params={"next": target}, follow_redirects=False)
    assert again.headers["location"] == "/"
    switched = browser.get("/language/zh", params={"next": target}, follow_redirects=False)
    assert switched.headers["location"] == "/"


def test_a_login_that_another_browser_began_is_refused(browser: Browser, new_browser: NewBrowser) -> None:
    sent = browser.get("/login", follow_redirects=False)
    state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
    victim = new_browser()
    refused = victim.get("/login/callback", params={"code": "x", "state": state})
    assert refused.status_code == 400
    assert "重新登录" in refused.text
    assert "session" not in victim.cookies


def test_an_answer_counts_once(browser: Browser) -> None:
    login = browser.log_in("hefei.admin")
    callback = next(step.url for step in login.history if step.url.path == "/login/callback")
    assert browser.get(callback).status_code == 400


@pytest.mark.parametrize(
    "params", [{}, {"state": "x"}, {"error": "access_denied", "state": "x"}, {"code": "x", "state": "x"}]
)
def test_an_answer_that_makes_no_sense_is_explained(browser: Browser, params: dict[str, str]) -> None:
    answer = browser.get("/login/callback", params=params)
    assert answer.status_code == 400
    assert "/login" in answer.text


async def test_logging_out_ends_keycloaks_session_too(browser: Browser, server: asyncpg.Connection) -> None:
    page = browser.log_in("hefei.admin")
    key = key_of(browser.secret())
    out = browser.submit(page, "/logout")
    assert here(out) == "/"
    assert "/login" in out.text
    assert await server.fetchval("SELECT count(*) FROM session WHERE key = $1", key) == 0
    again = browser.get("/inbox")
    assert "/login-actions/authenticate" in again.text, "Keycloak asks for the password again"


def test_each_user_sees_who_is_logged_in(new_browser: NewBrowser, system: System) -> None:
    for user in ("province.admin", "dept.swt", "operator.demo", "auditor.demo"):
        page = new_browser().log_in(user)
        assert page.status_code == 200, user
        with system.client() as client:
            assert client.get("/api/notify/v1/inbox").status_code == 401
        assert "我的工作台" in page.text
        assert ('href="/inbox"' in page.text) is (user in ("province.admin", "dept.swt"))


async def test_nobody_but_keycloak_ends_the_session_of_another(
    browser: Browser, server: asyncpg.Connection, system: System
) -> None:
    browser.log_in("hefei.admin")
    id_token = await server.fetchval("SELECT id_token FROM session WHERE key = $1", key_of(browser.secret()))
    assert browser.post("/login/ended", data={"logout_token": id_token}).status_code == 404
    inside = f"{system.endpoints['components']['portal']}/login/ended"
    for token in (id_token, system.token("hefei.admin"), f"{id_token[:-8]}AAAAAAAA", "x", ""):
        assert browser.post(inside, data={"logout_token": token}).status_code == 400
    assert browser.get("/inbox", follow_redirects=False).status_code == 200


DOMAIN = "127.0.0.1"


def test_a_session_is_not_one_that_somebody_chose_before(browser: Browser, new_browser: NewBrowser) -> None:
    chosen, intruder = new_secret(), new_browser()
    for name in ("session", "login"):
        browser.cookies.set(name, chosen, domain=DOMAIN)
    browser.log_in("hefei.admin")
    assert browser.secret() != chosen
    intruder.cookies.set("session", chosen)
    assert intruder.get("/inbox", follow_redirects=False).status_code == 303


def test_a_stolen_cookie_is_worth_nothing_after_the_logout(browser: Browser, new_browser: NewBrowser) -> None:
    page, thief = browser.log_in("hefei.admin"), new_browser()
    thief.cookies.set("session", browser.secret())
    assert thief.get("/inbox", follow_redirects=False).status_code == 200
    browser.submit(page, "/logout")
    assert thief.get("/inbox", follow_redirects=False).status_code == 303
    assert thief.post("/logout", data={"_csrf": csrf(page)}).status_code == 401
