"""The timeline and the share that is done: what is shown, moved and set by forms."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.clock import today
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.test_lines import Line, hefei
from gateway.portal.tests.test_schedule import save, schedule_of
from portal.timeline import rules
from tests.support import PROGRESS, get

__all__ = ["hefei"]
TODAY = date(2026, 11, 25)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def line(actions: list[str], *milestones: tuple[str, bool]) -> dict[str, Any]:
    placed = [
        {"id": str(number), "title": f"节点{number}", "weight": 1, "due": due, "done_on": due if done else None}
        for number, (due, done) in enumerate(milestones)
    ]
    return {"actions": actions, "due": milestones[-1][0], "milestones": placed}


@given(st.lists(DAYS, min_size=1, max_size=9), DAYS)
def test_the_axis_holds_all_days_and_few_ticks(dues: list[date], day: date) -> None:
    axis = rules.axis([line([], *((due.isoformat(), False) for due in sorted(dues)))], day)
    assert all(0 < axis.number(each) < axis.days for each in (*dues, day))
    assert len(axis.ticks) <= rules.MOST_TICKS + 1
    assert all(axis.start <= tick <= axis.end and tick.day == 1 for tick in axis.ticks)


def test_only_what_is_neither_done_nor_last_is_moved_by_those_who_may() -> None:
    milestones = [("2026-11-01", True), ("2026-12-01", False), ("2026-12-20", False), ("2026-12-31", False)]
    axis = rules.axis([line([], *milestones)], TODAY)
    assert [place.movable for place in rules.places(line(["schedule"], *milestones), axis)] == [
        False,
        True,
        True,
        False,
    ]
    assert not any(place.movable for place in rules.places(line(["report"], *milestones), axis))
    second = rules.places(line(["schedule"], *milestones), axis)[2]
    assert (second.least, second.most) == ("2026-12-01", "2026-12-31")


def test_of_milestones_on_one_day_the_one_with_room_is_moved() -> None:
    stacked = line(["schedule"], *[("2026-12-31", False)] * 3)
    assert [place.movable for place in rules.places(stacked, rules.axis([stacked], TODAY))] == [True, False, False]


def test_the_schedule_is_sent_with_one_milestone_on_another_day() -> None:
    schedule = line([], ("2026-11-01", True), ("2026-12-01", False), ("2026-12-31", False)) | {"deadline": "2026-12-31"}
    sent = rules.moved(schedule, "1", "2026-12-07")
    assert [each["due"] for each in sent["milestones"]] == ["2026-12-07", "2026-12-31"]
    assert sent["deadline"] == "2026-12-31"


def test_a_milestone_is_moved_on_the_timeline(system: System, as_user: AsUser, hefei: Line) -> None:
    browser, deadline = as_user("hefei.admin"), today() + timedelta(200)
    dues = [str(today() + timedelta(50)), str(today() + timedelta(100)), str(deadline)]
    save(browser, browser.get(f"/lines/{hefei['id']}"), deadline, dues)
    here = f"/timeline?jurisdiction=hefei&task={hefei['task']['code']}"
    page = browser.get(here)
    assert (page.text.count('role="slider"'), "timeline-today" in page.text) == (2, True)
    first, second, last = schedule_of(system, hefei)["milestones"]
    form = f"/timeline/lines/{hefei['id']}"
    moved = browser.submit(page, form, milestone=first["id"], due=str(today() + timedelta(60)))
    assert "节点日期已调整" in moved.text
    after = [(each["id"], each["due"]) for each in schedule_of(system, hefei)["milestones"]]
    assert after == [
        (first["id"], str(today() + timedelta(60))),
        *((each["id"], each["due"]) for each in (second, last)),
    ]
    stale = browser.submit(page, form, _key=str(uuid4()), milestone=first["id"], due=str(today() + timedelta(61)))
    assert stale.status_code == 412
    late = browser.submit(browser.get(here), form, milestone=first["id"], due=str(deadline))
    assert late.status_code == 422
    readers = as_user("auditor.demo").get(here)
    assert (readers.status_code, 'role="slider"' in readers.text) == (200, False)


def test_nobody_moves_what_is_not_theirs(system: System, as_user: AsUser, hefei: Line) -> None:
    browser = as_user("hefei.admin")
    deadline = today() + timedelta(90)
    save(browser, browser.get(f"/lines/{hefei['id']}"), deadline, [str(deadline)] * 3)
    milestone = schedule_of(system, hefei)["milestones"][0]["id"]
    wuhu = as_user("wuhu.admin")
    token = {"_csrf": wuhu.get("/lines").text.partition('"X-CSRF-Token": "')[2].partition('"')[0]}
    sent = wuhu.post(f"/timeline/lines/{hefei['id']}", data=token | {"milestone": milestone, "due": str(today())})
    assert sent.status_code == 404


def test_the_goal_of_a_plan_is_set_and_the_curve_shown(system: System, as_user: AsUser) -> None:
    browser, scope = as_user("province.admin"), {"plan": "8", "jurisdiction": "bengbu"}
    page = browser.get("/landing", params=scope)
    assert "data-chart" in page.text
    given: dict[str, Any] = {"months": ["6", "18", ""], "percent": ["40", "100", ""], "start": ""}
    saved = browser.submit(page, "/landing/goal", **scope, **given)
    assert "满 6 个月 40%，满 18 个月 100%" in saved.text, saved.text
    refused = browser.submit(saved, "/landing/goal", **scope, **given | {"percent": ["40", "30", ""]})
    assert (refused.status_code, "比例不应降低" in refused.text) == (422, True)
    goal = get(system, "province.admin", f"{PROGRESS}/landing", **scope)["goal"]
    assert [stage["percent"] for stage in goal["stages"]] == [40, 100]


@pytest.mark.parametrize("user", ["hefei.admin", "dept.swt", "auditor.demo"])
def test_others_see_the_curve_and_set_no_goal(as_user: AsUser, user: str) -> None:
    page = as_user(user).get("/landing")
    assert (page.status_code, "设定目标" in page.text) == (200, False)
