"""The pictures of the users' manual, one of each page of its map, with the things of the tests: ``make pictures``."""

import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Page as Sheet
from playwright.async_api import expect

from deploy.local.system import System
from tests.browser.visitor import Visitor, launched, visitor
from tests.isolation.manual import FOLDER, MAP, PEOPLE, Page, addresses
from tests.isolation.things import Things

WIDE, LEAST, MOST = 1280, 640, 960
QUALITIES, BYTES = (70, 55, 40, 25, 15), 48_000
ZONES_OWN = ("desk.md", "lines.md", "reporting.md", "indicators.md")
"""The chapters whose pages are shown as a zone office sees them, if it does."""
SHOWN_TO = {"/deputies": "swt.admin"}
"""Who has something on a page that is empty for others."""


@pytest.mark.parametrize("page", MAP, ids=lambda page: page.path)
async def test_a_picture_is_taken(visitors: dict[str, Visitor], things: Things, page: Page) -> None:
    first = SHOWN_TO.get(page.path, "hefei.admin" if page.chapter in ZONES_OWN else None)
    for person in sorted(visitors, key=lambda person: first not in (None, person)):
        for address in addresses(page.path, things, person) if page.is_for(person) else ():
            if await visitors[person].open(address) == 200 and address in visitors[person].page.url:
                (FOLDER / page.picture).write_bytes(await picture(visitors[person].page))
                return
    raise AssertionError("nobody sees it")


async def picture(shown: Sheet) -> bytes:
    """Of the upper part of a page, in the best quality that is small enough."""
    await expect(shown.locator(".htmx-request")).to_have_count(0)
    height = await shown.evaluate("document.documentElement.scrollHeight")
    await shown.set_viewport_size({"width": WIDE, "height": min(max(height, LEAST), MOST)})
    camera = await shown.context.new_cdp_session(shown)
    for quality in QUALITIES:
        asked = {"format": "webp", "quality": quality}
        taken = base64.b64decode((await camera.send("Page.captureScreenshot", asked))["data"])
        if len(taken) <= BYTES:
            break
    await camera.detach()
    await shown.set_viewport_size({"width": WIDE, "height": LEAST})
    return taken


@pytest.fixture(scope="module")
async def visitors(system: System) -> AsyncIterator[dict[str, Visitor]]:
    (FOLDER / "pictures").mkdir(exist_ok=True)
    for old in (FOLDER / "pictures").iterdir():
        old.unlink()
    async with launched(system.instance.cache_dir) as browser, AsyncExitStack() as stack:
        yield {person: await visitor(stack, system, browser, person, (WIDE, LEAST)) for person in PEOPLE}
