"""The pages of the portal keep to the same rights: its own routes × people × things of every owner."""

import re
from collections.abc import Mapping
from uuid import uuid4

import pytest

from deploy.local.system import System
from gateway.portal.tests.support import Browser
from tests.isolation.manual import GUEST, MAP, PAGES
from tests.isolation.seen import SEEN_BY
from tests.isolation.shown import Shown
from tests.isolation.things import Things, nothing
from tests.support import Json, done, entries, until

PEOPLE = ("province.admin", "hefei.admin", "wuhu.admin", "bengbu.admin", "dept.swt", "dept.hfhg", "auditor.demo")
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
} | {
    "/periods/{period_id}/sheet": "fillable",
    "/periods/{period_id}/sheets": "fillable",
    "/cases/{case_id}/edit": "written",
    "/deliveries/{delivery_id}": "delivery",
}
OF_A_PUBLISHED_CASE = ("/public/cases/{published_id}", "/public/cases/{published_id}/attachments/{file_id}")
FOR_EVERYBODY = (
    *("/login", "/login/callback", "/language/{code}", "/appearance/{choice}", "/calendar.ics"),
    "/public/cases/_excel",
    *(page.path for page in MAP if GUEST in page.seen_by),
    *OF_A_PUBLISHED_CASE,
)
PASSING = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w-]{43}")


def _steady(shown: Shown, person: str, path: str) -> tuple[int, str]:
    """Status and text of a page, without its own address and what differs each time: traces and keys."""
    page = shown.answer(person, path)
    return page.status_code, PASSING.sub("", page.text.replace(path, ""))


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("path", OF_A_THING)
def test_a_page_of_a_foreign_thing_is_the_page_of_nothing(shown: Shown, things: Things, path: str, person: str) -> None:
    of_nothing = _steady(shown, person, path.format_map(nothing()))
    assert of_nothing[0] == 404
    for owner, thing in things.named[OF_A_THING[path]].items():
        found = _steady(shown, person, path.format_map(thing))
        if person in SEEN_BY[OF_A_THING[path]][owner]:
            assert found[0] == 200, owner
        else:
            assert found == of_nothing, owner


@pytest.mark.parametrize("path", PAGES)
def test_without_a_login_there_is_only_the_login(system: System, things: Things, path: str) -> None:
    with Browser(system) as browser:
        named = things.named[OF_A_THING[path]].values() if path in OF_A_THING else ()
        for name in (nothing(), *named):
            answer = browser.get(path.format_map(nothing(**name)), follow_redirects=False)
            assert answer.status_code < 500
            if path not in FOR_EVERYBODY:
                assert answer.status_code in (401, 303)
                assert answer.headers.get("location", "/login").startswith("/login")


def test_no_page_is_kept_by_others(shown: Shown, things: Things) -> None:
    for path in (path for path in PAGES if "{" not in path and path != "/live"):
        shown.answer("province.admin", path)
    for (person, address), answer in shown.answers.items():
        kept = answer.headers["cache-control"]
        assert "no-store" in kept or kept.startswith("private"), (person, address)


def test_without_a_login_there_are_the_files_of_published_cases_alone(system: System, things: Things) -> None:
    with Browser(system) as browser:
        for owner, thing in things.named["published case"].items():
            found = [browser.get(path.format_map(thing)).status_code for path in OF_A_PUBLISHED_CASE]
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
