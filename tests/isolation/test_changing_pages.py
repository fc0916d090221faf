"""Pages that change something: for nobody without a session and its token, and for nobody of another office."""

from collections.abc import Mapping
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute

from deploy.local.system import System
from gateway.portal.tests.support import Browser, csrf
from gateway.portal.tests.test_safety import SIGNED
from portal.app import ROUTERS
from portal.web.visit import SAFE
from tests.isolation.manual import addresses
from tests.isolation.test_pages import PASSING
from tests.isolation.things import Things, nothing

FOREIGN = "bengbu.admin"
ACTS = {
    "people": "block",
    "robots": "pause",
    "webhooks": "pause",
    "dead-letters": "discarding",
    "zones": "closing",
    "integrators": "suspension",
}
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def _named(path: str) -> str:
    """With an act that the page knows, and things that there are."""
    found = path.replace("{act}", ACTS.get(path.split("/")[1], "")).replace("{way}", "up")
    return found.replace("{kind}/{thing_id}", "order/{order_id}")


CHANGING = sorted(_named(route.path) for route in ROUTES if (route.methods or set()) - SAFE and route.path != SIGNED)
OF_A_THING = [path for path in CHANGING if "_id}" in path or "{client}" in path or "{plan}" in path]
CODES = {"code": "hefei", "number": "1", "of": "progress", "service": "progress", "year": "2030"}


def test_without_a_session_and_its_own_token_nothing_is_changed(
    system: System, browsers: Mapping[str, Browser]
) -> None:
    forged = {"_csrf": csrf(browsers["hefei.admin"].get("/about"))}
    with Browser(system) as guest:
        for address in (path.format_map(nothing(**CODES)) for path in CHANGING):
            assert guest.post(address, data=forged, follow_redirects=False).status_code == 401, address
            known = browsers["province.admin"].post(address, data=forged, follow_redirects=False)
            assert known.status_code == 403, address


@pytest.mark.parametrize("path", OF_A_THING)
def test_the_things_of_others_are_nothing_to_who_sends_a_form(
    browsers: Mapping[str, Browser], things: Things, path: str
) -> None:
    browser = browsers[FOREIGN]
    form = {"_csrf": csrf(browser.get("/about")), "_version": "1", "_key": "k"}
    of_nothing = _sent(browser, path.format_map(nothing(**CODES)), form)
    assert of_nothing[0] in (403, 404, 422)
    for address in sorted({*addresses(path, things)} - {*addresses(path, things, FOREIGN)})[:2]:
        assert _sent(browser, address, form) == of_nothing, address


def _sent(browser: Browser, address: str, form: Mapping[str, str]) -> tuple[int, str]:
    answer = browser.post(address, data=form, follow_redirects=False)
    return answer.status_code, PASSING.sub("", answer.text.replace(address, "").replace(quote(address), ""))
