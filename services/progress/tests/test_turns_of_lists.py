"""What lists and resources say of a day, where the day before and the day after say another thing."""

from datetime import date, timedelta

import pytest

from chassis.clock import today
from services.progress.tests.steps import issued, raised, seen, taken
from services.progress.tests.test_assessment import announced, ask, moved
from services.progress.tests.test_filings import on
from services.progress.tests.worlds import World

DAY = timedelta(1)
DUE = today() + timedelta(20)


@pytest.mark.parametrize(("day", "overdue"), [(DUE - DAY, False), (DUE, False), (DUE + DAY, True)])
async def test_a_problem_without_an_answer_is_overdue_when_its_day_is_over(
    world: World, day: date, overdue: bool
) -> None:
    before = (await seen(world, "province", "/overview"))["problems"]["overdue"]
    problem = await raised(world, answer_due=str(DUE))
    with on(world, day):
        assert (await seen(world, "province", f"/problems/{problem['id']}"))["overdue"] is overdue
        listed = await seen(world, "province", "/problems", overdue="true", limit="200")
        assert (problem["id"] in {each["id"] for each in listed["items"]}) is overdue
        assert (await seen(world, "province", "/overview"))["problems"]["overdue"] >= before + overdue
    await taken(world, "hefei", problem, "withdrawal", text="…")


@pytest.mark.parametrize(("days", "colour"), [(-8, None), (-7, "blue"), (0, "blue"), (1, "red"), (40, "red")])
async def test_an_order_is_listed_under_the_colour_that_it_has(world: World, days: int, colour: str | None) -> None:
    order = await issued(world, deadline=str(DUE))
    order = await taken(world, "hefei", order, "receipt")
    with on(world, DUE + days * DAY):
        assert (await seen(world, "province", f"/orders/{order['id']}"))["colour"] == colour
        for asked in ("blue", "yellow", "red"):
            listed = await seen(world, "province", "/orders", colour=asked, limit="200")
            assert (order["id"] in {each["id"] for each in listed["items"]}) == (asked == colour)
        for overdue in (True, False):
            listed = await seen(world, "province", "/orders", overdue=str(overdue).lower(), limit="200")
            assert (order["id"] in {each["id"] for each in listed["items"]}) == (overdue == (days > 0))
    await taken(world, "province", order, "revocation", text="…")


async def test_the_time_for_objections_ends_with_its_last_day(world: World) -> None:
    last = today() + timedelta(7)
    made = await moved(world, await announced(world), "publication", {"objections_until": str(last)})
    path, said = f"/{made['id']}", {"item": "innovation", "text": "…"}
    with on(world, last):
        assert (await ask(world, "province", "POST", f"{path}/closing", None, made["version"])).status_code == 409
        assert (await ask(world, "wuhu", "POST", f"{path}/objections", said, made["version"])).status_code == 201
    with on(world, last + DAY):
        late = await ask(world, "hefei", "POST", f"{path}/objections", said, made["version"])
        assert (late.status_code, str(last) in late.json()["detail"]) == (409, True)
        unanswered = await ask(world, "province", "POST", f"{path}/closing", None, made["version"])
        assert (unanswered.status_code, unanswered.json()["detail"]) == (409, "还有异议没有答复。")
        (objection,) = (await ask(world, "wuhu", "GET", f"{path}/results/zone:wuhu")).json()["objections"]
        answer = f"{path}/objections/{objection['id']}/answer"
        await ask(world, "province", "POST", answer, {"answer": "…"}, objection["version"])
        assert (await ask(world, "province", "POST", f"{path}/closing", None, made["version"])).status_code == 201
