"""Live news: notify's stream, as the browser gets it from the portal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser, NewBrowser, Tell
from gateway.portal.tests.support import Browser, here
from tests.people import forget, keycloak


@contextmanager
def live(browser: Browser, last_event_id: str | None = None) -> Iterator[Iterator[dict[str, str]]]:
    """The events of ``/live`` as their fields; reading waits at most 20 s, 40 s in all."""
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    with browser.stream("GET", "/live", headers=headers, timeout=20) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        lines = answer.iter_lines()
        next(lines)
        yield _events(lines)


def _events(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    fields: dict[str, str] = {}
    last = time.monotonic() + 40
    for line in lines:
        assert time.monotonic() < last, "it did not come"
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
        elif "data" in fields:
            yield fields
            fields = {}


def test_news_comes_live(browser: Browser, tell_returned: Tell, title: str) -> None:
    browser.log_in("hefei.admin")
    with live(browser) as events:
        tell_returned(title)
        entry = next(event for event in events if title in event["data"])
    assert entry["event"] == "inbox"
    with live(browser, str(int(entry["id"]) - 1)) as events:
        assert title in next(events)["data"], "who comes again gets what was missed"


def test_news_of_other_zones_does_not_come(new_browser: NewBrowser, tell_returned: Tell, title: str) -> None:
    hefei, wuhu = new_browser(), new_browser()
    hefei.log_in("hefei.admin")
    wuhu.log_in("wuhu.admin")
    with live(wuhu) as others, live(hefei) as own:
        tell_returned(title)
        assert any(title in event["data"] for event in own)
        wuhu.submit(wuhu.get("/"), "/logout")
        assert not any(title in event["data"] for event in others)


def test_the_stream_ends_with_the_session(browser: Browser, tell_returned: Tell, title: str) -> None:
    page = browser.log_in("hefei.admin")
    with live(browser) as events:
        tell_returned(title)
        assert any(title in event["data"] for event in events)
        browser.submit(page, "/logout")
        tell_returned(f"{title}之后")
        rest = list(events)
    assert rest[-1]["event"] == "ended"
    assert not any(f"{title}之后" in event["data"] for event in rest)


def test_everything_of_somebody_ends_when_he_is_blocked(system: System, as_user: AsUser, browser: Browser) -> None:
    hefei, admin, account = as_user("hefei.admin"), keycloak(system), f"live-{uuid4().hex[:10]}"
    given = {"name": "李四", "username": account, "email": f"{account}@example.cn", "roles": "city"}
    person = hefei.submit(hefei.get("/people/_new"), "/_new", **given)
    id_ = str(admin.get_user_id(account))
    admin.set_user_password(id_, system.password, temporary=False)
    admin.update_user(id_, admin.get_user(id_) | {"requiredActions": []})
    try:
        assert here(browser.log_in(account, "/inbox")) == "/inbox"
        with live(browser) as events:
            hefei.submit(hefei.get(here(person)), f"{here(person)}/block", reason="调离")
            assert [event["event"] for event in events][-1] == "ended"
        assert browser.get("/inbox", follow_redirects=False).headers["location"] == "/login?next=%2Finbox"
    finally:
        forget(system, account)
