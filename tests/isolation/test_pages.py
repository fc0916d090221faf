"""The pages of the portal keep to the same rights: its own routes × people × things of every owner."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from uuid import uuid4

import pytest
from starlette.routing import Route

from deploy.local.system import System
from gateway.portal.tests.support import Browser, here
from portal.app import ROUTERS
from tests.isolation.seen import SEEN_BY
from tests.isolation.things import Things, nothing
from tests.support import Json, done, entries, until

PEOPLE = ("province.admin", "hefei.admin", "wuhu.admin", "bengbu.admin", "dept.swt", "dept.hfhg", "auditor.demo")
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, Route)]
PAGES = sorted({route.path for route in ROUTES if "GET" in (route.methods or ())})
OF_A_THING = {
    path: kind
    for path in PAGES
    for parameter, kind in (
        ("{line_id}", "line"),
        ("{import_id}", "import"),
        ("{edition}", "edition"),
        ("{announcement_id}", "announcement"),
        ("{bulletin_id}", "bulletin"),
        ("{handover_id}", "handover"),
        ("{meeting_id}", "meeting"),
        ("{decision_id}", "decision"),
        ("{value_id}", "value"),
        ("{period_id}", "period"),
        ("{filing_id}", "filing"),
        ("/announcements/{announcement_id}/offices", "reach"),
        ("/periods/{period_id}/sheets/{sheet_id}", "sheet"),
        *(("{line_id}", "line"), ("{import_id}", "import"), ("{edition}", "edition")),
        *(("{order_id}", "order"), ("{problem_id}", "problem")),
        ("{case_id}", "case"),
        ("{robot_id}", "robot"),
        ("{person_id}", "person"),
    )
    if parameter in path
} | {"/periods/{period_id}/sheet": "fillable", "/deliveries/{delivery_id}": "delivery"}
PUBLIC_PAGES = (
    "/public/cases",
    "/public/cases/{published_id}",
    "/public/cases/{published_id}/attachments/{file_id}",
)
FOR_EVERYBODY = (
    *("/", "/login", "/login/callback", "/about", "/how-lights-work"),
    *("/language/{code}", "/appearance/{choice}", "/calendar.ics"),
    *PUBLIC_PAGES,
)
PASSING = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w-]{43}")


@pytest.fixture(scope="module")
def browsers(system: System) -> Iterator[Mapping[str, Browser]]:
    with ExitStack() as stack:
        opened = {person: stack.enter_context(Browser(system)) for person in PEOPLE}
        for person, browser in opened.items():
            assert here(browser.log_in(person, "/about")) == "/about"
        yield opened


def _shown(browser: Browser, path: str) -> tuple[int, str]:
    """Status and text of a page, without its own address and what differs each time: traces and keys."""
    page = browser.get(path)
    return page.status_code, PASSING.sub("", page.text.replace(path, ""))


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("path", OF_A_THING)
def test_a_page_of_a_foreign_thing_is_the_page_of_nothing(
    browsers: Mapping[str, Browser], things: Things, path: str, person: str
) -> None:
    of_nothing = _shown(browsers[person], path.format_map(nothing()))
    assert of_nothing[0] in (403, 404)
    for owner, thing in things.named[OF_A_THING[path]].items():
        shown = _shown(browsers[person], path.format_map(thing))
        if person in SEEN_BY[OF_A_THING[path]][owner]:
            assert shown[0] == 200, owner
        else:
            assert shown == of_nothing, owner


@pytest.mark.parametrize("path", PAGES)
def test_without_a_login_there_is_only_the_login(system: System, things: Things, path: str) -> None:
    with Browser(system) as browser:
        names = [nothing(), *(thing for owned in things.named.values() for thing in owned.values())]
        for name in names if path in OF_A_THING else names[:1]:
            answer = browser.get(path.format_map(nothing(**name)), follow_redirects=False)
            assert answer.status_code < 500
            if path not in FOR_EVERYBODY:
                assert answer.status_code in (401, 303)
                assert answer.headers.get("location", "/login").startswith("/login")


def test_without_a_login_there_are_the_files_of_published_cases_alone(system: System, things: Things) -> None:
    with Browser(system) as browser:
        for owner, thing in things.named["published case"].items():
            found = [browser.get(path.format_map(thing)).status_code for path in PUBLIC_PAGES[1:]]
            assert found == [200 if owner == "published" else 404] * 2


@pytest.mark.parametrize("person", ["wuhu.admin", "dept.hfhg"])
def test_no_page_tells_what_hefei_reports(
    system: System, browsers: Mapping[str, Browser], owned: Mapping[str, Json], things: Things, person: str
) -> None:
    hefei, mark = owned["hefei"]["id"], uuid4().hex
    done(system, "hefei.admin", hefei, "reports", percent=44, done=mark, problems=mark)
    done(system, "province.admin", hefei, "latest/return", reason=mark)
    until(lambda: any(mark in entry["body"] for entry in entries(system, "hefei.admin", hefei)))
    assert mark in browsers["hefei.admin"].get(f"/lines/{hefei}").text
    plain = [page for page in PAGES if "{" not in page and page != "/live"]
    sought = (f"/lines?q={mark[:-1]}", f"/search?q={mark[:-1]}")
    for path in (*plain, *sought, "/lines?jurisdiction=hefei", "/lines?unit=hfs"):
        text = browsers[person].get(path).text
        assert hefei not in text, path
        assert mark not in text, path
