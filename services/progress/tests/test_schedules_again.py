"""Schedules that are set again: what goes on stays itself, and nothing begins over."""

from datetime import timedelta

from chassis.clock import today
from services.progress.tests.test_milestones import DEADLINE, fresh, given, scheduled
from services.progress.tests.worlds import World


async def test_a_milestone_that_goes_on_keeps_its_id_and_what_changed_alone_is_told(world: World) -> None:
    line = await scheduled(world, today() + timedelta(50), today() + timedelta(90))
    before = (await world.schedule(line))["milestones"]
    first, second, third = given(DEADLINE, today() + timedelta(60), today() + timedelta(90))["milestones"]
    for stages in ([first, second, third], [first | {"title": "改称"}, second, third], [first, third | {"weight": 30}]):
        await world.act("hefei", line, "schedule", deadline=str(DEADLINE), milestones=stages)
    after = (await world.schedule(line))["milestones"]
    assert [(each["id"], each["version"]) for each in after] == [(before[0]["id"], 4), (before[2]["id"], 2)]
    async with world.server() as server:
        rows = await server.fetch(
            "SELECT type, subject FROM outbox WHERE type LIKE '%.milestone.%' AND data LIKE $1 ORDER BY position",
            f"%{line['id']}%",
        )
    places = {each["id"]: place for place, each in enumerate(before)}
    assert [(row["type"].split(".")[3], places[row["subject"]]) for row in rows][3:] == [
        ("placed", 0),
        ("placed", 0),
        ("removed", 1),
        ("placed", 0),
        ("placed", 2),
    ]


async def test_a_deadline_is_set_for_a_day_to_come(world: World) -> None:
    line = await fresh(world)
    for name in ("hefei", "province"):
        refused = await world.act(name, line, "schedule", **given(today() - timedelta(1)))
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/body/deadline")
    assert (await world.act("hefei", line, "schedule", **given(today()))).status_code == 200


async def test_a_template_is_proposed_without_what_is_reached(world: World) -> None:
    line = await fresh(world)
    stages = [
        {"title": title, "weight": weight, "due": str(DEADLINE)} for title, weight in (("制定方案", 20), ("推进", 80))
    ]
    await world.act("hefei", line, "schedule", deadline=str(DEADLINE), milestones=stages)
    await world.act("hefei", line, "first/completion", on=str(today()))
    async with world.client("hefei") as client:
        answer = await client.post(f"/lines/{line['id']}/schedule/proposal", json={"deadline": str(DEADLINE)})
    assert [(each["title"], each["percent"]) for each in answer.json()["milestones"]] == [
        ("组织实施", 80),
        ("总结评估", 100),
    ]
