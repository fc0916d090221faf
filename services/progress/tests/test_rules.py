"""The rules of lines and reports: tables, and properties over all of them."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.lines import rules
from progress.lines.rules import (
    Action,
    Actor,
    Awaiting,
    Capacity,
    Light,
    Line,
    NotNow,
    NotPermitted,
    Party,
    State,
    Step,
    Timing,
)
from progress.reports.rules import COUNTS, Decided, Report, Status, must_await, standing

TODAY = date(2026, 11, 24)
OPENED = date(2026, 1, 1)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
ACTORS = {
    "province": Actor("all"),
    "auditor": Actor("audit"),
    "hefei": Actor("tenant", tenant="hefei"),
    "wuhu": Actor("tenant", tenant="wuhu"),
    "swt": Actor("unit", unit="swt"),
    "hfhg": Actor("unit", unit="hfhg"),
    "lost": Actor("none"),
    "integrator": Actor("integrator"),
}


def line(jurisdiction: str, state: State = State.NOT_STARTED, office: str | None = None, **over: object) -> Line:
    fields: dict[str, object] = {
        "id": UUID(int=1),
        "jurisdiction": jurisdiction,
        "task": "1",
        "units": ["swt", "hfhg", "hfs"],
        "leads": ["swt"],
        "due": None,
        "state": state,
        "percent": 0,
        "light": Light.GREEN,
        "opened_on": OPENED,
        "withdrawn": False,
        "version": 1,
        "awaiting_office": office,
        "moved_on": OPENED,
    }
    return Line(**(fields | over))  # type: ignore[arg-type]


def may(who: str, what: Line) -> str:
    actor = ACTORS[who]
    return " ".join(rules.actions(rules.capacity(actor, what), what.state, rules.awaiting(actor, what), what.timing))


@pytest.mark.parametrize(
    ("who", "jurisdiction", "state", "office", "expected"),
    [
        ("province", "hefei", State.NOT_STARTED, None, "suspend schedule"),
        ("province", "hefei", State.IN_PROGRESS, None, "suspend schedule"),
        ("province", "hefei", State.IN_PROGRESS, "zone:hefei", "confirm return suspend schedule"),
        ("province", "hefei", State.SUBMITTED, "zone:hefei", "confirm return suspend schedule"),
        ("province", "hefei", State.CONFIRMED, None, ""),
        ("province", "hefei", State.SUSPENDED, "zone:hefei", "resume"),
        ("province", "province", State.SUBMITTED, "unit:swt", "confirm return suspend schedule"),
        ("hefei", "hefei", State.NOT_STARTED, None, "report schedule"),
        ("hefei", "hefei", State.IN_PROGRESS, "zone:hefei", "report schedule"),
        ("hefei", "hefei", State.SUBMITTED, "zone:hefei", "report schedule"),
        ("hefei", "hefei", State.CONFIRMED, None, ""),
        ("hefei", "hefei", State.SUSPENDED, None, ""),
        ("wuhu", "hefei", State.NOT_STARTED, None, ""),
        ("swt", "province", State.NOT_STARTED, None, "report schedule"),
        ("swt", "province", State.IN_PROGRESS, "unit:swt", "report schedule"),
        ("swt", "province", State.IN_PROGRESS, "unit:fgw", "report review schedule"),
        ("swt", "hefei", State.NOT_STARTED, None, ""),
        ("swt", "hefei", State.IN_PROGRESS, "zone:hefei", "review"),
        ("swt", "hefei", State.SUSPENDED, "zone:hefei", ""),
        ("hfhg", "hefei", State.IN_PROGRESS, "zone:hefei", ""),
        ("hfhg", "province", State.NOT_STARTED, None, ""),
        ("auditor", "hefei", State.IN_PROGRESS, "zone:hefei", ""),
    ],
)
def test_who_may_do_what(who: str, jurisdiction: str, state: State, office: str | None, expected: str) -> None:
    assert may(who, line(jurisdiction, state, office)) == expected


LINES = st.builds(
    line,
    st.sampled_from(["hefei", "wuhu", "province"]),
    st.sampled_from(State),
    st.sampled_from([None, "zone:hefei", "zone:wuhu", "unit:swt", "unit:fgw"]),
    withdrawn=st.booleans(),
    leads=st.sampled_from([[], ["swt"], ["hfhg"], ["swt", "hfhg"]]),
    steps=st.lists(st.builds(Step, DAYS, st.integers(1, 1000), st.booleans()), max_size=5),
    extension_asked=st.booleans(),
)


@given(st.sampled_from(sorted(ACTORS)), LINES, st.sampled_from(Action))
def test_authorizing_allows_what_is_listed_and_nothing_else(who: str, what: Line, action: Action) -> None:
    listed = [] if what.withdrawn else may(who, what).split()
    if action in listed:
        rules.authorize(action, ACTORS[who], what)
    else:
        with pytest.raises((NotPermitted, NotNow)):
            rules.authorize(action, ACTORS[who], what)


@given(st.sampled_from(["auditor", "lost", "integrator"]), LINES)
def test_readers_never_do_anything(who: str, what: Line) -> None:
    assert may(who, what) == ""


@given(LINES)
def test_nobody_but_the_province_decides(what: Line) -> None:
    decisions = {"confirm", "return", "suspend", "resume", "approve_extension", "refuse_extension", "move_deadline"}
    assert not any(decisions & set(may(who, what).split()) for who in ACTORS if who != "province")


@given(st.sampled_from(Capacity), st.sampled_from(State), st.sampled_from(Awaiting), st.sampled_from(Timing))
def test_the_two_parts_of_the_table_are_what_may_be_done(
    capacity: Capacity, state: State, awaiting: Awaiting, timing: Timing
) -> None:
    parts = [f"{capacity}/{state}/{awaiting}", f"{capacity}/{state}/{timing}/schedule"]
    found = [action for part in parts for action in rules.table().get(part, [])]
    assert found == rules.actions(capacity, state, awaiting, timing)


OPEN, REACHED = Step(TODAY, 1, False), Step(TODAY, 1, True)


@pytest.mark.parametrize(
    ("who", "jurisdiction", "steps", "asked", "expected"),
    [
        ("hefei", "hefei", [], False, "report schedule"),
        ("hefei", "hefei", [REACHED, OPEN], False, "report schedule complete extend"),
        ("hefei", "hefei", [REACHED, OPEN], True, "report complete"),
        ("hefei", "hefei", [REACHED], False, "report schedule extend"),
        ("hefei", "hefei", [REACHED], True, "report"),
        ("swt", "province", [OPEN], False, "report schedule complete extend"),
        ("swt", "hefei", [OPEN], False, ""),
        ("wuhu", "hefei", [OPEN], True, ""),
        ("province", "hefei", [], False, "suspend schedule"),
        ("province", "hefei", [OPEN], False, "suspend schedule move_deadline"),
        ("province", "hefei", [OPEN], True, "suspend approve_extension refuse_extension"),
        ("province", "hefei", [REACHED], True, "suspend approve_extension refuse_extension"),
        ("auditor", "hefei", [OPEN], True, ""),
    ],
)
def test_who_may_do_what_with_a_schedule(
    who: str, jurisdiction: str, steps: list[Step], asked: bool, expected: str
) -> None:
    assert may(who, line(jurisdiction, steps=steps, extension_asked=asked)) == expected
    for state in (State.CONFIRMED, State.SUSPENDED):
        stopped = may(who, line(jurisdiction, state, steps=steps, extension_asked=asked)).split()
        assert set(stopped) <= {"resume"}


@pytest.mark.parametrize(
    ("state", "percent", "due", "expected"),
    [
        (State.CONFIRMED, 100, date(2020, 1, 1), Light.BLUE),
        (State.IN_PROGRESS, 0, None, Light.GREEN),
        (State.SUBMITTED, 100, TODAY - timedelta(1), Light.RED),
        (State.IN_PROGRESS, 99, TODAY - timedelta(1), Light.RED),
        (State.IN_PROGRESS, 0, TODAY, Light.YELLOW),
        (State.IN_PROGRESS, 100, TODAY, Light.GREEN),
        (State.IN_PROGRESS, 92, TODAY + timedelta(30), Light.GREEN),
        (State.IN_PROGRESS, 80, TODAY + timedelta(30), Light.YELLOW),
        (State.IN_PROGRESS, 0, TODAY + timedelta(31), Light.GREEN),
    ],
)
def test_lights(state: State, percent: int, due: date | None, expected: Light) -> None:
    assert rules.light(state, percent, due, OPENED, TODAY) is expected


@given(st.sampled_from(State), st.integers(0, 100), st.none() | DAYS, DAYS, DAYS)
def test_lights_follow_their_definition(
    state: State, percent: int, due: date | None, opened: date, today: date
) -> None:
    light = rules.light(state, percent, due, opened, today)
    assert (light is Light.BLUE) == (state is State.CONFIRMED)
    if state is not State.CONFIRMED:
        assert (light is Light.RED) == (due is not None and due < today)
        assert light is not Light.YELLOW or (due is not None and 0 <= (due - today).days <= 30 and percent < 100)


@given(st.integers(0, 99), DAYS, DAYS, DAYS)
def test_more_progress_never_worsens_a_light(percent: int, due: date, opened: date, today: date) -> None:
    order = [Light.RED, Light.YELLOW, Light.GREEN]
    before = rules.light(State.IN_PROGRESS, percent, due, opened, today)
    assert order.index(rules.light(State.IN_PROGRESS, percent + 1, due, opened, today)) >= order.index(before)


def parties(*given: tuple[str, bool, str | None]) -> list[Party]:
    return [Party(*part) for part in given]


def test_a_task_opens_a_line_for_each_zone_and_the_province() -> None:
    units = parties(("swt", True, None), ("hfs", False, "hefei"), ("whs", False, "wuhu"), ("hfhg", False, None))
    opened = rules.openings(units, ["hefei", "wuhu"])
    assert {name: opening.units for name, opening in opened.items()} == {
        "hefei": ("swt", "hfs", "hfhg"),
        "wuhu": ("swt", "whs", "hfhg"),
        "province": ("swt", "hfhg"),
    }
    assert all(opening.leads == ("swt",) for opening in opened.values())


def test_a_task_of_cities_alone_opens_no_line_of_the_province_and_each_city_leads() -> None:
    opened = rules.openings(parties(("hfs", True, "hefei"), ("whs", False, "wuhu")), ["hefei", "wuhu"])
    assert {name: opening.leads for name, opening in opened.items()} == {"hefei": ("hfs",), "wuhu": ("whs",)}


def test_the_first_unit_of_a_line_leads_where_the_tasks_lead_has_no_part() -> None:
    opened = rules.openings(parties(("hfs", True, "hefei"), ("swt", False, None), ("kjt", False, None)), ["hefei"])
    assert opened["province"].leads == ("swt",)
    assert opened["hefei"].leads == ("hfs",)


PARTIES = st.lists(
    st.builds(Party, st.sampled_from("abcdef"), st.booleans(), st.sampled_from([None, "hefei", "wuhu"])), max_size=8
)


@given(PARTIES, st.sets(st.sampled_from(["hefei", "wuhu"])))
def test_units_of_a_line_have_a_part_in_it_and_some_of_them_lead(given_parties: list[Party], zones: set[str]) -> None:
    opened = rules.openings(given_parties, sorted(zones))
    assert zones <= set(opened) <= zones | {"province"}
    for jurisdiction, opening in opened.items():
        belonging = {party.code for party in given_parties if party.zone in (None, jurisdiction)}
        assert set(opening.units) == belonging
        assert len(opening.units) == len(set(opening.units))
        assert set(opening.leads) <= set(opening.units)
        assert bool(opening.leads) == bool(opening.units)


COUNTING = st.sampled_from(sorted(COUNTS))


@given(
    st.none()
    | st.builds(Report, COUNTING, st.integers(0, 100), st.just(False))
    | st.builds(Report, COUNTING, st.just(100), st.just(True))
)
def test_the_last_report_that_counts_makes_the_line(last: Report | None) -> None:
    state, percent = standing(last)
    assert (state is State.NOT_STARTED) == (last is None)
    assert percent == (last.percent if last else 0)
    assert (state is State.CONFIRMED) == bool(last and last.finished and last.status is Status.CONFIRMED)


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.RETURNED, Status.REPLACED])
def test_a_decided_report_is_not_decided_again(status: Status) -> None:
    with pytest.raises(Decided):
        must_await(status)
