"""Who may do what with cases and replications, held against random paths; how scores come about."""

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.cases import rules
from progress.cases.rules import Action, Capacity, Case, Criterion, State
from progress.lines.rules import Actor
from progress.replications import rules as replication_rules

CRITERIA = (Criterion("创新性", 60), Criterion("成效", 40))
PROVINCE, ORIGIN, OTHER = Actor("all"), Actor("tenant", tenant="hefei"), Actor("tenant", tenant="wuhu")
UNIT, AUDITOR = Actor("unit", unit="swt"), Actor("audit")
Path = st.lists(st.tuples(st.sampled_from(Capacity), st.sampled_from(Action)), max_size=60)
Moves = st.lists(
    st.tuples(st.sampled_from(replication_rules.Capacity), st.sampled_from(replication_rules.Action)), max_size=40
)


def case(state: State, scored: bool | None = None) -> Case:
    return Case(uuid4(), "hefei", "案例", state, 1, 1, dict.fromkeys(rules.NEEDED, "有"), scored)


@given(Path)
def test_a_case_moves_only_as_the_table_says_and_ends_where_nothing_leads_on(
    path: list[tuple[Capacity, Action]],
) -> None:
    state, seen = State.DRAFT, [State.DRAFT]
    for capacity, action in path:
        if action in rules.actions(state, capacity):
            state = rules.LEADS_TO.get(action, state)
            seen.append(state)
    if State.PUBLISHED in seen:
        assert seen.index(State.EVALUATED) < seen.index(State.APPROVED) < seen.index(State.PUBLISHED)
        assert set(seen[seen.index(State.PUBLISHED) :]) <= {State.PUBLISHED, State.RETRACTED}
    if State.REJECTED in seen:
        assert seen[-1] is State.REJECTED


@given(Moves)
def test_a_replication_is_adopted_only_after_it_was_planned_and_begun(
    path: list[tuple[replication_rules.Capacity, replication_rules.Action]],
) -> None:
    states = replication_rules.State
    state, seen = states.UNANSWERED, [states.UNANSWERED]
    for capacity, action in path:
        if action in replication_rules.actions(state, capacity):
            state = replication_rules.LEADS_TO[action]
            seen.append(state)
    assert seen.count(states.UNANSWERED) == 1
    if states.ADOPTED in seen:
        assert seen[-3:] == [states.PLANNED, states.UNDER_WAY, states.ADOPTED]


def test_every_state_but_the_last_ones_leads_somewhere_and_all_are_reached() -> None:
    reached = {State.DRAFT} | {
        rules.LEADS_TO[action]
        for by_capacity in rules.TABLE.values()
        for allowed in by_capacity.values()
        for action in allowed & rules.LEADS_TO.keys()
    }
    assert reached == set(State)
    assert {state for state in State if not rules.TABLE[state]} == {State.REJECTED, State.RETRACTED}


@pytest.mark.parametrize(
    ("actor", "scored", "capacity"),
    [
        (PROVINCE, None, Capacity.PROVINCE),
        (ORIGIN, None, Capacity.ORIGIN),
        (OTHER, None, Capacity.READER),
        (AUDITOR, None, Capacity.READER),
        (UNIT, None, Capacity.READER),
        (UNIT, False, Capacity.EVALUATOR),
        (UNIT, True, Capacity.READER),
    ],
)
def test_what_somebody_is_to_a_case(actor: Actor, scored: bool | None, capacity: Capacity) -> None:
    assert rules.capacity(actor, case(State.EVALUATING, scored)) is capacity


def test_an_evaluator_scores_once_and_might_only_score() -> None:
    waiting, given_ = case(State.EVALUATING, False), case(State.EVALUATING, True)
    rules.authorize(Action.SCORE, UNIT, waiting)
    assert rules.ever(UNIT, waiting) == rules.ever(UNIT, given_) == {Action.SCORE}
    with pytest.raises(rules.NotNow):
        rules.authorize(Action.SCORE, UNIT, given_)
    assert rules.ever(UNIT, case(State.EVALUATING)) == set()


def test_the_total_is_the_weighted_mean() -> None:
    assert rules.total(CRITERIA, [("创新性", 80), ("成效", 95)]) == Decimal("86.0")
    assert rules.total(CRITERIA, [("成效", 1), ("创新性", 0)]) == Decimal("0.4")


@pytest.mark.parametrize(
    "points",
    [
        [("创新性", 80)],
        [("创新性", 80), ("创新性", 80)],
        [("创新性", 80), ("别的", 80)],
        [("创新性", 1), ("成效", 1), ("成效", 1)],
    ],
)
def test_points_are_those_of_the_criteria(points: list[tuple[str, int]]) -> None:
    with pytest.raises(rules.PointsDiffer):
        rules.total(CRITERIA, points)


@given(
    st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 100)), min_size=1, max_size=20),
    st.lists(st.decimals(0, 100, places=1), min_size=1, max_size=20),
)
def test_no_score_is_outside_of_what_was_given(sheet: list[tuple[int, int]], totals: list[Decimal]) -> None:
    criteria = [Criterion(str(number), weight) for number, (weight, _) in enumerate(sheet)]
    points = [points for _, points in sheet]
    total = rules.total(criteria, [(str(number), each) for number, each in enumerate(points)])
    assert min(points) <= total <= max(points)
    assert min(totals) <= rules.mean(totals) <= max(totals)


def test_a_round_without_scores_has_no_mean() -> None:
    with pytest.raises(rules.NotScored):
        rules.mean([])


def test_a_case_says_what_is_missing_before_it_is_submitted() -> None:
    with pytest.raises(rules.Incomplete, match="主要做法、改革后成效"):
        rules.must_be_complete({"background": "有", "practice": "", "effect_before": "有", "effect_after": ""})


@pytest.mark.parametrize(
    ("actor", "expert", "fits"),
    [(PROVINCE, "张三", True), (PROVINCE, None, False), (UNIT, None, True), (UNIT, "张三", False)],
)
def test_experts_are_named_by_the_province_alone(actor: Actor, expert: str | None, fits: bool) -> None:
    if fits:
        rules.must_name_expert(actor, expert)
    else:
        with pytest.raises(rules.ExpertNotAllowed):
            rules.must_name_expert(actor, expert)
