"""Each of the tasks that everybody has to find without help takes at most five clicks from the desk."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from chassis.clock import today
from deploy.local.system import System
from tests.browser.visitor import visitor
from tests.support import line, lines, until

MOST = 5


class Hand:
    """Presses links and buttons, and counts that; what is typed, chosen or ticked is no click."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    async def press(self, what: Locator) -> None:
        self.clicks += 1
        await what.click()

    async def follow(self, name: str) -> None:
        await self.press(self.page.get_by_role("link", name=name, exact=True).first)

    async def button(self, name: str) -> None:
        await self.press(self.page.get_by_role("button", name=name, exact=True).first)


@pytest.fixture(scope="module", autouse=True)
async def overdue(system: System) -> str:
    """A line that was due two days ago: the clock makes it red in the background."""
    found = next(each for each in lines(system, "bengbu.admin", state="not_started") if each["version"] == 1)
    server = await asyncpg.connect(system.database("progress"))
    await server.execute(
        "UPDATE line SET due = current_date - 2, light_on = light_on - 1 WHERE id = $1", UUID(found["id"])
    )
    await server.close()
    return str(found["id"])


@asynccontextmanager
async def at_the_desk(system: System, browser: Browser, user: str) -> AsyncIterator[Hand]:
    async with AsyncExitStack() as stack:
        person = await visitor(stack, system, browser, user)
        hand = Hand(person.page)
        yield hand
        assert hand.clicks <= MOST
        assert person.complaints == []


async def test_progress_is_reported_and_returned_with_a_reason(system: System, browser: Browser) -> None:
    done, reason = f"已完成{uuid4().hex[:8]}", f"请补充{uuid4().hex[:8]}"
    async with at_the_desk(system, browser, "hefei.admin") as hand:
        await hand.press(hand.page.locator("[aria-labelledby^=pile-] .pile-line a").first)
        await hand.page.locator("#report-percent").fill("12")
        await hand.page.locator("#report-done").fill(done)
        await hand.button("提交填报")
        await expect(hand.page.get_by_text(done).first).to_be_visible()
    async with at_the_desk(system, browser, "province.admin") as hand:
        await hand.press(hand.page.locator("[aria-labelledby=pile-decide] .pile-line a").first)
        await hand.press(hand.page.locator("summary", has_text="退回"))
        await hand.page.locator("#return-reason").fill(reason)
        await hand.button("退回")
        await expect(hand.page.get_by_text(reason).first).to_be_visible()


async def test_an_order_is_issued_and_urged(system: System, browser: Browser) -> None:
    title, day = f"督办{uuid4().hex[:8]}", today()
    async with at_the_desk(system, browser, "province.admin") as hand:
        await hand.follow("督办单")
        await hand.follow("督办立项")
        page = hand.page
        await page.get_by_label("督办事项").fill(title)
        await page.get_by_label("督办要求").fill("请抓紧办理。")
        await page.get_by_label("牵头单位").select_option(label="蚌埠片区")
        await page.get_by_label("办理时限").fill(str(day + timedelta(30)))
        await page.get_by_label("签收时限").fill(str(day))
        await hand.button("立项并交办")
        await page.get_by_text("督办单已交办").wait_for()
        await hand.press(page.locator("summary", has_text="催办"))
        await hand.button("催办")
        await page.get_by_text("已催办").first.wait_for()


async def test_a_user_is_added(system: System, browser: Browser) -> None:
    account = f"u{uuid4().hex[:8]}"
    async with at_the_desk(system, browser, "bengbu.admin") as hand:
        await hand.follow("用户")
        await hand.follow("邀请用户")
        await hand.page.get_by_label("姓名").fill("新来的同志")
        await hand.page.get_by_label("用户名").fill(account)
        await hand.page.get_by_label("邮箱").fill(f"{account}@example.cn")
        await hand.button("邀请")
        await hand.page.get_by_text("已邀请").wait_for()


async def test_another_system_is_let_in(system: System, browser: Browser) -> None:
    client = f"x-{uuid4().hex[:8]}"
    async with at_the_desk(system, browser, "security.demo") as hand:
        await hand.follow("对接系统")
        await hand.follow("登记对接系统")
        await hand.page.get_by_label("客户端编号").fill(client)
        await hand.page.get_by_label("名称").fill("市政务数据平台")
        await hand.page.get_by_label("联系邮箱").fill("data@example.cn")
        await hand.page.get_by_label("合肥片区").check()
        await hand.button("登记")
        await hand.button("生成新密钥")
        await hand.press(hand.page.get_by_role("dialog").get_by_role("button", name="生成新密钥"))
        await expect(hand.page.get_by_label("客户端密钥")).not_to_be_empty()


async def test_what_is_overdue_is_found(system: System, browser: Browser, overdue: str) -> None:
    until(lambda: line(system, overdue)["light"] == "red", 90)
    async with at_the_desk(system, browser, "province.admin") as hand:
        await hand.press(hand.page.locator(".figures").get_by_role("link", name="已逾期"))
        await expect(hand.page.locator(f"main a[href='/lines/{overdue}']")).to_be_visible()
        await hand.press(hand.page.locator(f"main a[href='/lines/{overdue}']"))
        await expect(hand.page.locator(".facts").get_by_text("逾期").first).to_be_visible()
