"""The main job, as the people do it: report, see it, return it, hear of it; and nobody else sees any of it."""

from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

from playwright.async_api import Browser, expect

from deploy.local.system import System
from tests.browser.visitor import PATIENCE_MS, Visitor, visitor

TASK = "110"


def cell(system: System, jurisdiction: str, plan: str) -> dict[str, Any]:
    with system.client("province.admin") as client:
        overview = client.get("/api/progress/v1/overview").raise_for_status().json()
    row = next(row for row in overview["plans"] if row["code"] == plan)
    found: dict[str, Any] = next(cell for cell in row["cells"] if cell["jurisdiction"] == jurisdiction)
    return found


async def report(hefei: Visitor, percent: int, done: str) -> None:
    """Finds the line by search and reports on it."""
    page = hefei.page
    await page.get_by_role("link", name="推进事项").first.click()
    await page.get_by_label("任务编号").fill(TASK)
    await page.get_by_role("button", name="查询").click()
    await page.get_by_role("link", name=f"{TASK}.").click()
    await page.locator("#report-percent").fill(str(percent))
    await page.locator("#report-done").fill(done)
    await page.get_by_role("button", name="提交填报").click()
    await expect(page.get_by_text(done).first).to_be_visible()


async def give_back(province: Visitor, path: str, reason: str) -> None:
    page = province.page
    await province.open(path)
    await page.locator("summary", has_text="退回").click()
    await page.locator("#return-reason").fill(reason)
    await page.locator("form.act-form", has=page.locator("#return-reason")).get_by_role("button").click()
    await expect(page.get_by_text(reason).first).to_be_visible()


async def test_a_report_is_seen_returned_and_heard_of_and_stays_in_its_zone(system: System, browser: Browser) -> None:
    mark = uuid4().hex[:8]
    async with AsyncExitStack() as stack:
        hefei, inbox, province, wuhu = [
            await visitor(stack, system, browser, user)
            for user in ("hefei.admin", "hefei.admin", "province.admin", "wuhu.admin")
        ]
        await province.open("/overview")
        await inbox.open("/inbox")

        before = cell(system, "hefei", "9")["mean_percent"]
        percent = 64 if before < 20 else 8
        await report(hefei, percent, f"已建立联动机制{mark}")
        after = cell(system, "hefei", "9")["mean_percent"]
        assert after != before
        shown = province.page.locator("#plan-9 td").nth(1)
        await expect(shown).to_contain_text(f"{after:g}%", timeout=PATIENCE_MS)

        path = hefei.page.url.removeprefix(system.endpoints["gateway"]).partition("?")[0]
        await give_back(province, path, f"请补充佐证材料{mark}")
        await expect(inbox.page.get_by_text(f"请补充佐证材料{mark}")).to_be_visible()
        await expect(inbox.page.get_by_text(f"请补充佐证材料{mark}")).to_have_count(1)

        assert await wuhu.open(path) == 404
        await wuhu.open("/inbox")
        assert mark not in await wuhu.page.content()
        assert hefei.complaints == inbox.complaints == province.complaints == []


async def test_logging_out_ends_the_login_everywhere(system: System, browser: Browser) -> None:
    async with AsyncExitStack() as stack:
        auditor = await visitor(stack, system, browser, "auditor.demo")
        await auditor.page.get_by_role("button", name="退出").click()
        await auditor.page.get_by_role("link", name="登录").first.wait_for()
        await auditor.open("/overview")
        await expect(auditor.page.locator("#username")).to_be_visible()
