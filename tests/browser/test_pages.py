"""Every page of every role: no complaint of the browser, nothing wider than the screen, nothing that axe objects to."""

import json
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser

from deploy.local.system import System
from tests.browser import program
from tests.browser.visitor import PHONE, WIDE, Visitor, visitor

CATALOG = (
    "/tasks",
    "/tasks/109",
    "/plans",
    "/plans/hefei",
    "/zones",
    "/zones/hefei",
    "/units",
    "/units/swt",
    "/editions",
    "/editions/1",
)
PROGRESS = (
    "/",
    "/overview",
    "/lines",
    "/lines?q=单一窗口",
    "/lines?light=red",
    "/changes",
    "/compare",
    "/trends",
    "/inbox",
    "/notification-settings",
    "/announcements",
    "/how-lights-work",
    "/about",
)
PAGES = {
    "province.admin": (
        *PROGRESS,
        *CATALOG,
        "/cockpit",
        "/zones/hefei/setup",
        "/imports",
        "/manuscripts",
        "/trail",
        "/problems?long_overdue=true",
        "/announcements/_new",
        "/interfaces/api/progress/lines_api_progress_v1_lines_get",
        "/interfaces/events/zoneportal.progress.line.withdrawn.v1",
    ),
    "hefei.admin": (
        *PROGRESS,
        *("/lines?as=board", "/lines?as=timeline&columns=moved_on", "/lines/_views", "/calendar"),
        "/imports",
        "/manuscripts/hefei",
        "/manuscripts/hefei/tasks/0",
        "/manuscripts/hefei/comparison",
        "/indicators/_missing",
        "/problems/_new",
        "/search?q=口岸",
    ),
    "dept.swt": PROGRESS,
    "auditor.demo": ("/", "/overview", "/trail"),
    "operator.demo": ("/", "/dead-letters", "/webhooks"),
    "security.demo": (
        *("/", "/people", "/people/_new?office=zone:hefei", "/people/_import", "/second-factors"),
        "/integrators",
        "/integrators/_new",
        "/integrators/integrator-hefei",
        "/webhooks",
    ),
}
WORDS = {WIDE: "wide", PHONE: "phone"}
LOOKED_AT = [(user, size) for user in PAGES for size in WORDS if (user, size) != ("dept.swt", PHONE)]
"""A department's pages are among those of others; its phone shows nothing new."""
ON_PHONES = {"hefei.admin"}
"""For whom the parts of pages are looked at on a phone too, one by one: they are the same for all."""
IN_THE_DARK = (
    "/",
    "/overview",
    "/cockpit",
    "/timeline",
    "/lines?as=table",
    "/trends",
    "/inbox",
    "/search?q=口岸",
    "/tasks/109",
    "/manuscripts/hefei/comparison",
)
"""The pages with the most colours of their own."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
LIGHT_GREEN = "rgb(47, 158, 79)"
OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}


@pytest.mark.parametrize(("user", "size"), LOOKED_AT, ids=[f"{user}-{WORDS[size]}" for user, size in LOOKED_AT])
async def test_pages_are_sound(system: System, browser: Browser, user: str, size: tuple[int, int]) -> None:
    async with AsyncExitStack() as stack:
        person = await visitor(stack, system, browser, user, size)
        for path in [*PAGES[user], *await lines_of(system, user)]:
            assert await person.open(path) == 200, path
            width = await person.page.evaluate("document.documentElement.scrollWidth")
            assert width <= size[0], f"{path} is {width} wide"
            if size == WIDE or user in ON_PHONES:
                assert await objections(system, person, RULES) == [], path
        assert person.complaints == []


async def test_pages_are_sound_in_the_dark(system: System, browser: Browser) -> None:
    async with AsyncExitStack() as stack:
        person = await visitor(stack, system, browser, "hefei.admin", scheme="dark")
        for path in [*IN_THE_DARK, *await lines_of(system, "hefei.admin")]:
            assert await person.open(path) == 200, path
            assert await objections(system, person, OF_COLOURS) == [], path
        await person.open("/trends")
        svg, png = await saved(person, "svg"), await saved(person, "png")
        assert "亮灯趋势" in svg.decode() and LIGHT_GREEN in svg.decode()
        assert png.startswith(b"\x89PNG")
        await person.page.locator(".appearance summary").click()
        assert await objections(system, person, OF_COLOURS) == []
        dark = await person.page.evaluate(BACKGROUND)
        await person.page.get_by_role("link", name="浅色").click()
        await person.page.locator("html[data-bs-theme=light]").wait_for()
        assert await person.page.evaluate(BACKGROUND) != dark
        assert person.complaints == []


async def saved(person: Visitor, type_: str) -> bytes:
    """The first chart of the page as a picture, by the keyboard."""
    async with person.page.expect_download() as download:
        await person.page.locator(f"[data-save={type_}]").first.press("Enter")
    return (await (await download.value).path()).read_bytes()


async def objections(system: System, person: Visitor, rules: dict[str, list[str]]) -> list[tuple[str, str]]:
    """What axe finds on the page that is open: the rule and where."""
    await person.page.evaluate(program.bring(system.instance.cache_dir).axe.read_text())
    found = await person.page.evaluate(f"axe.run(document, {json.dumps(rules)}).then(found => found.violations)")
    return [(item["id"], item["nodes"][0]["html"][:200]) for item in found]


async def lines_of(system: System, user: str) -> list[str]:
    """The page of one line, where the user has any."""
    with system.client(user) as client:
        answer = client.get("/api/progress/v1/lines", params={"limit": 1})
    return [f"/lines/{line['id']}" for line in answer.json().get("items", [])]


@pytest.mark.parametrize("user", ["province.admin", "dept.swt"])
async def test_the_switch_shows_everything_in_english(system: System, browser: Browser, user: str) -> None:
    async with AsyncExitStack() as stack:
        person = await visitor(stack, system, browser, user)
        await (
            person.page.get_by_role("link", name="English")
            .or_(person.page.get_by_role("button", name="English"))
            .first.click()
        )
        await person.page.get_by_role("heading", name="My desk").wait_for()
        assert await person.page.get_attribute("html", "lang") == "en"
        await person.open("/overview")
        await person.page.get_by_role("heading", name="Overview").first.wait_for()
