"""What may be done with meetings and decisions, by table; what becomes of decisions as days pass."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.meetings import rules
from progress.meetings.rules import Action, MeetingAction, MeetingStatus, Standing, Status
from progress.orders.rules import Action as OrderAction

TODAY = date(2026, 11, 25)
SCOPES = ("all", "audit", "tenant", "unit", "none")
OPEN = {Action.NOTE, Action.ORDER, Action.PROPOSE, Action.COMPLETE}
ALLOWED = {
    Status.OPEN: OPEN,
    **{status: {Action.COMPLETE} for status in (Status.NOTED, Status.PROPOSED)},
    **{status: set() for status in (Status.ORDERED, Status.DONE)},
}


@pytest.mark.parametrize(("scope", "status", "action"), [*product(SCOPES, Status, Action)])
def test_who_may_do_what_with_a_decision(scope: str, status: Status, action: Action) -> None:
    allowed = scope == "all" and action in ALLOWED[status]
    assert (action in rules.actions(scope)[status]) == allowed
    if allowed:
        rules.must_allow(action, scope, status)
    else:
        with pytest.raises(rules.NotNow):
            rules.must_allow(action, scope, status)


@pytest.mark.parametrize(("scope", "status", "action"), [*product(SCOPES, MeetingStatus, MeetingAction)])
def test_who_may_do_what_with_a_meeting(scope: str, status: MeetingStatus, action: MeetingAction) -> None:
    allowed = scope == "all" and (action is MeetingAction.DECIDE) == (status is MeetingStatus.HELD)
    assert (action in rules.meeting_actions(scope)[status]) == allowed
    if allowed:
        rules.must_allow_meeting(action, scope, status)
    else:
        with pytest.raises(rules.NotNow):
            rules.must_allow_meeting(action, scope, status)


@given(st.lists(st.sampled_from(Action), max_size=20))
def test_a_decision_becomes_one_thing_at_most_and_is_done_once(tried: list[Action]) -> None:
    status, taken = Status.OPEN, []
    for action in tried:
        if action in rules.actions("all")[status]:
            status = rules.LEADS_TO[action]
            taken.append(action)
    assert len(taken) <= 2
    assert taken.count(Action.COMPLETE) == (status is Status.DONE)
    assert Action.COMPLETE not in taken[:-1]


@pytest.mark.parametrize(
    ("status", "due", "standing"),
    [
        (Status.OPEN, TODAY, Standing.OPEN),
        (Status.OPEN, TODAY - timedelta(1), Standing.OVERDUE),
        (Status.NOTED, TODAY - timedelta(1), Standing.OVERDUE),
        (Status.PROPOSED, TODAY + timedelta(1), Standing.OPEN),
        (Status.DONE, TODAY - timedelta(1), Standing.DONE),
    ],
)
def test_what_became_of_a_decision(status: Status, due: date, standing: Standing) -> None:
    assert rules.standing(status, due, TODAY) is standing


@pytest.mark.parametrize(("days", "allowed"), [(-1, True), (0, True), (1, False)])
def test_a_meeting_is_held_on_its_day_at_the_earliest(days: int, allowed: bool) -> None:
    if allowed:
        rules.must_have_been(TODAY + timedelta(days), TODAY)
    else:
        with pytest.raises(rules.NotHeld):
            rules.must_have_been(TODAY + timedelta(days), TODAY)


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (1, True)])
def test_a_decision_is_due_after_its_meeting(days: int, allowed: bool) -> None:
    if allowed:
        rules.must_follow(TODAY + timedelta(days), TODAY)
    else:
        with pytest.raises(rules.DueTooEarly):
            rules.must_follow(TODAY + timedelta(days), TODAY)


@pytest.mark.parametrize("action", OrderAction)
def test_a_decision_follows_the_end_of_its_order_alone(action: OrderAction) -> None:
    expected = {OrderAction.CLOSE: "completed", OrderAction.REVOKE: "reopened"}
    assert rules.FOLLOWS.get(action) == expected.get(action)


@pytest.mark.parametrize(
    ("text", "evidence", "outcome"), [("", "验收报告", "验收报告"), ("已建成", "验收报告", "已建成\n验收报告")]
)
def test_the_outcome_is_what_closed_the_order(text: str, evidence: str, outcome: str) -> None:
    assert rules.outcome({"text": text, "evidence": evidence}) == outcome
