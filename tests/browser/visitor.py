"""A person at a browser: logs in as a demo user, and keeps what the browser complained of."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, async_playwright

from deploy.local.system import System
from tests.browser import program

WIDE, PHONE = (1440, 900), (390, 844)
PATIENCE_MS = 15_000
THREE_G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
Reach = Literal["whole", "3G", "without scripts"]


class Visitor:
    """``complaints`` are the console's errors and the scripts' failures."""

    def __init__(self, system: System, page: Page, user: str) -> None:
        self.page, self.user, self._system = page, user, system
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def log_in(self) -> None:
        """From a page that needs it, through Keycloak's own, back to where it began."""
        await self.open("/")
        await self.page.get_by_role("link", name="登录").first.click()
        await self.page.fill("#username", self.user)
        await self.page.fill("#password", self._system.password)
        await self.page.click("#kc-login")
        await self.page.get_by_role("heading", name="我的工作台").wait_for()

    async def open(self, path: str) -> int:
        """The status of the answer."""
        answer = await self.page.goto(self._system.endpoints["gateway"] + path)
        assert answer is not None
        return answer.status


@asynccontextmanager
async def launched(cache: Path) -> AsyncIterator[Browser]:
    chromium = program.bring(cache)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.executable, env=chromium.environment, args=[*program.ARGUMENTS, "--headless=shell"]
        )
        yield browser
        await browser.close()


async def visitor(
    stack: AsyncExitStack,
    system: System,
    browser: Browser,
    user: str,
    size: tuple[int, int] = WIDE,
    scheme: Literal["light", "dark"] = "light",
    reach: Reach = "whole",
) -> Visitor:
    """A new one, logged in; gone with the stack."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="zh-CN",
        color_scheme=scheme,
        java_script_enabled=reach != "without scripts",
    )
    stack.push_async_callback(context.close)
    new = Visitor(system, await context.new_page(), user)
    if reach == "3G":
        await (await context.new_cdp_session(new.page)).send("Network.emulateNetworkConditions", THREE_G)
    await new.log_in()
    return new
