"""Values that are owed and not recorded: when, by table; whom the clock reminds, and who sees the list."""

from datetime import date, timedelta
from typing import Any

import pytest

from chassis.clock import today
from progress.calendar.rules import WorkCalendar
from progress.indicators import owing, reminding, rules
from progress.indicators.rules import Period
from progress.indicators.schemas import MissingPage
from progress.periods.rules import Reminder
from services.progress.tests.test_indicators import change, define, record, told
from services.progress.tests.worlds import World


@pytest.mark.parametrize(
    ("every", "label", "due"),
    [
        (Period.MONTH, "2026-03", "2026-04-15"),  # 4 月 6 日清明节补休
        (Period.MONTH, "2026-04", "2026-05-18"),  # 劳动节 5 月 1 至 5 日，5 月 9 日上班
        (Period.MONTH, "2026-01", "2026-02-13"),  # 2 月 14 日上班
        (Period.MONTH, "2025-12", "2026-01-15"),  # 元旦 1 月 1 至 3 日，1 月 4 日上班
        (Period.QUARTER, "2026-Q3", "2026-10-20"),  # 国庆节 10 月 1 至 7 日，10 月 10 日上班
        (Period.YEAR, "2025", "2026-01-15"),
        (Period.MONTH, "2024-02", "2024-03-14"),  # 闰年
    ],
)
def test_a_value_is_due_on_the_tenth_working_day_after_its_period(every: Period, label: str, due: str) -> None:
    assert str(owing.due(rules.slot(every, label), WorkCalendar())) == due


def test_corrections_of_the_calendar_move_the_day() -> None:
    slot = rules.slot(Period.MONTH, "2026-03")
    assert owing.due(slot, WorkCalendar({date(2026, 4, 8): False})) == date(2026, 4, 16)
    assert owing.due(slot, WorkCalendar({date(2026, 4, 4): True})) == date(2026, 4, 14)


@pytest.mark.parametrize(
    ("day", "labels"),
    [
        (date(2026, 3, 31), {"2026-02", "2025-Q4", "2025"}),
        (date(2026, 4, 1), {"2026-03", "2026-Q1", "2025"}),
        (date(2026, 1, 1), {"2025-12", "2025-Q4", "2025"}),
        (date(2025, 12, 31), {"2025-11", "2025-Q3", "2024"}),
        (date(2024, 3, 1), {"2024-02", "2023-Q4", "2023"}),
    ],
)
def test_a_period_is_owed_from_the_day_after_its_last_one(day: date, labels: set[str]) -> None:
    owed = owing.owed(day, WorkCalendar())
    assert {next(each.slot.label for each in owed if each.every is every) for every in Period} == labels
    assert min(each.slot.end for each in owed) >= day - timedelta(365)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 10, 1), Reminder.NONE),
        (date(2026, 10, 14), Reminder.NONE),
        (date(2026, 10, 15), Reminder.DUE_SOON),
        (date(2026, 10, 20), Reminder.DUE_SOON),
        (date(2026, 10, 21), Reminder.OVERDUE),
        (date(2026, 12, 31), Reminder.OVERDUE),
    ],
)
def test_what_there_is_to_say_of_a_period(day: date, said: Reminder) -> None:
    owed = owing.owed(day, WorkCalendar())
    assert [each.reminder for each in owed if each.slot.label == "2026-Q3"] == [said]


def test_nothing_is_said_long_after_the_day() -> None:
    due = date(2026, 10, 20)
    for days, said in ((1, True), (60, True), (61, False)):
        labels = {each.slot.label for each in owing.to_say(due + timedelta(days), WorkCalendar())}
        assert ("2026-Q3" in labels) == said, days


PLACES = ("bengbu", "hefei", "province", "wuhu")
"""Those that are always there; other tests add zones."""


async def remind(world: World, day: date) -> None:
    async with world.database.session() as session:
        while await reminding.remind(session, day):
            pass


def this_month() -> tuple[rules.Slot, date]:
    slot = rules.slot_of(Period.MONTH, today())
    return slot, owing.due(slot, WorkCalendar())


