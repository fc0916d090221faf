"""A real browser for the whole run; each test opens contexts (cookies, size) of its own."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from deploy.local.system import System
from tests.browser import program


@pytest.fixture(scope="session")
async def browser(system: System) -> AsyncIterator[Browser]:
    chromium = program.bring(system.instance.cache_dir)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium.executable, env=chromium.environment, args=[*program.ARGUMENTS, "--headless=shell"]
        )
        yield launched
        await launched.close()
