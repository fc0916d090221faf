"""A real browser for the whole run; each test opens contexts (cookies, size) of its own."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from deploy.local.system import System
from tests.browser.visitor import launched


@pytest.fixture(scope="session")
async def browser(system: System) -> AsyncIterator[Browser]:
    async with launched(system.instance.cache_dir) as browser:
        yield browser
