"""The desk: each pile holds what the list of lines says, those due first on top."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from chassis.clock import today
from progress.desk.schemas import Desk
from services.progress.tests.worlds import World

Line = Mapping[str, Any]
Fits = Callable[[Line], bool]


def latest(status: str, action: str) -> Fits:
    return lambda line: (line["latest_report"] or {}).get("status") == status and action in line["actions"]


def lit(light: str) -> Fits:
    return lambda line: line["light"] == light


def stalled(line: Line) -> bool:
    return line["stalled_on"] is not None


OF_OFFICE: Mapping[str, Fits] = {
    "returned": latest("returned", "report"),
    "red": lambda line: line["light"] == "red" and line["state"] != "submitted",
    "yellow": lambda line: line["light"] == "yellow" and line["state"] != "submitted",
    "stalled": stalled,
    "review": latest("submitted", "review"),
    "new": lambda line: line["state"] == "not_started" and "report" in line["actions"],
}
OF_AUDITOR: Mapping[str, Fits] = {"red": lit("red"), "yellow": lit("yellow"), "stalled": stalled}
OF_PROVINCE: Mapping[str, Fits] = {"decide": latest("submitted", "confirm"), **OF_AUDITOR}


def ids(lines: Iterable[Line]) -> list[str]:
    return [line["id"] for line in lines]


def piles(name: str, lines: list[dict[str, Any]]) -> dict[str, list[Line]]:
    """What each pile should hold; a line lies on an office's first pile that it fits."""
    rules = {"province": OF_PROVINCE, "auditor": OF_AUDITOR}.get(name, OF_OFFICE)
    left = lines
    found: dict[str, list[Line]] = {}
    for pile, fits in rules.items():
        found[pile] = sorted(filter(fits, left), key=lambda line: line["due"] or "9999")
        left = [line for line in left if not fits(line)] if rules is OF_OFFICE else left
    return found


async def variety(world: World) -> None:
    """Lines for every pile, more than a desk shows of one of them."""
    dues = [None, *(str(today() + timedelta(days)) for days in (-9, -3, 3, 9, 900))]
    lines = [
        await world.line(task, place)
        for due in dues
        for place in ("hefei", "province")
        for task in [await world.publish(["swt", "hfs"], due=due) for _ in range(4)]
    ]
    async with world.server() as server:
        await server.execute("UPDATE line SET opened_on = current_date - 90 WHERE id = ANY($1)", ids(lines))
        await server.execute("UPDATE line SET stalled_on = current_date WHERE id = ANY($1)", ids(lines[1:6:4]))
    for number, line in enumerate(lines):
        office = "hefei" if line["jurisdiction"] == "hefei" else "swt"
        if number % 4 > 1:
            assert (await world.act(office, line, "reports", percent=10, done="…")).status_code == 201
        if number % 4 > 2:
            assert (await world.act("province", line, "latest/return", reason="…")).status_code == 201
    finished = await world.act("hefei", lines[0], "reports", percent=100, done="…", finished=True)
    assert finished.status_code == 201


async def test_a_pile_holds_what_the_list_says(world: World) -> None:
    await variety(world)
    for name in ("province", "auditor", "hefei", "wuhu", "swt", "kjt", "idle department"):
        expected = piles(name, await world.lines(name))
        async with world.client(name) as client:
            answer = (await client.get("/desk")).raise_for_status()
        Desk.model_validate_json(answer.content)
        found = answer.json()["piles"]
        assert [pile["name"] for pile in found] == list(expected)
        for pile in found:
            lines = expected[pile["name"]]
            assert (pile["count"], pile["lines"]) == (len(lines), lines[:6]), (name, pile["name"])
            listed = await world.lines(name, pile=pile["name"], sort="due")
            assert ids(listed) == ids(lines), (name, pile["name"])
        if name in ("province", "hefei", "swt"):
            empty = {pile for pile, lines in expected.items() if not lines}
            assert empty == ({"review"} if name == "hefei" else set()), name


@pytest.mark.parametrize("pile", ["decide", "lost"])
async def test_a_pile_of_another_desk_holds_nothing(world: World, pile: str) -> None:
    assert await world.lines("hefei", pile=pile) == []
