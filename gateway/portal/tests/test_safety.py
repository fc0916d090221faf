"""What protects pages: security headers, the form's token, addresses that lead elsewhere."""

from typing import get_args
from urllib.parse import urlsplit

import pytest
from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st

from gateway.portal.tests.support import Browser, csrf, header
from portal.app import ROUTERS
from portal.web.security import own_path
from portal.web.visit import SAFE, UploadVisit, Visit


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/about", 200), ("/nothing", 404), ("/language/fr", 422), ("/login/callback", 400), ("/inbox", 303)],
)
def test_every_answer_is_protected(browser: Browser, path: str, status: int) -> None:
    answer = browser.get(path, follow_redirects=False)
    assert answer.status_code == status
    policy = header(answer, "content-security-policy")
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"


def test_pages_have_nothing_inline(browser: Browser) -> None:
    for page in (browser.log_in("province.admin"), browser.get("/inbox"), browser.get("/about")):
        assert " style=" not in page.text
        assert " onclick=" not in page.text
        assert "<style" not in page.text
        assert all("src=" in tag for tag in page.text.split("<script")[1:])


def test_assets_are_kept_by_browsers_for_as_long_as_they_are_the_same(browser: Browser) -> None:
    page = browser.get("/").text
    address = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in address
    answer = browser.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert browser.get(urlsplit(address).path).headers["cache-control"] == "no-cache"
    assert browser.get("/static/../app.py").status_code == 404


@pytest.mark.parametrize("token", [None, "", "x" * 43, "表"])
def test_a_form_without_its_token_changes_nothing(browser: Browser, token: str | None) -> None:
    browser.log_in("hefei.admin")
    given = {} if token is None else {"_csrf": token}
    answer = browser.post("/logout", data=given)
    assert answer.status_code == 403
    assert "表单已失效" in answer.text
    assert browser.get("/inbox", follow_redirects=False).status_code == 200


def test_the_token_may_come_as_a_header(browser: Browser) -> None:
    token = csrf(browser.log_in("hefei.admin"))
    answer = browser.post("/logout", headers={"X-CSRF-Token": token}, follow_redirects=False)
    assert answer.status_code == 303


def test_the_token_of_another_session_does_not_count(browser: Browser) -> None:
    first = csrf(browser.log_in("hefei.admin"))
    browser.cookies.delete("session")
    browser.log_in("hefei.admin")
    assert browser.post("/logout", data={"_csrf": first}).status_code == 403


def test_too_large_a_form_is_refused(browser: Browser) -> None:
    token = csrf(browser.log_in("hefei.admin"))
    answer = browser.post("/logout", data={"_csrf": token, "x": "x" * 9_000_000})
    assert answer.status_code == 413


SIGNED = "/login/ended"
"""What Keycloak sends there is no form: it is signed."""


def test_every_changing_page_demands_the_token() -> None:
    """By depending on ``Visit`` or ``UploadVisit``, which check it."""
    checking = {get_args(visit)[1].dependency for visit in (Visit, UploadVisit)}
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    changing = [route for route in routes if (route.methods or set()) - SAFE and route.path != SIGNED]
    assert changing
    for route in changing:
        assert checking & {used.call for used in route.dependant.dependencies}, route.path


@given(st.text(max_size=60) | st.text("/\\.:@?#%evilhttps \t\n", max_size=20))
def test_no_text_leads_elsewhere(target: str) -> None:
    path = own_path(target)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert urlsplit(path).netloc == ""
    assert own_path(path) == path


@pytest.mark.parametrize("path", ["/", "/lines?jurisdiction=hefei&unit=swt", "/inbox?unread=true", "/tasks/1#source"])
def test_paths_of_ours_are_kept(path: str) -> None:
    assert own_path(path) == path
