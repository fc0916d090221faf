"""Scores from facts: same facts, same scores; nothing to judge by counts neither way."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.assessment import rules
from progress.assessment.rules import Action, Basis, Declaration, Fact, Item, NotNow, NotPermitted, Status, Way
from progress.lines.rules import Actor

ITEM = Item("lines", "按时推进", Basis.LINES, 40)
TARGET = Item("cases", "创新案例", Basis.LINES, 10, target=4)
PROVINCE, ZONE, AUDITOR = Actor("all"), Actor("tenant", "hefei"), Actor("audit")


def facts(*worths: int, exempt: str | None = None) -> list[Fact]:
    return [Fact(str(number), "…", "/", worth, "", "", exempt) for number, worth in enumerate(worths)]


@pytest.mark.parametrize(
    ("item", "of", "expected"),
    [
        (ITEM, facts(), None),
        (ITEM, facts(100, 100), "40.00"),
        (ITEM, facts(100, 50, 0), "20.00"),
        (ITEM, facts(100, 0, 0), "13.33"),
        (ITEM, facts(0, 0, exempt="…"), None),
        (ITEM, [*facts(100), *facts(0, 0, exempt="…")], "40.00"),
        (TARGET, facts(), "0.00"),
        (TARGET, facts(100, 100), "5.00"),
        (TARGET, facts(*[100] * 9), "10.00"),
    ],
)
def test_points(item: Item, of: list[Fact], expected: str | None) -> None:
    assert rules.score(item, of, "zone:hefei") == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize("basis", [Basis.INDICATORS, Basis.CASES])
def test_units_are_not_judged_by_what_zones_alone_have(basis: Basis) -> None:
    item = replace(TARGET, basis=basis)
    assert rules.score(item, [], "unit:swt") is None
    assert rules.score(item, [], "zone:hefei") == 0


def test_the_total_is_of_what_was_scored() -> None:
    assert rules.total([(40, Decimal(20)), (60, None)]) == Decimal("50.00")
    assert rules.total([(40, None)]) is None


@given(st.lists(st.integers(0, 100), max_size=30), st.randoms())
def test_the_order_of_facts_does_not_matter(worths: list[int], random: object) -> None:
    shuffled = sorted(facts(*worths), key=lambda fact: hash((fact.id, str(random))))
    score = rules.score(ITEM, shuffled, "unit:swt")
    assert score == rules.score(ITEM, facts(*worths), "unit:swt")
    assert score is None or 0 <= score <= ITEM.points


DUE = date(2026, 11, 30)


AFTER = date(2026, 12, 1)


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize(
    ("light", "declared_on", "worth"),
    [("green", [], 100), ("blue", [AFTER], 100), ("red", [], 0), ("red", [DUE], 50), ("red", [AFTER], 0)],
)
def test_a_risk_that_was_declared_costs_less(light: str, declared_on: list[date], worth: int, way: Way) -> None:
    told = [Declaration(way, on) for on in declared_on]
    assert rules.line_fact("1", "…", light, DUE, told).worth == worth
    assert rules.line_fact("1", "…", "red", None, told).worth == 0


DECLARED = st.lists(st.builds(Declaration, st.sampled_from(Way), st.dates(date(2026, 11, 1), date(2026, 12, 31))))


@given(DECLARED, st.randoms())
def test_the_first_declaration_before_the_deadline_counts_in_any_order(told: list[Declaration], random: Random) -> None:
    shuffled = [*told]
    random.shuffle(shuffled)
    first = rules.declared(told, DUE)
    assert first == rules.declared(shuffled, DUE)
    assert (first is None) == all(each.on > DUE for each in told)
    assert first is None or first.on == min(each.on for each in told)


@given(st.lists(st.integers(0, 100), max_size=20), st.sets(st.integers(0, 19)))
def test_a_tolerated_fact_stays_shown_and_does_not_count(worths: list[int], exempt: set[int]) -> None:
    known = facts(*worths)
    tolerated = rules.tolerated(known, {str(number): "不可抗力" for number in exempt})
    assert [fact.id for fact in tolerated] == [fact.id for fact in known]
    assert {fact.id for fact in tolerated if fact.exempt} == {str(number) for number in exempt if number < len(worths)}
    counted = [fact for number, fact in enumerate(known) if number not in exempt]
    assert rules.score(ITEM, tolerated, "unit:swt") == rules.score(ITEM, counted, "unit:swt")
    assert rules.tolerated(tolerated, {}) == known


@pytest.mark.parametrize(("done_on", "worth"), [(DUE, 100), (date(2026, 12, 1), 50), (None, 0)])
def test_milestones(done_on: date | None, worth: int) -> None:
    assert rules.milestone_fact("1", "2", "…", DUE, done_on).worth == worth


@pytest.mark.parametrize(
    ("received_on", "on_time", "worth"),
    [(DUE, True, 100), (date(2026, 12, 3), True, 100), (DUE, False, 50), (None, False, 0)],
)
def test_filings(received_on: date | None, on_time: bool, worth: int) -> None:
    assert rules.filing_fact("1", "…", DUE, received_on, on_time).worth == worth


@pytest.mark.parametrize(("answered_on", "worth"), [(DUE, 100), (date(2026, 12, 1), 50), (None, 0)])
def test_orders(answered_on: date | None, worth: int) -> None:
    assert rules.order_fact("1", "…", DUE, answered_on).worth == worth


@pytest.mark.parametrize(
    ("value", "reached", "worth"), [(Decimal("12.5"), True, 100), (Decimal(1), False, 0), (None, False, 0)]
)
def test_indicators(value: Decimal | None, reached: bool, worth: int) -> None:
    assert rules.indicator_fact("code", "…", "亿元", value, Decimal("10.000000"), reached).worth == worth


def test_who_entered_and_left_is_told_apart_from_how_the_others_did() -> None:
    then, now = facts(100, 0, 50), facts(100, 100, 0, 0)[1:]
    assert rules.movement(then, now) == rules.Movement(1, 1, 2, Decimal("25.00"), Decimal("50.00"))
    assert rules.movement([], now) == rules.Movement(3, 0, 0, None, None)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("actor", [PROVINCE, ZONE, AUDITOR])
def test_what_the_table_does_not_say_is_refused(action: Action, status: Status, actor: Actor) -> None:
    if action in rules.actions(actor, status):
        rules.authorize(action, actor, status)
    else:
        with pytest.raises((NotPermitted, NotNow)):
            rules.authorize(action, actor, status)
