"""The lives of orders and problems: every state × capacity × action, random walks, colours and urgings by table."""

from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.lines.rules import Actor, NotNow, NotPermitted
from progress.orders import rules as orders
from progress.orders.rules import Action, Capacity, Colour, Order, State
from progress.problems import rules as problems
from progress.workflow import Workflow

TODAY = date(2026, 11, 24)
DUE = date(2026, 12, 24)
WORKFLOWS: dict[str, Workflow[Any, Any, Any]] = {"order": orders.WORKFLOW, "problem": problems.WORKFLOW}
KINDS: dict[str, tuple[type[StrEnum], type[StrEnum], type[StrEnum]]] = {
    "order": (orders.State, orders.Capacity, orders.Action),
    "problem": (problems.State, problems.Capacity, problems.Action),
}


def order(state: State = State.REGISTERED, **over: Any) -> Order:
    given = Order(UUID(int=1), "hefei", "zone:hefei", ["unit:swt"], state, DUE, 1)
    return replace(
        given, **({"sign_due": date(2026, 11, 26), "issued_on": TODAY} if state != "registered" else {}) | over
    )


def days(number: int) -> date:
    return TODAY + timedelta(number)


@pytest.mark.parametrize("kind", WORKFLOWS)
def test_every_capacity_may_do_in_every_state_what_the_table_says_and_nothing_else(kind: str) -> None:
    workflow, (states, capacities, actions) = WORKFLOWS[kind], KINDS[kind]
    for state in states:
        for capacity in capacities:
            for action in actions:
                allowed = workflow.table[state].get(capacity, {})
                if action in allowed:
                    assert workflow.after(state, capacity, action) is allowed[action]
                    assert action in workflow.rights()[f"{capacity}/{state}"]
                else:
                    ever = any(action in workflow.table[other].get(capacity, {}) for other in states)
                    with pytest.raises(NotNow if ever else NotPermitted):
                        workflow.after(state, capacity, action)


@pytest.mark.parametrize("kind", WORKFLOWS)
def test_every_state_is_in_the_table_reached_from_the_first_and_left_or_an_end(kind: str) -> None:
    workflow, (states, _, actions) = WORKFLOWS[kind], KINDS[kind]
    first = next(iter(states))
    reached, taken = {first}, set()
    for _ in states:
        for state, _, steps in workflow.rows():
            if state in reached:
                reached |= set(steps.values())
                taken |= set(steps)
    assert reached == set(states) == set(workflow.table)
    assert taken == set(actions)


@given(st.data())
def test_a_random_walk_of_an_order_keeps_to_the_table(data: st.DataObject) -> None:
    now, day = order(), TODAY
    for _ in range(data.draw(st.integers(1, 25))):
        capacity, action = data.draw(st.sampled_from(Capacity)), data.draw(st.sampled_from(Action))
        day += timedelta(data.draw(st.integers(0, 9)))
        wanted = day + timedelta(data.draw(st.integers(-5, 60)))
        try:
            after = orders.take(now, capacity, action, day, day=wanted)
        except (NotNow, NotPermitted):
            assert action not in orders.WORKFLOW.steps(now.state, capacity)
            continue
        except (orders.SignDueNotAllowed, orders.OrderDeadlineNotAllowed):
            assert action in (Action.ISSUE, Action.EXTEND)
            continue
        assert orders.WORKFLOW.table[now.state][capacity][action] is after.state
        assert (after.version, after.id, after.lead) == (now.version + 1, now.id, now.lead)
        _must_be_whole(after, day)
        now = after


def _must_be_whole(order: Order, day: date) -> None:
    assert (order.asked_deadline is not None) == (order.state is State.EXTENDING)
    assert (order.ended_on is not None) == (order.state in (State.CLOSED, State.REVOKED))
    assert 0 <= order.level <= orders.HIGHEST_LEVEL
    watch = orders.watch(order)
    assert (watch.urge_from is not None) == (order.state in (State.ISSUED, State.IN_HAND))
    assert watch.urge_from is None or order.urged_on is None or watch.urge_from > order.urged_on
    if order.ended_on is not None:
        assert watch.colour(day + timedelta(10_000)) is None


@given(st.data())
def test_a_random_walk_of_a_problem_keeps_to_the_table(data: st.DataObject) -> None:
    now = problems.Problem(UUID(int=1), "hefei", None, "zone:hefei", "unit:swt", problems.State.OPEN, DUE, 1)
    for _ in range(data.draw(st.integers(1, 12))):
        capacity = data.draw(st.sampled_from(problems.Capacity))
        action = data.draw(st.sampled_from(problems.Action))
        try:
            after = problems.take(now, capacity, action, TODAY, "…", DUE)
        except (NotNow, NotPermitted):
            assert action not in problems.WORKFLOW.steps(now.state, capacity)
            continue
        assert problems.WORKFLOW.table[now.state][capacity][action] is after.state
        assert (after.outcome is not None) == (after.state is problems.State.SETTLED)
        assert (after.ended_on is not None) == (after.state in (problems.State.SETTLED, problems.State.WITHDRAWN))
        now = after


@pytest.mark.parametrize(
    ("actor", "capacity"),
    [
        (Actor("all"), Capacity.PROVINCE),
        (Actor("audit"), Capacity.READER),
        (Actor("tenant", tenant="hefei"), Capacity.LEAD),
        (Actor("tenant", tenant="wuhu"), Capacity.READER),
        (Actor("unit", unit="swt"), Capacity.MEMBER),
        (Actor("unit", unit="hefei"), Capacity.READER),
        (Actor("none"), Capacity.READER),
    ],
)
def test_what_somebody_is_to_an_order(actor: Actor, capacity: Capacity) -> None:
    assert orders.capacity(actor, order()) is capacity


