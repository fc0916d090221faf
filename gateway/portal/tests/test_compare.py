"""Tables of two days side by side: the old struck through, what came and went, and how much of it."""

import re
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from chassis.clock import today
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from portal.compare import rules
from portal.compare.rules import Pair
from tests.support import PROGRESS, done, get, lines

STOOD = {"state": "in_progress", "percent": 40, "light": "green", "due": None, "plan": "甲计划", "leads": ["省商务厅"]}
STOOD |= {"units": ["省商务厅", "合肥海关"]}
Json = dict[str, Any]


async def test_a_line_has_its_old_value_struck_through(as_user: AsUser, system: System) -> None:
    line = next(each for each in lines(system, "wuhu.admin", state="not_started") if "report" in each["actions"])
    done(system, "wuhu.admin", line["id"], "reports", percent=31, done="完成招标")
    server = await asyncpg.connect(system.database("progress"))
    await server.execute(
        "UPDATE line_history SET at = at - interval '3 days' WHERE line_id = $1 AND what = 'opened'", line["id"]
    )
    await server.close()
    plan = line["task"]["plan"]["code"]
    summary = get(system, "wuhu.admin", f"{PROGRESS}/changes/summary", plan=plan, since=str(today() - timedelta(1)))
    shown = as_user("wuhu.admin").get("/compare", params={"plan": plan}).text
    row = next(row for row in shown.split("<tr>") if f"/lines/{line['id']}" in row)
    assert re.search(r"<del>0%</del>.*<ins>31%</ins>", row)
    assert "新增" not in row
    for code, count in rules.counted(summary):
        assert f"{ {'came': '新增', 'went': '退出', 'changed': '有变化'}[code] } <strong>{count}</strong>" in shown
    assert 'aria-current="true">与昨日比' in shown


async def test_the_overview_has_its_old_numbers_struck_through(as_user: AsUser, system: System, kept: date) -> None:
    server = await asyncpg.connect(system.database("progress"))
    await server.execute("UPDATE day_cell SET lines = lines + 1, green = green + 1 WHERE plan = '3' AND unit = ''")
    await server.close()
    now = get(system, "hefei.admin", f"{PROGRESS}/overview")["totals"]["lines"]
    browser = as_user("hefei.admin")
    shown = browser.get("/compare?show=overview").text
    assert re.search(rf"<del>{now + 1}</del>.*<ins>{now}</ins>", shown)
    assert ">1 格有变化<" in shown
    assert f'href="/compare?show=overview&amp;since={kept}"' in browser.get(f"/overview?on={kept}").text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/compare?until=2999-01-01&since=2026-01-01", "2999-01-01 还没有到"),
        ("/compare?since=2021-01-01", "统计从"),
        ("/compare?show=overview&since=2021-01-01", "统计从"),
    ],
)
def test_days_of_which_nothing_is_known_get_a_kind_word(as_user: AsUser, path: str, said: str) -> None:
    shown = as_user("dept.swt").get(path)
    assert (shown.status_code, said in shown.text, 'type="date"' in shown.text) == (422, True, True)


@pytest.mark.parametrize("show", ["", "overview"])
def test_as_long_as_there_is_no_such_day_yet_the_page_says_so(as_user: AsUser, show: str) -> None:
    shown = as_user("hefei.admin").get("/compare", params={"show": show, "against": "week"})
    assert (shown.status_code, "还没有可对比的情况" in shown.text, "统计从" in shown.text) == (200, True, True)


def test_without_changes_the_page_says_so(as_user: AsUser) -> None:
    browser = as_user("hefei.admin")
    assert "这段时间没有变化" in browser.get("/compare?plan=no-such-plan").text
    assert 'href="/compare?jurisdiction=&amp;plan=3"' in browser.get("/lines?plan=3").text
    assert as_user("operator.demo").get("/compare").status_code == 404


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        (("", "", ""), ("2026-11-28", "2026-11-29")),
        (("week", "2026-01-01", ""), ("2026-11-22", "2026-11-29")),
        (("", "2026-10-01", ""), ("2026-10-01", "2026-11-29")),
        (("", "2026-10-01", "2026-10-31"), ("2026-10-01", "2026-10-31")),
    ],
)
def test_days_are_those_asked_for_or_yesterday_and_now(asked: tuple[str, str, str], days: tuple[str, str]) -> None:
    assert rules.span(*asked, date(2026, 11, 29)) == days


def test_each_field_of_a_line_is_the_same_or_another() -> None:
    line = {"before": STOOD, "after": STOOD | {"percent": 60, "units": ["省商务厅", "省财政厅"]}}
    cells = rules.cells(line)
    assert (rules.kind(line), cells["percent"], cells["light"].mark) == ("changed", Pair(40, 60, "changed"), "same")
    assert [(name.after, name.mark) for name in rules.names(line)] == [
        ("省商务厅", "same"),
        ("省财政厅", "came"),
        ("合肥海关", "went"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "kind", "mark"), [(None, STOOD, "came", "same"), (STOOD, None, "went", "went")]
)
def test_a_line_that_came_is_as_it_is_and_one_that_went_is_struck_through(
    before: Json | None, after: Json | None, kind: str, mark: str
) -> None:
    line = {"before": before, "after": after}
    assert rules.kind(line) == kind
    assert {each.mark for each in (*rules.cells(line).values(), *rules.names(line))} == {mark}


def overview(plans: dict[str, dict[str, int]]) -> Json:
    """``plans``: by code the lines of each jurisdiction, all of them green."""
    places = dict.fromkeys(place for cells in plans.values() for place in cells)
    return {
        "jurisdictions": [{"code": place, "name": place.upper()} for place in places],
        "plans": [
            {
                "code": code,
                "cells": [
                    {"jurisdiction": place, "lines": count, "by_light": {"green": count, "red": 0}, "mean_percent": 5}
                    for place, count in cells.items()
                ],
            }
            for code, cells in plans.items()
        ],
    }


def test_plans_and_jurisdictions_that_came_or_went_are_compared_with_nothing() -> None:
    was, now = overview({"1": {"hefei": 2}, "2": {"hefei": 1}}), overview({"1": {"hefei": 2, "wuhu": 3}, "n1": {}})
    rows = rules.matrix(was, now)
    assert [(plan["code"], mark) for plan, mark, _ in rows] == [("1", "same"), ("n1", "came"), ("2", "went")]
    first, _, third = (dict(cells) for _, _, cells in rows)
    assert first["HEFEI"].lines == Pair(2, 2, "same")
    assert first["WUHU"].lines == Pair(0, 3, "changed")
    assert third["HEFEI"].lights == {"green": Pair(1, 0, "changed")}
    assert rules.changed(rows) == 2
