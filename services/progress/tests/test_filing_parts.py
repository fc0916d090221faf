"""What belongs to a filing: the parts of members, frozen with it, and the milestones that it is to tell of."""

from datetime import timedelta

from chassis.clock import today
from services.progress.tests.test_filings import Opened, given, opened
from services.progress.tests.worlds import World


async def test_a_member_s_part_freezes_with_the_approval_and_changes_for_a_correction_only(world: World) -> None:
    case = await opened(world)
    await case.done("swt", "part", text="省级已出台政策")
    await case.file()
    for state, why in (("accepted", "已提交"), ("approved", "已审定")):
        refused = await case.act("swt", "part", text="改写")
        assert (refused.status_code, why in refused.json()["detail"]) == (409, True), state
        if state == "accepted":
            await case.done("province", "approval", confidence="high")
    await case.done("province", "reopening", reason="数据有误", until=str(today()))
    await case.done("swt", "part", text="省级已出台政策两项")
    for name, step in (("hefei", "submission"), ("hefei head", "check"), ("province", "acceptance")):
        await case.done(name, step)
    approved = await case.done("province", "approval", confidence="high")
    said = [[(part["unit_name"], part["text"]) for part in each["parts"]] for each in approved["versions"]]
    assert said == [[("省商务厅", "省级已出台政策")], [("省商务厅", "省级已出台政策两项")]]


async def test_a_milestone_that_was_recorded_late_is_told_by_the_next_report(world: World) -> None:
    case = await opened(world)
    line = case.lines["hefei"]
    days = [str(today() + timedelta(ahead)) for ahead in (0, 1)]
    stages = [{"title": title, "weight": 1, "due": due} for title, due in zip("早晚", days, strict=True)]
    await world.act("hefei", line, "schedule", deadline=days[1], milestones=stages)
    await world.act("hefei", line, "first/completion", on=days[0])
    await case.file()
    await case.done("province", "approval", confidence="high")
    async with world.client("province") as client:
        again = (await client.post("/periods", json=given(case.period["plans"][0], title="四季度"))).json()
    following = Opened(world, again, case.lines)
    assert (await following.filing(name="hefei"))["reached"] == []
    (_, late) = (await world.schedule(line))["milestones"]
    before = str(today() - timedelta(9))
    await world.act("hefei", line, f"milestones/{late['id']}/completion", on=before)
    assert (await following.filing(name="hefei"))["reached"] == [{"title": "晚", "done_on": before}]


async def test_what_was_before_a_report_is_not_what_came_after_it(world: World) -> None:
    case = await opened(world)
    await case.file()
    await case.done("province", "approval", confidence="high")
    async with world.client("province") as client:
        again = (await client.post("/periods", json=given(case.period["plans"][0], title="四季度"))).json()
    following = Opened(world, again, case.lines)
    await following.file(percent=25, done="已开工")
    await following.done("province", "approval", confidence="high")
    assert [(await each.filing())["last"] and (await each.filing())["last"]["done"] for each in (case, following)] == [
        None,
        "已完成方案",
    ]
