"""The portal is as the users' manual maps it: the pages that there are, who is shown them, and the ways to them."""

import re
from collections.abc import AsyncIterator
from io import BytesIO
from urllib.parse import urlsplit

import asyncpg
import pytest
from openpyxl import load_workbook

from deploy.local.system import System
from gateway.portal.tests.support import attributes, csrf
from portal.exports.lists import LISTS
from tests.isolation.manual import FOLDER, GUEST, MAP, MENU, PAGES, PEOPLE, ROUTES, UPLOAD, Page, addresses
from tests.isolation.shown import Shown

OFFERED = re.compile(r'action="(/exports/([a-z-]+)[^"]*)"')
LINK = re.compile(r"<(?:a|form)\b([^>]*)>")
BY_PATH = {page.path: page for page in MAP}


def leads_to(link: str) -> str | None:
    """The route of the portal that a link leads to."""
    path = urlsplit(link).path
    return next((route.path for route in ROUTES if route.path_regex.match(path)), None)


def links(text: str) -> set[str | None]:
    tags = map(attributes, LINK.findall(text))
    return {leads_to(tag.get("href") or tag.get("action", "")) for tag in tags}


def test_every_page_of_the_map_is_one_of_the_portal() -> None:
    assert len(BY_PATH) == len(MAP)
    assert BY_PATH.keys() <= set(PAGES)


@pytest.mark.parametrize("path", sorted(set(PAGES) - BY_PATH.keys()))
def test_what_is_not_on_the_map_is_no_page(shown: Shown, path: str) -> None:
    """But a file, a part of a page, or what leads on to one."""
    for person in ("province.admin", "hefei.admin", "security.demo"):
        for address in addresses(path, shown.things, person):
            with shown.browsers[person].stream("GET", address, follow_redirects=False) as answer:
                if answer.status_code == 200:
                    is_text = answer.headers["content-type"].startswith("text/html")
                    assert not (is_text and b"<html" in answer.read())
                    return


@pytest.mark.parametrize("person", PEOPLE)
def test_the_menu_has_the_pages_of_the_map(shown: Shown, person: str) -> None:
    text = shown.answer(person, "/about").text
    menu = text[text.index('id="menu"') :].partition("</nav>")[0]
    assert links(menu) == {page.path for page in MAP if page.reached == MENU and page.is_for(person)}


@pytest.mark.parametrize("page", MAP, ids=lambda page: page.path)
def test_a_page_is_there_for_exactly_the_roles_of_the_map(shown: Shown, page: Page) -> None:
    for role, people in page.roles():
        if page.is_for(people[0]):
            assert any(any(True for _ in shown.pages(page, person)) for person in people), role
        else:
            found = {shown.answer(people[0], address).status_code for address in addresses(page.path, shown.things)}
            assert found == {404}, role
    if GUEST in page.seen_by:
        assert any(True for _ in shown.pages(page, GUEST))


@pytest.mark.parametrize("page", [page for page in MAP if page.ways], ids=lambda page: page.path)
def test_a_page_is_reached_as_the_map_says(shown: Shown, page: Page) -> None:
    for role, people in page.roles():
        if not page.is_for(people[0]):
            continue
        froms = (text for way in page.ways for person in people for text in shown.pages(BY_PATH[way], person))
        if page.reached == UPLOAD:
            assert any('type="file"' in text for text in froms), role
        else:
            assert any(page.path in links(text) for text in froms), role


@pytest.mark.parametrize("page", MAP, ids=lambda page: page.path)
def test_each_page_has_its_picture_in_the_manual(page: Page) -> None:
    assert (FOLDER / page.picture).stat().st_size < 60_000
    assert f"]({page.picture})" in (FOLDER / page.chapter).read_text()


@pytest.fixture
async def nothing_left(system: System) -> AsyncIterator[None]:
    """What is long enough to be made in the background is forgotten."""
    yield
    server = await asyncpg.connect(system.database("portal"))
    await server.execute("DELETE FROM export_task WHERE id IN (SELECT id FROM export WHERE query NOT LIKE '%test-%')")
    await server.close()


@pytest.mark.usefixtures("nothing_left")
def test_every_list_is_offered_on_a_page_and_can_be_taken_away(shown: Shown) -> None:
    offered: dict[str, tuple[str, str]] = {}
    for person in PEOPLE:
        for page in MAP:
            text = next(shown.pages(page, person), "") if page.is_for(person) else ""
            offered |= {name: (person, action.replace("&amp;", "&")) for action, name in OFFERED.findall(text)}
    assert offered.keys() == LISTS.keys()
    for name, (person, action) in offered.items():
        answer = shown.browsers[person].post(action, data={"_csrf": csrf(shown.answer(person, "/about"))})
        assert answer.status_code == 200, action
        if answer.url.path != "/exports":
            sheet = load_workbook(BytesIO(answer.content), read_only=True).worksheets[0]
            titles = next(sheet.iter_rows(max_row=1, values_only=True))
            assert titles == tuple(column.words[0] for column in LISTS[name].columns)
