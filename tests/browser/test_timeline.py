"""A milestone is moved on the timeline by keys and by dragging, a working day at a time."""

from contextlib import AsyncExitStack
from datetime import date, timedelta
from uuid import uuid4

from playwright.async_api import Browser, Locator, expect

from deploy.local.system import System
from tests.browser.visitor import visitor
from tests.support import PROGRESS, Json, client_of, get, lines

DUES = [date(2030, 3, 1), date(2030, 6, 3), date(2030, 12, 31)]


def planned(system: System) -> Json:
    """A line of Hefei's with three milestones that are far apart."""
    found = next(line for line in lines(system, "hefei.admin", state="not_started") if line["version"] == 1)
    milestones = [{"title": f"节点{number}", "weight": 1, "due": str(due)} for number, due in enumerate(DUES)]
    client_of(system, "hefei.admin").put(
        f"{PROGRESS}/lines/{found['id']}/schedule",
        json={"deadline": str(DUES[-1]), "milestones": milestones},
        headers={"If-Match": '"1"', "Idempotency-Key": str(uuid4())},
    ).raise_for_status()
    return found


def due(system: System, line: Json) -> date:
    """Of the first milestone."""
    schedule = get(system, "hefei.admin", f"{PROGRESS}/lines/{line['id']}/schedule")
    return date.fromisoformat(schedule["milestones"][0]["due"])


async def drag(milestone: Locator, by: int) -> None:
    box = await milestone.locator("circle").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = milestone.page.mouse
    await mouse.move(x, y)
    await mouse.down()
    await mouse.move(x + by, y, steps=5)
    await expect(milestone).not_to_have_attribute("aria-valuetext", "2030-03-04")
    await mouse.up()


async def test_a_milestone_is_moved_by_keys_and_by_dragging(system: System, browser: Browser) -> None:
    line = planned(system)
    async with AsyncExitStack() as stack:
        hefei = await visitor(stack, system, browser, "hefei.admin")
        await hefei.open(f"/timeline?jurisdiction=hefei&task={line['task']['code']}")
        milestone = hefei.page.get_by_role("slider", name="节点0")
        await milestone.focus()
        await hefei.page.keyboard.press("ArrowLeft")
        await hefei.page.keyboard.press("Escape")
        await expect(milestone).to_have_attribute("aria-valuetext", "2030-03-01")
        await hefei.page.keyboard.press("ArrowRight")
        await expect(milestone).to_have_attribute("aria-valuetext", "2030-03-04")
        await hefei.page.keyboard.press("Enter")
        await hefei.page.get_by_text("节点日期已调整").wait_for()
        assert due(system, line) == date(2030, 3, 4)
        await hefei.open(f"/timeline?jurisdiction=hefei&task={line['task']['code']}")
        await drag(milestone, -40)
        await hefei.page.get_by_text("节点日期已调整").wait_for()
        assert date(2029, 1, 1) < due(system, line) < date(2030, 3, 1) - timedelta(7)
        assert due(system, line).weekday() < 5
        assert hefei.complaints == []
