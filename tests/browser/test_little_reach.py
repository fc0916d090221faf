"""The main job goes on over a slow network and without scripts: log in, search, report, return with a reason."""

import asyncio
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest
from playwright.async_api import Browser, expect

from deploy.local.system import System
from tests.browser.test_way_through import give_back, report
from tests.browser.visitor import Reach, Visitor, visitor


async def search(person: Visitor, words: str) -> None:
    """By the field at the top of every page, to the first thing that is found."""
    field = person.page.get_by_role("search").get_by_role("searchbox")
    await field.fill(words)
    await field.press("Enter")
    await person.page.get_by_role("heading", name="搜索").wait_for()
    await expect(person.page.locator("#found a").first).to_be_visible()


@pytest.mark.parametrize("reach", ["3G", "without scripts"])
async def test_a_report_is_found_made_and_returned(system: System, browser: Browser, reach: Reach) -> None:
    mark = uuid4().hex[:8]
    async with AsyncExitStack() as stack:
        hefei, province = await asyncio.gather(
            *(visitor(stack, system, browser, user, reach=reach) for user in ("hefei.admin", "province.admin"))
        )
        await search(hefei, "口岸")
        await report(hefei, 31, f"已完成首批联调{mark}")
        path = hefei.page.url.removeprefix(system.endpoints["gateway"]).partition("?")[0]
        await give_back(province, path, f"请补充佐证材料{mark}")
        await hefei.open(path)
        await expect(hefei.page.get_by_text(f"请补充佐证材料{mark}").first).to_be_visible()
        assert hefei.complaints == province.complaints == []
