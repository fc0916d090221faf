"""The same share is the same figure on every page."""

from datetime import date
from decimal import Decimal

import pytest

from progress.bulletins import drafting
from progress.landing import rules as landing
from progress.rounding import tenths
from services.progress.tests.test_bulletin_rules import SINCE, UNTIL, fact

HALVES = [(33, 4, "8.3"), (1, 8, "0.1"), (177, 8, "22.1"), (1065, 48, "22.2"), (885, 40, "22.1"), (887, 40, "22.2")]


@pytest.mark.parametrize(("part", "whole", "shown"), [*HALVES, (0, 7, "0.0"), (700, 7, "100.0"), (100, 3, "33.3")])
def test_halves_are_rounded_up_as_postgresql_does(part: int, whole: int, shown: str) -> None:
    assert tenths(part, whole) == Decimal(shown)


def test_a_bulletin_says_the_mean_that_the_overview_shows() -> None:
    facts = [fact(number, percent=percent) for number, percent in enumerate((8, 8, 8, 9), 1)]
    said = [sentence.text for part in drafting.draft(facts, SINCE, UNTIL) for sentence in part.sentences]
    assert "平均完成比例8.3%" in said[0]


def test_the_landing_rate_is_rounded_alike() -> None:
    day = date(2026, 3, 2)
    (*_, now) = landing.curve(day, landing.USUAL, {day: 16}, {day: 1}, day)[:1]
    assert now.actual == 6.3