async def test_the_office_that_owes_a_value_is_reminded_once_before_and_once_after(world: World) -> None:
    slot, due = this_month()
    by_zones, by_unit = await define(world, None), await define(world, "swt", aggregation="none")
    await record(world, "hefei", by_zones, "hefei", "1", slot.label)
    for day in (slot.end, due, due, due + timedelta(1), due + timedelta(1), due + timedelta(40)):
        await remind(world, day)

    async def said(code: str, what: str) -> list[tuple[str, str, str]]:
        found = await told(world, f"missing_value.{what}", code)
        values = [row["missing_value"] for row in found if row["missing_value"]["period"] == slot.label]
        assert {row["topic"] for row in found} == {f"progress.{row['missing_value']['jurisdiction']}" for row in found}
        told_of = [each for each in values if each["jurisdiction"] in PLACES]
        return sorted((each["jurisdiction"], each["office"], each["due"]) for each in told_of)

    for what in ("due_soon", "overdue"):
        assert await said(by_zones, what) == [(zone, f"zone:{zone}", str(due)) for zone in ("bengbu", "wuhu")]
        assert [each[:2] for each in await said(by_unit, what)] == [
            (place, "unit:swt") for place in ("bengbu", "hefei", "province", "wuhu")
        ]


async def test_nobody_owes_what_ended_before_it_came_into_use_or_is_withdrawn_or_derived(world: World) -> None:
    slot, due = this_month()
    before = rules.slot_at(Period.MONTH, rules.before(Period.MONTH, slot.start)).label
    used, withdrawn, draft = await define(world), await define(world), await define(world, draft=True)
    derived = await define(world, measure="", formula=f"{used} / {used} * 100", aggregation="none")
    await change(world, withdrawn, "/withdrawal")
    await remind(world, due)
    for code in (withdrawn, draft, derived):
        assert await told(world, "missing_value.due_soon", code) == []
    periods = {row["missing_value"]["period"] for row in await told(world, "missing_value.due_soon", f'"{used}"')}
    assert slot.label in periods
    assert before not in periods


async def confirmed_before(world: World, code: str, day: date) -> None:
    async with world.server() as server:
        await server.execute("UPDATE indicator SET confirmed_on = $2 WHERE code = $1", code, day)


async def listed(world: World, name: str, **filters: str) -> list[dict[str, Any]]:
    async with world.client(name) as client:
        answer = await client.get("/missing-values", params=filters)
    assert answer.status_code == 200, answer.text
    items = MissingPage.model_validate_json(answer.content).items
    return [each.model_dump(mode="json") for each in items if each.jurisdiction in PLACES]


@pytest.mark.parametrize(
    ("name", "places", "waiting"),
    [
        ("province", ["bengbu", "hefei", "province", "wuhu"], []),
        ("auditor", ["bengbu", "hefei", "province", "wuhu"], []),
        ("swt", ["bengbu", "hefei", "province", "wuhu"], ["bengbu", "hefei", "province", "wuhu"]),
        ("hefei", ["hefei"], []),
        ("hfhg", [], []),
        ("lost city", [], []),
    ],
)
async def test_who_sees_which_missing_values(world: World, name: str, places: list[str], waiting: list[str]) -> None:
    slot = rules.slot_at(Period.YEAR, date(today().year - 1, 1, 1))
    code = await define(world, "swt", aggregation="none", period="year")
    await confirmed_before(world, code, slot.end)
    found = await listed(world, name, indicator=code)
    assert [(each["period"], each["jurisdiction"]) for each in found] == [(slot.label, place) for place in places]
    assert [each["jurisdiction"] for each in await listed(world, name, indicator=code, waiting="true")] == waiting
    assert await listed(world, name, indicator="none_such") == []


async def test_a_recorded_value_leaves_the_list_page_by_page(world: World) -> None:
    slot = rules.slot_at(Period.YEAR, date(today().year - 1, 1, 1))
    code = await define(world, None, period="year")
    await confirmed_before(world, code, slot.start)
    async with world.client("province") as client:
        first = (await client.get("/missing-values", params={"indicator": code, "limit": 2})).json()
        given = {"indicator": code, "limit": 200, "cursor": first["next"]}
        rest = (await client.get("/missing-values", params=given)).json()
        assert (await client.get("/missing-values", params={"cursor": "W10"})).status_code == 422
    found = [each["jurisdiction"] for each in first["items"] + rest["items"]]
    assert [place for place in found if place in PLACES] == ["bengbu", "hefei", "wuhu"]
    assert [each["office"] for each in await listed(world, "hefei", indicator=code, waiting="true")] == ["zone:hefei"]
    await record(world, "hefei", code, "hefei", "1", slot.label)
    assert await listed(world, "hefei", indicator=code) == []
    assert [each["jurisdiction"] for each in await listed(world, "province", indicator=code)] == ["bengbu", "wuhu"]
