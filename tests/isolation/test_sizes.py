"""Fifty megabytes at each kind of door: refused with a reason before anybody has kept them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.local.system import System
from gateway.portal.tests.support import Browser, csrf
from tests.isolation.raw import pushed
from tests.support import CATALOG, NOTIFY, PROGRESS

MEGABYTE = 2**20
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
TOKEN = "/auth/realms/zoneportal/protocol/openid-connect/token"
DOORS = {
    "json": ("progress-api", f"{PROGRESS}/orders", JSON),
    "a sheet": ("catalog-api", f"{CATALOG}/imports", MULTIPART),
    "another service": ("notify-api", f"{NOTIFY}/announcements", JSON),
    "a form": ("portal", "/orders/_new", FORM),
    "a form with a file": ("portal", "/imports", MULTIPART),
    "the login": ("gateway", TOKEN, FORM),
}


def _peak(system: System, component: str) -> int:
    """The most memory that it ever had, in bytes."""
    told = Path(f"/proc/{system.components[component]['pid']}/status").read_text()
    return 1024 * int(told.partition("VmHWM:")[2].split()[0])


@pytest.mark.parametrize(
    ("door", "length"),
    [*((door, "told") for door in DOORS), *((door, "chunked") for door in ("json", "a form", "the login"))],
)
def test_what_is_much_too_large_is_refused_and_not_kept(
    system: System, browsers: Mapping[str, Browser], door: str, length: str
) -> None:
    component, path, kind = DOORS[door]
    browser = browsers["province.admin"]
    who = [f"Authorization: Bearer {system.token('province.admin')}"]
    if component == "portal":
        who = [f"Cookie: session={browser.secret()}", f"X-CSRF-Token: {csrf(browser.get('/about'))}"]
    before = _peak(system, component), _peak(system, "gateway")
    head = (f"POST {path} HTTP/1.1", f"Content-Type: {kind}", *who)
    assert pushed(system, head, 50 * MEGABYTE, chunked=length == "chunked") == 413
    after = _peak(system, component), _peak(system, "gateway")
    assert after[0] - before[0] < 25 * MEGABYTE
    assert after[1] - before[1] < 25 * MEGABYTE


def test_whom_nobody_knows_sends_nothing_at_all(system: System) -> None:
    head = (f"POST {PROGRESS}/orders HTTP/1.1", f"Content-Type: {JSON}")
    assert pushed(system, head, 50 * MEGABYTE) == 401
