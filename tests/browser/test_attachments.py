"""Files are chosen, dropped, seen and removed in a real browser, and the panel is sound at both sizes."""

from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, FilePayload, expect

from deploy.local.system import System
from tests.browser.test_pages import RULES, objections
from tests.browser.visitor import PHONE, WIDE, visitor
from tests.support import PROGRESS, attach, get, order_in_hand

DROP = """() => {
  const carried = new DataTransfer();
  carried.items.add(new File(["%PDF-1.7\\n%%EOF\\n"], "拖入.pdf", { type: "application/pdf" }));
  document.querySelector(".attachment-form")
    .dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


def names(system: System, order: str) -> list[str]:
    found = get(system, "hefei.admin", f"{PROGRESS}/attachments", kind="order", thing=order)["items"]
    return [item["name"] for item in found if not item["removed_at"]]


async def test_files_go_up_by_choosing_and_by_dropping(system: System, browser: Browser) -> None:
    order = order_in_hand(system)
    files: list[FilePayload] = [
        {"name": "进展.csv", "mimeType": "text/csv", "buffer": "序号,进展\n".encode()},
        {"name": "程序.pdf", "mimeType": "application/pdf", "buffer": b"MZ"},
    ]
    async with AsyncExitStack() as stack:
        hefei = await visitor(stack, system, browser, "hefei.admin")
        await hefei.open(f"/orders/{order}")
        panel = hefei.page.locator("#attachments")
        await hefei.page.set_input_files("#attachment-files", files)
        await expect(panel.locator(".attachment")).to_have_count(1)
        await expect(panel.locator(".attachment-failed")).to_contain_text("文件内容与扩展名不符")
        await hefei.page.evaluate(DROP)
        await expect(panel.locator(".attachment")).to_have_count(2)
        assert names(system, order) == ["进展.csv", "拖入.pdf"]
        first = panel.locator(".attachment").first
        await first.locator("summary").click()
        await first.get_by_label("移除原因").fill("传错了")
        await first.locator("button").click()
        await hefei.page.get_by_text("附件已移除").wait_for()
    assert names(system, order) == ["拖入.pdf"]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
async def test_the_panel_and_what_it_shows_are_sound(system: System, browser: Browser, size: tuple[int, int]) -> None:
    order = order_in_hand(system)
    attached = attach(system, "hefei.admin", "order", order, "口岸开放工作方案（征求意见稿修改后定稿）.pdf")
    async with AsyncExitStack() as stack:
        hefei = await visitor(stack, system, browser, "hefei.admin", size)
        for path in (f"/orders/{order}", f"/attachments/of/order/{order}", f"/attachments/{attached['id']}"):
            assert await hefei.open(path) == 200, path
            assert await hefei.page.evaluate("document.documentElement.scrollWidth") <= size[0], path
            assert await objections(system, hefei, RULES) == [], path
        assert hefei.complaints == []
