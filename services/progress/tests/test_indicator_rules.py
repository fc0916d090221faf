"""Formulas, units of measure, periods, checks, figures and rights of indicators; the first set beside the notice."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.indicators import figures, first_set, formulas, rules
from progress.indicators.figures import Book, Mark
from progress.indicators.formulas import BadFormula
from progress.indicators.rules import Aggregation, Checks, Direction, Effect, Indicator, Kind, Period, Status
from progress.lines.rules import Actor, NotPermitted

NOTICE = Path(__file__).parents[3] / "data" / "notice.txt"
VALUES: Mapping[str, Decimal] = {"a": Decimal(6), "b": Decimal(3), "zero": Decimal(0), "c_1": Decimal("0.1")}


def indicator(code: str, **over: object) -> Indicator:
    plain = Indicator(
        code, "亿元", Kind.FLOW, Aggregation.SUM, Direction.UP, Period.MONTH, None, None, Checks(), Status.CONFIRMED, 1
    )
    return replace(plain, **over)  # type: ignore[arg-type]


def value(text: str) -> Decimal | None:
    return formulas.evaluate(formulas.parse(text), VALUES.get)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "6"),
        ("a + b", "9"),
        ("a - b - 1", "2"),
        ("a / b / 2", "1"),
        ("a + b * 2", "12"),
        ("(a + b) * 2", "18"),
        ("（a＋b）×2", "18"),
        ("a／b", "2"),
        ("c_1 + 0.2", "0.3"),
        ("a*100/b", "200"),
        ("((((a))))", "6"),
    ],
)
def test_formulas_are_reckoned_as_at_school_without_floats(text: str, expected: str) -> None:
    assert value(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["a / zero", "a / (b - 3)", "a + missing", "missing", "zero / zero"])
def test_what_cannot_be_reckoned_gives_no_value(text: str) -> None:
    assert value(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "a +", "+ a", "* a", "a b", "1 2", "(a", "a)", "()", "a ** b", "a // b", "a % b", "A + b", "a.b", "2a",
        "__import__('os')", "a()", "a[0]", "a if b else c", "a;b", "0x1", "1e9", "1.", ".5", "١", "a = b", "-a",
        "a\x00", "1" * 16, "(" * 11 + "a" + ")" * 11, "+".join("a" * 31), "a+" * 150 + "a",
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(BadFormula):
        formulas.parse(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = formulas.parse(text)
    except BadFormula:
        return
    formulas.evaluate(tree, lambda code: Decimal(1))


NUMBERS = st.decimals(min_value=0, max_value=10**6, places=2)


@given(st.lists(st.tuples(st.sampled_from("+-*"), NUMBERS), min_size=1, max_size=20), NUMBERS)
def test_formulas_agree_with_python(parts: list[tuple[str, Decimal]], first: Decimal) -> None:
    text = f"{first}" + "".join(f" {sign} {number}" for sign, number in parts)
    python = re.sub(r"[0-9.]+", lambda found: f"Decimal('{found.group()}')", text)
    found = formulas.evaluate(formulas.parse(text), lambda code: None)
    assert found is not None
    assert abs(found - eval(python)) <= abs(found) * Decimal("1e-20")


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("yuan + yuan", "亿元"), ("yuan * 2", "亿元"), ("yuan / yuan", "%"), ("yuan / yuan * 100", "%"),
        ("yuan / yuan", ""), ("yuan / people", "亿元/人"), ("yuan / people * people", "亿元"),
        ("yuan / 4 - yuan", "亿元"),
        ("percent + percent", "%"), ("people * per_head", "亿元"),
    ],
)  # fmt: skip
def test_units_of_measure_that_go_together(text: str, own: str) -> None:
    formulas.must_measure(formulas.parse(text), own, _measure)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("yuan + people", "亿元"), ("yuan + 1", "亿元"), ("yuan * people", "亿元"), ("yuan / people", "亿元"),
        ("yuan / yuan", "亿元"), ("percent + 1", "%"), ("yuan", "万元"), ("yuan - percent", "亿元"),
        ("1 / people", "人"),
    ],
)  # fmt: skip
def test_units_of_measure_that_do_not(text: str, own: str) -> None:
    with pytest.raises(BadFormula):
        formulas.must_measure(formulas.parse(text), own, _measure)


def _measure(code: str) -> str:
    return {"yuan": "亿元", "people": "人", "percent": "%", "per_head": "亿元/人"}[code]


@pytest.mark.parametrize(
    ("mine", "others"),
    [
        ("x + 1 * x", []),
        ("unknown", []),
        ("5", []),
        ("y / (1 - 1)", [indicator("y")]),
        ("y", [indicator("y", formula="x")]),
        ("y", [indicator("y", formula="z"), indicator("z", formula="x")]),
        ("y", [indicator("y", period=Period.YEAR)]),
        ("y", [indicator("y", measure="人")]),
        ("y", [indicator("y", status=Status.WITHDRAWN)]),
    ],
)
def test_a_formula_that_does_not_go_with_the_others(mine: str, others: list[Indicator]) -> None:
    with pytest.raises(BadFormula):
        rules.must_fit(indicator("x", formula=mine), others)


def test_a_definition_that_others_are_made_of_keeps_fitting_them() -> None:
    others = [indicator("y"), indicator("x", formula="y + y")]
    rules.must_fit(indicator("y"), others[1:])
    with pytest.raises(BadFormula):
        rules.must_fit(indicator("y", measure="人"), others[1:])
    with pytest.raises(rules.Used):
        rules.must_be_unused("y", others)
    rules.must_be_unused("x", others)


def test_bounds_are_in_order() -> None:
    with pytest.raises(rules.Bounds):
        rules.must_fit(indicator("x", checks=Checks(minimum=Decimal(2), maximum=Decimal(1))), [])


@pytest.mark.parametrize(
    ("period", "label", "start", "end"),
    [
        (Period.MONTH, "2026-01", date(2026, 1, 1), date(2026, 1, 31)),
        (Period.MONTH, "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        (Period.MONTH, "2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        (Period.QUARTER, "2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        (Period.QUARTER, "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        (Period.YEAR, "2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods(period: Period, label: str, start: date, end: date) -> None:
    slot = rules.slot(period, label)
    assert (slot.start, slot.end) == (start, end)
    assert rules.slot_at(period, start) == slot
    assert rules.slot_at(period, rules.before(period, start)).end == start - timedelta(1)
    assert slot.year_before == start.replace(year=start.year - 1)


@pytest.mark.parametrize(
    ("period", "label"),
    [(Period.MONTH, "2026"), (Period.MONTH, "2026-13"), (Period.QUARTER, "2026-Q5"), (Period.YEAR, "2026-Q1"),
     (Period.YEAR, "1999"), (Period.MONTH, "2026-1"), (Period.QUARTER, "2026-03")],
)  # fmt: skip
def test_what_is_no_period(period: Period, label: str) -> None:
    with pytest.raises(rules.WrongPeriod):
        rules.slot(period, label)


def test_a_period_is_recorded_from_its_first_day_on() -> None:
    slot = rules.slot(Period.QUARTER, "2026-Q1")
    rules.must_have_begun(slot, date(2026, 1, 1))
    with pytest.raises(rules.WrongPeriod):
        rules.must_have_begun(slot, date(2025, 12, 31))


@pytest.mark.parametrize(
    ("checks", "number", "previous", "found"),
    [
        (Checks(), "-5", None, 0),
        (Checks(negative=Effect.WARN), "-1", None, 1),
        (Checks(negative=Effect.WARN), "0", None, 0),
        (Checks(minimum=Decimal(0), maximum=Decimal(10)), "10", None, 0),
        (Checks(minimum=Decimal(0), maximum=Decimal(10)), "10.1", None, 1),
        (Checks(minimum=Decimal(1), negative=Effect.WARN), "-1", None, 2),
        (Checks(jump=Decimal(50)), "15", "10", 0),
        (Checks(jump=Decimal(50)), "15.1", "10", 1),
        (Checks(jump=Decimal(50)), "4.9", "10", 1),
        (Checks(jump=Decimal(50)), "4.9", "0", 0),
        (Checks(jump=Decimal(50)), "4.9", None, 0),
    ],
)
def test_checks_warn(checks: Checks, number: str, previous: str | None, found: int) -> None:
    warned = rules.warnings(checks, Decimal(number), None if previous is None else Decimal(previous))
    assert len(warned) == found
    if found:
        with pytest.raises(rules.Unexplained):
            rules.must_explain(warned, "")
    rules.must_explain(warned, "基数调整")


@pytest.mark.parametrize(
    "checks",
    [
        Checks(negative=Effect.REFUSE),
        Checks(minimum=Decimal(0), outside=Effect.REFUSE),
        Checks(jump=Decimal(1), jumping=Effect.REFUSE),
    ],
)
def test_checks_refuse(checks: Checks) -> None:
    with pytest.raises(rules.Refused):
        rules.warnings(checks, Decimal(-1), Decimal(10))


def book(*definitions: Indicator, **recorded: str) -> Book:
    """``code__place`` with the values of months from January on, a dash for a missing one."""
    values = {
        tuple(name.split("__")): {
            date(2026, month, 1): Decimal(number) for month, number in enumerate(numbers.split(), 1) if number != "-"
        }
        for name, numbers in recorded.items()
    }
    return Book({each.code: each for each in definitions}, values, ["hefei", "wuhu"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("aggregation", "expected"), [(Aggregation.SUM, "15"), (Aggregation.AVERAGE, "7.5"), (Aggregation.NONE, None)]
)
def test_the_provinces_value_follows_from_the_zones(aggregation: Aggregation, expected: str | None) -> None:
    found = book(indicator("x", aggregation=aggregation), x__hefei="10", x__wuhu="5")
    assert found.value("x", "province") == (None if expected is None else Decimal(expected))
    assert found.zones_of("x") == (None if aggregation is Aggregation.NONE else {"hefei", "wuhu"})


def test_a_derived_value_of_the_province_is_reckoned_from_its_parts_there() -> None:
    share = indicator("share", formula="part / whole * 100", measure="%", aggregation=Aggregation.NONE)
    found = book(
        share, indicator("part"), indicator("whole"),
        part__hefei="1", whole__hefei="2", part__wuhu="1", whole__wuhu="8",
    )  # fmt: skip
    assert found.value("share", "hefei") == 50
    assert found.value("share", "province") == 20
    assert book(share, indicator("part"), indicator("whole"), part__hefei="1").value("share", "hefei") is None


SHARE = indicator("share", formula="part / whole * 100", measure="%", aggregation=Aggregation.NONE)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        ({"hefei": "1 1"}, {"hefei": "2 2 2"}, {"hefei": "50", "province": "50"}),
        ({"hefei": "1 - 3"}, {"hefei": "- 8 6"}, {"hefei": "50"}),
        ({"hefei": "1 -"}, {"hefei": "- 2"}, {"hefei": None, "province": None}),
        ({"hefei": "1", "wuhu": "1"}, {"hefei": "2", "wuhu": "8"}, {"province": "20"}),
        ({"hefei": "1"}, {"hefei": "2", "wuhu": "8"}, {"province": "50", "wuhu": None}),
        ({"hefei": "1 1", "wuhu": "1"}, {"hefei": "2", "wuhu": "8 8"}, {"province": "20", "wuhu": "12.5"}),
    ],
)
def test_what_is_made_of_several_is_reckoned_from_the_periods_and_zones_that_have_them_all(
    part: Mapping[str, str], whole: Mapping[str, str], expected: Mapping[str, str | None]
) -> None:
    recorded = {f"{name}__{zone}": text for name, by in (("part", part), ("whole", whole)) for zone, text in by.items()}
    found = book(SHARE, indicator("part"), indicator("whole"), **recorded)
    assert {place: found.value("share", place) for place in expected} == {
        place: None if text is None else Decimal(text) for place, text in expected.items()
    }
    assert set(found.zones_of("share") or ()) == {zone for zone in ("hefei", "wuhu") if found.value("share", zone)}


def test_a_value_of_the_province_itself_goes_with_the_zones_periods() -> None:
    own = indicator("own", aggregation=Aggregation.NONE)
    ratio = indicator("ratio", formula="part / own", measure="")
    found = book(ratio, own, indicator("part"), own__province="4 4", part__hefei="1 1", part__wuhu="- 2 2")
    assert found.value("ratio", "province") == Decimal("0.5")


def test_a_years_value() -> None:
    values = [Decimal(1), Decimal(3), Decimal(2)]
    assert figures.of_year(Kind.FLOW, values) == 6
    assert figures.of_year(Kind.STOCK, values) == 2
    assert figures.of_year(Kind.FLOW, []) is None


@pytest.mark.parametrize(
    ("direction", "number", "target", "over", "mark", "share"),
    [
        (Direction.UP, "100", "100", False, Mark.REACHED, "100"),
        (Direction.UP, "99.9", "100", False, Mark.UNDER_WAY, "99.9"),
        (Direction.UP, "99.9", "100", True, Mark.MISSED, "99.9"),
        (Direction.DOWN, "5", "5", False, Mark.REACHED, "100"),
        (Direction.DOWN, "10", "5", True, Mark.MISSED, "50"),
        (Direction.UP, None, "5", True, Mark.NO_VALUE, None),
        (Direction.UP, "5", None, True, Mark.NO_TARGET, None),
        (Direction.UP, "5", "0", True, Mark.REACHED, None),
        (Direction.UP, "-5", "10", False, Mark.UNDER_WAY, None),
    ],
)
def test_standings(
    direction: Direction, number: str | None, target: str | None, over: bool, mark: Mark, share: str | None
) -> None:
    given = (None if text is None else Decimal(text) for text in (number, target))
    found = figures.standing(direction, *given, over=over, grows=False)
    assert (found.mark, found.share) == (mark, None if share is None else Decimal(share))


@pytest.mark.parametrize(
    ("number", "over", "mark"),
    [
        ("5", False, Mark.UNDER_WAY),
        ("11", False, Mark.UNDER_WAY),
        ("5", True, Mark.UNDER_WAY),
        ("11", True, Mark.MISSED),
    ],
)
def test_a_sum_that_still_grows_is_not_below_its_target_yet(number: str, over: bool, mark: Mark) -> None:
    found = figures.standing(Direction.DOWN, Decimal(number), Decimal(10), over=over, grows=True)
    assert found.mark is mark
    assert figures.standing(Direction.UP, Decimal(10), Decimal(10), over=False, grows=True).mark is Mark.REACHED


def test_a_year_is_whole_with_all_its_periods() -> None:
    found = book(indicator("x"), x__hefei="1 " * 12, x__wuhu="1 " * 11)
    assert [found.whole_year("x", place) for place in ("hefei", "wuhu", "province")] == [True, False, False]


def test_year_on_year() -> None:
    assert figures.change(Decimal(12), Decimal(10)) == 20
    assert figures.change(Decimal(12), Decimal(0)) is None
    assert figures.change(Decimal(12), None) is None
    assert figures.change(Decimal(10**12), Decimal(1)) is None


PLACES = ["province", "hefei", "wuhu"]


@pytest.mark.parametrize(
    ("actor", "over", "expected"),
    [
        (Actor("tenant", tenant="hefei"), {}, ["hefei"]),
        (Actor("unit", unit="swt"), {"unit": "swt"}, ["hefei", "wuhu"]),
        (Actor("unit", unit="swt"), {"unit": "swt", "aggregation": Aggregation.NONE}, PLACES),
        (Actor("unit", unit="swt"), {"unit": "hfhg"}, []),
        (Actor("unit", unit="swt"), {}, []),
        (Actor("all"), {}, []),
        (Actor("all"), {"aggregation": Aggregation.NONE}, ["province"]),
        (Actor("audit"), {"aggregation": Aggregation.NONE}, []),
        (Actor("tenant", tenant="hefei"), {"status": Status.DRAFT}, []),
        (Actor("tenant", tenant="hefei"), {"formula": "a"}, []),
    ],
)
def test_where_whom_records(actor: Actor, over: dict[str, object], expected: list[str]) -> None:
    one = indicator("x", **over)
    assert rules.recordable(actor, one, PLACES) == expected
    for place in PLACES:
        if place in expected:
            rules.authorize(actor, one, place)
        else:
            with pytest.raises((NotPermitted, rules.NotNow, rules.NotMeasured)):
                rules.authorize(actor, one, place)


@pytest.mark.parametrize("text", ["0", "12.5", "-3", "100", "0.000001", "1E+2", "12.500000"])
def test_decimals_are_written_plainly(text: str) -> None:
    written = rules.plain(Decimal(text))
    assert Decimal(written) == Decimal(text)
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]*[1-9])?", written)


def test_the_first_set_stands_in_the_notice() -> None:
    notice = _bare(NOTICE.read_text("utf-8"))
    for each in first_set.known():
        for sentence in re.split(r"(?<=。)", each.sentence):
            assert _bare(sentence) in notice, each.code
        figures_named = _bare(each.sentence)
        assert all(rules.plain(target.value) in figures_named for target in each.targets), each.code
    assert len({each.code for each in first_set.known()}) == len(first_set.known()) >= 10


def _bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
