"""A service that is away takes its own pages with it; every other page says what it lacks, and shows the rest."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from deploy.local.components import Component, answers
from deploy.local.gateway import envoy
from deploy.local.ports import SERVICES
from deploy.local.system import System
from gateway.portal.tests.support import Browser, portal
from portal.web.words import SYSTEM_PARTS
from tests.isolation.manual import PAGES
from tests.isolation.seen import SEEN_BY
from tests.isolation.test_pages import OF_A_THING
from tests.isolation.things import CODES, Things
from tests.rolling.copies import Copies

PEOPLE = {
    "province.admin": None,
    "hefei.admin": "/api/catalog/v1/zones/hefei",
    "dept.swt": "/api/catalog/v1/units/swt",
    "auditor.demo": None,
    "security.demo": None,
    "operator.demo": None,
}
"""Each with where the frame of a page asks for the name of the person's office; its code stands for that."""
OF = {
    "catalog": (
        *("/tasks", "/plans", "/zones", "/units", "/editions", "/imports", "/manuscripts", "/people"),
        *("/second-factors", "/deputies"),
    ),
    "notify": (
        *("/inbox", "/notification-settings", "/announcements", "/integrators", "/webhooks", "/deliveries", "/robots"),
    ),
}
"""The pages that are nothing without the service, by the beginnings of their addresses; the others are progress's."""
CHOOSING = (
    *("/orders/_new", "/problems/_new", "/bulletins/_new", "/indicators/_new", "/indicators/{indicator}/edit"),
    *("/announcements/_new", "/integrators/_new", "/documents/breakdown"),
)
"""The forms that are whole or not shown, and a table: they need the catalog as well."""
OF_ALL = (
    *("/", "/about", "/cockpit", "/search", "/exports", "/exports/_list"),
    *("/interfaces", "/interfaces/events", "/interfaces/events/{name}"),
)
STANDING = {
    "choice": "auto",
    "number": "0",
    "kind": "order",
    "service": "progress",
    "of": "progress",
    "year": "2030",
}
NAMES = {
    "/interfaces/api/{service}/{name}": "lines_api_progress_v1_lines_get",
    "/interfaces/events/{name}": "zoneportal.progress.line.withdrawn.v1",
}
SKIPPED = ("/live", "/login", "/login/callback")
LEADING_ON = (
    *("/alive", "/appearance/{choice}", "/language/{code}", "/planning/calendar", "/cases/{case_id}/edit"),
    *("/assessments/{assessment_id}/edit", "/handovers/_person", "/inbox/earlier", "/inbox/thing", "/calendar.ics"),
    *("/attachments/of/{kind}/{thing_id}", "/exports/{export_id}/file"),
)
"""Those that show nothing of their own to these people, or nothing without a further question."""


@pytest.fixture(scope="module")
def sessions(system: System) -> Iterator[Mapping[str, str]]:
    with ExitStack() as stack:
        browsers = {person: stack.enter_context(Browser(system)) for person in PEOPLE}
        for person, browser in browsers.items():
            browser.log_in(person, "/about")
        yield {person: browser.secret() for person, browser in browsers.items()}


@asynccontextmanager
async def gateway_without(system: System, service: str) -> AsyncIterator[str]:
    """The address of a gateway beside the system's own; where it looks for the service nobody listens."""
    known = system.instance.ports
    other = {"gateway": known["portal_2"], "gateway_admin": known["progress_worker_2"]}
    copies, text = Copies(system, other), (system.run_dir / "gateway" / "envoy.yaml").read_text()
    for name, port in (*other.items(), (f"{service}_api", known[f"{service}_api_2"])):
        text = text.replace(f"port_value: {known[name]} ", f"port_value: {port} ")
    home = system.instance.folder(f"copies/without-{service}")
    (home / "envoy.yaml").write_text(text)
    component = Component(home.name, (), lambda _: envoy(home), ready=answers("gateway_admin", "/ready"))
    try:
        await copies.start(component)
        yield f"http://127.0.0.1:{other['gateway']}"
    finally:
        await copies.stop_all()


class Addresses:
    """Of the pages, with things that the person sees."""

    def __init__(self, things: Things, person: str) -> None:
        self._seen = {
            kind: thing
            for kind, owned in things.named.items()
            for owner, thing in reversed(owned.items())
            if person in SEEN_BY.get(kind, {}).get(owner, ())
        }
        self._all = {name: value for thing in self._seen.values() for name, value in thing.items()}

    def of(self, path: str) -> str | None:
        """None for a page of a thing of which the person sees none."""
        kind = OF_A_THING.get(path, "manuscript" if "{plan}" in path else "")
        code = next((code for known, code in CODES.items() if known in path), "zh")
        named = {"code": code, "thing_id": self._all.get("order_id", "")} | STANDING | self._all
        try:
            return path.format_map(named | {"name": NAMES.get(path, "")} | dict(self._seen.get(kind, {})))
        except KeyError:
            return None


@dataclass(frozen=True)
class Shown:
    """What a person is shown at the address of a page, and what of the service was asked for it."""

    path: str
    address: str
    answer: httpx.Response
    asked: frozenset[str]

    def fault(self, service: str) -> str:
        """What is wrong with it; empty when nothing is."""
        status, text = self.answer.status_code, self.answer.text
        if status not in (200, 502):
            return ""
        if self.asked and f"“{SYSTEM_PARTS[service][0]}”暂时不可用" not in text:
            return "does not say what it lacks"
        if status == 200:
            return ""
        if not belongs(self.path, service):
            return "is not shown"
        if "retry-after" not in self.answer.headers or 'action="/logout"' not in text or 'href="/"' not in text:
            return "has no menu, or does not say when to try again"
        return ""


def belongs(path: str, service: str) -> bool:
    """Whether a page is nothing without the service."""
    of = next((name for name, beginnings in OF.items() if path.startswith(beginnings)), "progress")
    if path in OF_ALL:
        return False
    return service == of or (service == "catalog" and path in CHOOSING)


@pytest.mark.parametrize("service", SERVICES)
async def test_without_a_service_each_page_shows_the_rest(
    system: System, things: Things, sessions: Mapping[str, str], service: str
) -> None:
    asked: set[str] = set()

    async def note(request: httpx.Request) -> None:
        if request.url.path.startswith(f"/api/{service}/"):
            asked.add(request.url.path)

    async def shown(path: str, person: str) -> Shown | None:
        if (address := addresses[person].of(path)) is None:
            return None
        asked.clear()
        pages.cookies.set("session", sessions[person])
        return Shown(path, address, await pages.get(address), frozenset(asked - {PEOPLE[person]}))

    addresses = {person: Addresses(things, person) for person in PEOPLE}
    async with gateway_without(system, service) as gateway, portal(system, gateway, note) as pages:
        found = [await shown("/", person) for person in PEOPLE]
        for path in PAGES:
            for person in PEOPLE if path not in SKIPPED else ():
                seen = await shown(path, person)
                found.append(seen)
                if seen and seen.answer.status_code in (200, 502):
                    break
    told = [(each.address, each.fault(service)) for each in found if each]
    assert [one for one in told if one[1]] == []
    opened = {each.path for each in found if each and each.answer.status_code in (200, 502)}
    assert {*PAGES} - opened <= {*SKIPPED, *LEADING_ON}
