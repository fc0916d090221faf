"""What the pages say of lights is what progress judges by."""

from datetime import date, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lines import rules
from progress.lines import rules as progress
from progress.thresholds.rules import Thresholds

TODAY = date(2026, 11, 25)
DAYS = st.integers(-400, 400).map(lambda days: TODAY + timedelta(days))
STATES = st.sampled_from(progress.State)


STEPS = st.lists(st.builds(progress.Step, DAYS, st.integers(1, 1000), st.booleans()), max_size=4)


THRESHOLDS = st.builds(Thresholds, st.integers(0, 60), st.integers(0, 20))


@given(STATES, st.integers(0, 100), st.none() | DAYS, DAYS.filter(lambda day: day <= TODAY), STEPS, THRESHOLDS)
def test_the_reason_fits_the_light(
    state: progress.State,
    percent: int,
    due: date | None,
    opened: date,
    steps: list[progress.Step],
    thresholds: Thresholds,
) -> None:
    light = progress.light(state, percent, due, opened, TODAY, steps, thresholds)
    line = {"light": str(light), "percent": percent, "due": due and due.isoformat()}
    milestones = [
        {"title": "节点一", "due": step.due.isoformat(), "done_on": TODAY.isoformat() if step.done else None}
        for step in sorted(steps, key=lambda step: step.due)
    ]
    wanted = None if due is None else ceil(progress.expected(due, opened, TODAY, steps))
    schedule = {"milestones": milestones, "expected_percent": wanted, **vars(thresholds)}
    reason = rules.light_reason(line, schedule, TODAY)[0]
    signs = {
        progress.Light.BLUE: ["确认完成。"],
        progress.Light.RED: ["已超过时限"],
        progress.Light.YELLOW: ["仅剩", "节点“节点一”已逾期"],
        progress.Light.GREEN: ["未定完成时限" if due is None else "距时限还有"],
    }
    assert any(sign in reason for sign in signs[light])
    if wanted is not None and f"应达到 {wanted}%" in reason:
        assert (wanted - percent > thresholds.behind_percent) == (light is progress.Light.YELLOW)


@pytest.mark.parametrize(
    ("days", "done", "state"),
    [(-1, False, "late"), (0, False, "near"), (7, False, "near"), (8, False, "ahead"), (-1, True, "done")],
)
def test_the_state_of_a_milestone(days: int, done: bool, state: str) -> None:
    day = (TODAY + timedelta(days)).isoformat()
    assert rules.milestone_state({"due": day, "done_on": day if done else None}, TODAY) == state


def test_the_rules_are_the_same() -> None:
    assert list(rules.LIGHT_RULES.items()) == [(rule.name, rule.light) for rule in progress.LIGHTS]
    for name in rules.LIGHT_RULES:
        assert all(rules.light_rule(name, None)) and all(rules.light_rule(name, vars(Thresholds(45, 5))))
    assert "45 天" in rules.light_rule("near_and_behind", vars(Thresholds(45, 5)))[0]


def cell(jurisdiction: str, lines: int, red: int) -> dict[str, object]:
    return {"jurisdiction": jurisdiction, "lines": lines, "by_light": {"red": red}, "by_state": {"confirmed": 1}}


OVERVIEW = {
    "plans": [
        {"code": "1", "cells": [cell("hefei", 8, 2), cell("wuhu", 5, 1)]},
        {"code": "2", "cells": [cell("hefei", 3, 0), cell("wuhu", 4, 4)]},
    ]
}


def test_the_overview_tells_how_many_lines_there_are() -> None:
    def total(**narrowing: str) -> int | None:
        return rules.total(narrowing, OVERVIEW, "swt")

    assert total() == 20
    assert total(jurisdiction="hefei", unit="swt") == 11
    assert total(plan="2", light="red") == 4
    assert total(light="red", jurisdiction="wuhu", state="") == 5
    assert total(light="none") == 0
    assert total(unit="kjt") is total(q="口岸") is total(light="red", state="confirmed") is None