@pytest.mark.parametrize(
    ("given", "day", "colour"),
    [
        (order(), days(400), None),
        (order(State.ISSUED), TODAY, None),
        (order(State.ISSUED), date(2026, 11, 26), None),
        (order(State.ISSUED), date(2026, 11, 27), Colour.YELLOW),
        (order(State.IN_HAND), date(2026, 12, 16), None),
        (order(State.IN_HAND), date(2026, 12, 17), Colour.BLUE),
        (order(State.IN_HAND), DUE, Colour.BLUE),
        (order(State.IN_HAND), date(2026, 12, 25), Colour.RED),
        (order(State.EXTENDING, asked_deadline=date(2027, 1, 9)), date(2026, 12, 25), Colour.RED),
        (order(State.IN_HAND, pressed=True), TODAY, Colour.YELLOW),
        (order(State.IN_HAND, poor=True), DUE, Colour.YELLOW),
        (order(State.IN_HAND, poor=True), date(2026, 12, 25), Colour.RED),
        (order(State.IN_HAND, deadline=date(2026, 12, 31)), date(2027, 1, 1), Colour.RED),
        (order(State.IN_HAND, deadline=date(2028, 2, 29)), date(2028, 2, 29), Colour.BLUE),
        (order(State.IN_HAND, deadline=date(2028, 2, 29)), date(2028, 3, 1), Colour.RED),
        (order(State.SUBMITTED, answered_on=DUE), date(2027, 6, 1), None),
        (order(State.SUBMITTED, answered_on=date(2026, 12, 25)), date(2026, 12, 25), Colour.RED),
        (order(State.VERIFIED, answered_on=date(2026, 12, 25)), date(2027, 6, 1), Colour.RED),
        (order(State.CLOSED, answered_on=date(2026, 12, 25), ended_on=date(2027, 1, 1)), date(2027, 6, 1), None),
    ],
)
def test_the_colour_of_a_day(given: Order, day: date, colour: Colour | None) -> None:
    assert orders.watch(given).colour(day) is colour


def test_the_clock_urges_daily_a_level_higher_and_then_weekly() -> None:
    now, told = order(State.ISSUED), []
    for number in range(40):
        if (orders.watch(now).urge_from or date.max) <= days(number):
            now = orders.take(now, Capacity.CLOCK, Action.URGE, days(number))
            told.append((number, now.level))
    assert told == [(3, 1), (4, 2), (5, 3), (12, 3), (19, 3), (26, 3), (33, 3)]
    now = orders.take(now, Capacity.LEAD, Action.SIGN, days(40))
    assert (now.level, now.pressed) == (0, False)


def test_the_clock_does_not_urge_an_office_whose_extension_waits() -> None:
    waits = orders.take(order(State.IN_HAND), Capacity.LEAD, Action.EXTEND, TODAY, day=days(90))
    assert orders.watch(waits).urge_from is None
    with pytest.raises((NotNow, NotPermitted)):
        orders.take(waits, Capacity.CLOCK, Action.URGE, days(60))
    refused = orders.take(waits, Capacity.PROVINCE, Action.REFUSE_EXTENSION, days(60))
    assert orders.watch(refused).urge_from == DUE + timedelta(1)
    agreed = orders.take(waits, Capacity.PROVINCE, Action.APPROVE_EXTENSION, days(60))
    assert orders.watch(agreed).urge_from == days(91)


def test_an_urging_by_the_province_counts_for_its_day() -> None:
    now = orders.take(order(State.IN_HAND), Capacity.PROVINCE, Action.URGE, days(31))
    assert orders.watch(now).urge_from == days(32)
    assert orders.watch(orders.take(now, Capacity.MEMBER, Action.REPLY, days(31))).colour(TODAY) is Colour.YELLOW
    assert orders.watch(orders.take(now, Capacity.LEAD, Action.REPLY, days(31))).colour(TODAY) is None


def test_what_is_returned_runs_against_its_deadline_again() -> None:
    applied = orders.take(order(State.IN_HAND), Capacity.LEAD, Action.APPLY, TODAY)
    assert orders.watch(applied).colour(days(400)) is None
    back = orders.take(applied, Capacity.PROVINCE, Action.RETURN, days(40))
    assert (back.answered_on, orders.watch(back).colour(days(40))) == (None, Colour.RED)


@pytest.mark.parametrize("day", [days(-1), DUE + timedelta(1), None])
def test_an_order_is_to_be_signed_for_before_it_is_due(day: date | None) -> None:
    with pytest.raises(orders.SignDueNotAllowed):
        orders.take(order(), Capacity.PROVINCE, Action.ISSUE, TODAY, day=day)


@pytest.mark.parametrize("day", [DUE, TODAY, date(9999, 1, 1), None])
def test_more_time_means_a_later_day(day: date | None) -> None:
    with pytest.raises(orders.OrderDeadlineNotAllowed):
        orders.take(order(State.IN_HAND), Capacity.LEAD, Action.EXTEND, TODAY, day=day)


def test_an_approved_extension_sets_the_deadline_that_was_asked_for() -> None:
    asked = orders.take(order(State.IN_HAND), Capacity.LEAD, Action.EXTEND, TODAY, day=days(60))
    assert (asked.deadline, asked.asked_deadline) == (DUE, days(60))
    approved = orders.take(asked, Capacity.PROVINCE, Action.APPROVE_EXTENSION, TODAY)
    assert (approved.deadline, approved.asked_deadline, approved.state) == (days(60), None, State.IN_HAND)
    refused = orders.take(asked, Capacity.PROVINCE, Action.REFUSE_EXTENSION, TODAY)
    assert (refused.deadline, refused.asked_deadline) == (DUE, None)
