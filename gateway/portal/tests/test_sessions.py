"""What keeps a session alive, and what ends it."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest

from chassis import clock
from deploy.local.system import System
from gateway.portal.tests.conftest import CountingOidc
from gateway.portal.tests.support import Browser, here, until
from portal.session import rules
from portal.session.keeper import Sessions
from portal.session.rules import Tokens, WebSession, key_of
from portal.settings import PortalSettings

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def session(*, begun: timedelta, seen: timedelta, access_until: datetime = NOW + timedelta(minutes=5)) -> WebSession:
    return WebSession(b"", "", Tokens("", access_until, "", ""), NOW - begun, NOW - seen)


@pytest.mark.parametrize(
    ("begun", "seen", "alive"),
    [
        (MINUTE, MINUTE, True),
        (timedelta(hours=9), 29 * MINUTE, True),
        (timedelta(hours=9), 30 * MINUTE, False),
        (timedelta(hours=10), MINUTE, False),
    ],
)
def test_a_session_ends_when_idle_and_after_its_longest_time(begun: timedelta, seen: timedelta, alive: bool) -> None:
    assert session(begun=begun, seen=seen).alive(NOW) is alive


def test_a_token_is_renewed_shortly_before_it_ends() -> None:
    tokens = session(begun=MINUTE, seen=MINUTE).tokens
    assert not tokens.due(NOW)
    assert tokens.due(tokens.access_until - timedelta(seconds=30))
    assert tokens.usable(tokens.access_until - timedelta(seconds=1))
    assert not tokens.usable(tokens.access_until)


def test_secrets_are_long_and_different() -> None:
    assert len({rules.new_secret() for _ in range(100)}) == 100
    assert len(key_of(rules.new_secret())) == 32


async def end_access_token(server: asyncpg.Connection, browser: Browser) -> None:
    await server.execute(
        "UPDATE session SET access_until = now() + interval '5 seconds' WHERE key = $1", key_of(browser.secret())
    )


async def test_the_token_is_renewed_once_for_concurrent_requests(
    browser: Browser, server: asyncpg.Connection, sessions: Sessions, oidc: CountingOidc
) -> None:
    browser.log_in("hefei.admin")
    await end_access_token(server, browser)
    found = await asyncio.gather(*(sessions.find(browser.secret()) for _ in range(8)))
    assert oidc.renewals == 1
    assert len({session.tokens.access for session in found if session}) == 1
    assert all(session and not session.tokens.due(clock.now()) for session in found)


async def test_a_page_is_shown_with_a_renewed_token(browser: Browser, server: asyncpg.Connection) -> None:
    browser.log_in("hefei.admin")
    before = await server.fetchval("SELECT access_token FROM session WHERE key = $1", key_of(browser.secret()))
    await end_access_token(server, browser)
    assert browser.get("/inbox").status_code == 200
    after = await server.fetchval("SELECT access_token FROM session WHERE key = $1", key_of(browser.secret()))
    assert after != before


async def test_the_session_ends_with_keycloaks(
    browser: Browser, server: asyncpg.Connection, settings: PortalSettings
) -> None:
    browser.log_in("hefei.admin")
    key = key_of(browser.secret())
    refresh = await server.fetchval("SELECT refresh_token FROM session WHERE key = $1", key)
    form = {
        "client_id": settings.oidc_client_id,
        "client_secret": settings.oidc_client_secret,
        "refresh_token": refresh,
    }
    async with httpx.AsyncClient(trust_env=False) as client:
        ended = await client.post(f"{settings.issuer}/protocol/openid-connect/logout", data=form)
    assert ended.status_code == 204
    await end_access_token(server, browser)
    assert "/login-actions/authenticate" in browser.get("/inbox").text
    assert await server.fetchval("SELECT count(*) FROM session WHERE key = $1", key) == 0


@pytest.mark.parametrize("column", ["seen_at", "begun_at"])
async def test_a_session_whose_time_is_over_is_refused_and_removed(
    browser: Browser, server: asyncpg.Connection, sessions: Sessions, column: str
) -> None:
    browser.log_in("hefei.admin")
    key = key_of(browser.secret())
    await server.execute(f"UPDATE session SET {column} = now() - interval '10 hours' WHERE key = $1", key)
    assert browser.get("/inbox", follow_redirects=False).headers["location"].startswith("/login")
    await sessions.remove_ended()
    assert await server.fetchval("SELECT count(*) FROM session WHERE key = $1", key) == 0


async def test_a_deleted_session_is_gone_at_once(browser: Browser, server: asyncpg.Connection) -> None:
    browser.log_in("hefei.admin")
    await server.execute("DELETE FROM session WHERE key = $1", key_of(browser.secret()))
    answer = browser.get("/inbox", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Finbox"


async def test_what_a_page_asks_for_by_itself_keeps_no_session_alive(
    browser: Browser, server: asyncpg.Connection
) -> None:
    browser.log_in("hefei.admin")
    key = key_of(browser.secret())
    await server.execute("UPDATE session SET seen_at = now() - interval '10 minutes' WHERE key = $1", key)
    before = await server.fetchval("SELECT seen_at FROM session WHERE key = $1", key)
    assert browser.get("/inbox/bell", headers={"Zp-Background": "1"}).status_code == 200
    assert await server.fetchval("SELECT seen_at FROM session WHERE key = $1", key) == before
    assert browser.get("/alive").status_code == 204
    assert await server.fetchval("SELECT seen_at FROM session WHERE key = $1", key) > before


def test_a_page_that_asks_by_itself_is_not_taken_away(browser: Browser) -> None:
    answer = browser.get("/inbox/bell", headers={"HX-Request": "true", "Zp-Background": "1"})
    assert answer.status_code == 401
    assert "hx-redirect" not in answer.headers


def test_an_invented_cookie_is_nobody(browser: Browser) -> None:
    browser.cookies.set("session", rules.new_secret())
    assert browser.get("/inbox", follow_redirects=False).status_code == 303
    assert here(browser.get("/")) == "/"


def test_a_killed_portal_loses_no_session(browser: Browser, system: System) -> None:
    browser.log_in("hefei.admin")
    restarts = system.components["portal"]["restarts"]
    system.kill("portal")
    system.wait_restarted("portal", restarts)
    answer = until(lambda: _served(browser.get("/inbox", follow_redirects=False)))
    assert answer.status_code == 200


def _served(answer: httpx.Response) -> httpx.Response | None:
    """None while the gateway has not noticed yet that the portal is back."""
    return None if answer.status_code == 503 else answer
