"""What is told of deadlines that come and have passed, and what ends being late. Pure."""

from typing import Any

import pytest

from chassis.clock import now
from notify.inbox import settling
from notify.inbox.levels import Level, narrowed
from notify.inbox.rules import Entry, entries
from notify.inbox.settling import Settled
from services.notify.tests.samples import line

OFFICE, PROVINCE = "zone:hefei", "role:province"
FILED = {"line": line(light="red"), "filing": {"id": "f", "office": OFFICE}, "period": {"id": "p"}}


def due(step: int, level: str, title: str = "口岸", kind: str = "line", count: int = 1) -> dict[str, Any]:
    line_id = "l1" if kind in ("line", "milestone") else None
    said = {"kind": kind, "thing": "t1", "line_id": line_id, "title": title, "deadline": "2026-12-31", "count": count}
    return said | {"step": step, "level": level}


def told(what: str, *due: dict[str, Any]) -> dict[str, Entry]:
    reminder = {"office": OFFICE, "office_name": "合肥片区", "jurisdiction": "hefei", "due": list(due)}
    made = entries(f"zoneportal.progress.reminder.{what}.v1", "e1", now(), {"reminder": reminder})
    return {entry.audience: entry for entry in made}


@pytest.mark.parametrize(
    ("what", "steps", "audiences", "level", "late"),
    [
        ("due_soon", [(-7, "writer")], {OFFICE}, Level.WRITER, False),
        ("due_soon", [(-1, "writer")], {OFFICE}, Level.WRITER, False),
        ("overdue", [(1, "writer")], {OFFICE}, Level.WRITER, True),
        ("overdue", [(3, "admin")], {OFFICE}, None, True),
        ("overdue", [(1, "writer"), (3, "admin")], {OFFICE}, None, True),
        ("overdue", [(7, "province")], {OFFICE, PROVINCE}, None, True),
    ],
)
def test_each_step_is_told_one_level_up(
    what: str, steps: list[tuple[int, str]], audiences: set[str], level: Level | None, late: bool
) -> None:
    made = told(what, *(due(*step) for step in steps))
    assert set(made) == audiences
    assert (made[OFFICE].level, made[OFFICE].late) == (level, late)


@pytest.mark.parametrize(
    ("kind", "href", "body"),
    [
        ("line", "/lines/l1", "事项“口岸”（12月31日前）即将到期，请按时完成。"),
        ("milestone", "/lines/l1", "节点“口岸”（12月31日前）即将到期，请按时完成。"),
        ("order", "/orders/t1", "督办单“口岸”（12月31日前）即将到期，请按时完成。"),
        ("period", "/periods/t1", "填报“口岸”（3 项未报，12月31日前）即将到期，请按时完成。"),
    ],
)
def test_one_deadline_leads_to_its_thing(kind: str, href: str, body: str) -> None:
    (entry,) = told("due_soon", due(-3, "writer", kind=kind, count=3)).values()
    assert (entry.href, entry.thing, entry.texts.body) == (href, href, body)


def test_ten_deadlines_of_an_office_are_one_entry_and_one_for_the_province() -> None:
    made = told("overdue", *(due(7, "province", f"任务{number}") for number in range(12)))
    assert made[OFFICE].texts.title == "12 项工作已逾期"
    assert made[OFFICE].texts.body.endswith("、事项“任务4”（12月31日前）等 12 项已逾期，请抓紧办理。")
    assert (made[OFFICE].thing, made[PROVINCE].thing) == ("reminders/overdue", f"reminders/overdue/{OFFICE}")
    assert made[PROVINCE].texts.title == "合肥片区：12 项工作逾期满 7 个工作日"


def test_writers_are_those_who_manage_nobody_or_all_where_everybody_does() -> None:
    people = {"a": "a@x", "w": "w@x"}
    assert narrowed(Level.WRITER, people, {"a"}) == {"w": "w@x"}
    assert narrowed(Level.WRITER, people, {"a", "w"}) == people
    assert narrowed(None, people, {"a"}) == people


@pytest.mark.parametrize(
    ("what", "data", "things"),
    [
        ("line.progressed", {"line": line(id="l", light="green")}, [Settled("/lines/l")]),
        ("line.progressed", {"line": line(id="l", light="yellow")}, []),
        ("line.suspended", {"line": line(id="l", light="red")}, [Settled("/lines/l")]),
        (
            "line.suspended",
            {"line": line(id="l", light="red"), "quit": [{"period": "p", "office": "zone:hefei"}]},
            [Settled("/lines/l"), Settled("/periods/p", "zone:hefei")],
        ),
        ("report.submitted", {"line": line(id="l", light="red")}, []),
        ("order.applied", {"order": {"id": "o"}}, [Settled("/orders/o")]),
        ("order.urged", {"order": {"id": "o"}}, []),
        ("filing.checked", FILED | {"owed": 0}, [Settled("/periods/p", "zone:hefei")]),
        ("filing.checked", FILED | {"owed": 1}, []),
        ("filing.checked", FILED, []),
        ("filing.approved", FILED | {"owed": 0}, []),
    ],
)
def test_what_is_late_no_longer(what: str, data: dict[str, Any], things: list[Settled]) -> None:
    assert settling.settled(f"zoneportal.progress.{what}.v1", data) == things
