"""Who takes which step, what is late, what is doubtful: by table, and on random ways."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.calendar.rules import WorkCalendar
from progress.filings import rules
from progress.filings.rules import Action, Capacity, Confidence, Content, Doubt, Filing, Hold, State
from progress.lines.rules import Actor, NotNow, NotPermitted
from progress.periods import rules as periods
from progress.periods.rules import Dates, Reminder

DUE, GRACE, LOCKS = date(2026, 9, 28), date(2026, 9, 30), date(2026, 10, 15)
OFFICES = (Capacity.WRITER, Capacity.CHECKER)
BLANK = Content(40, "完成招标", "", "", False)
FILING = Filing(
    id=UUID(int=1),
    period_id=UUID(int=2),
    line_id=UUID(int=3),
    jurisdiction="hefei",
    office="zone:hefei",
    units=("swt", "hfhg", "hfs"),
    state=State.OPEN,
    content=BLANK,
    unchanged=False,
    saved_by=None,
    grace=GRACE,
    locks=LOCKS,
    takeover=False,
    reopened_until=None,
    received_on=None,
    returns=0,
    approved=0,
    suspended=False,
    withdrawn=False,
    version=1,
)


@pytest.mark.parametrize(
    ("lines", "parts"), [([], []), ([1, 2, 3], [[0, 1, 2]]), ([1, 2, 1, 1, 2], [[0, 1], [2, 4], [3]])]
)
def test_filings_of_a_line_take_a_step_one_after_the_other(lines: list[int], parts: list[list[int]]) -> None:
    filings = [replace(FILING, id=UUID(int=place), line_id=UUID(int=line)) for place, line in enumerate(lines)]
    together = rules.of_different_lines(filings)
    assert [[each.id.int for each in part] for part in together] == parts


@pytest.mark.parametrize(
    ("actor", "admin", "expected"),
    [
        (Actor("all"), True, Capacity.PROVINCE),
        (Actor("tenant", tenant="hefei"), False, Capacity.WRITER),
        (Actor("tenant", tenant="hefei"), True, Capacity.CHECKER),
        (Actor("tenant", tenant="wuhu"), True, Capacity.READER),
        (Actor("unit", unit="swt"), True, Capacity.MEMBER),
        (Actor("unit", unit="kjt"), True, Capacity.READER),
        (Actor("unit", unit="hefei"), True, Capacity.READER),
        (Actor("audit"), True, Capacity.READER),
        (Actor("none"), True, Capacity.READER),
    ],
)
def test_what_somebody_is_to_a_filing(actor: Actor, admin: bool, expected: Capacity) -> None:
    assert rules.capacity(actor, admin, FILING) is expected


ALLOWED = {
    (Capacity.WRITER, State.OPEN): "fill submit answer",
    (Capacity.WRITER, State.RETURNED): "fill submit answer",
    (Capacity.WRITER, State.SUBMITTED): "withdraw answer",
    (Capacity.WRITER, State.CHECKED): "answer",
    (Capacity.WRITER, State.ACCEPTED): "answer",
    (Capacity.CHECKER, State.OPEN): "fill submit answer",
    (Capacity.CHECKER, State.RETURNED): "fill submit answer",
    (Capacity.CHECKER, State.SUBMITTED): "withdraw answer check send_back",
    (Capacity.CHECKER, State.CHECKED): "answer uncheck",
    (Capacity.CHECKER, State.ACCEPTED): "answer",
    (Capacity.MEMBER, State.OPEN): "contribute",
    (Capacity.MEMBER, State.RETURNED): "contribute",
    (Capacity.PROVINCE, State.CHECKED): "accept",
    (Capacity.PROVINCE, State.ACCEPTED): "unaccept approve return",
    (Capacity.PROVINCE, State.APPROVED): "reopen",
}


@pytest.mark.parametrize("capacity", Capacity)
@pytest.mark.parametrize("state", State)
def test_who_may_take_which_step(capacity: Capacity, state: State) -> None:
    expected = set(ALLOWED.get((capacity, state), "").split())
    assert set(rules.actions(capacity, state, Hold.NONE)) == expected
    locked = set(rules.actions(capacity, state, Hold.LOCKED))
    if capacity is Capacity.PROVINCE:
        unlocks = {"reopen"} if state in (State.OPEN, State.RETURNED, State.SUBMITTED) else set()
        assert locked == expected | unlocks
    else:
        assert locked == expected & {"answer"}
    assert rules.actions(capacity, state, Hold.SUSPENDED) == rules.actions(capacity, state, Hold.WITHDRAWN) == []


@pytest.mark.parametrize("capacity", Capacity)
@pytest.mark.parametrize("state", State)
def test_what_is_from_before_the_portal_is_taken_over_by_the_province_alone(capacity: Capacity, state: State) -> None:
    expected = ["take_over"] if (capacity, state) == (Capacity.PROVINCE, State.OPEN) else []
    assert rules.actions(capacity, state, Hold.PAST) == expected


def test_the_table_for_the_database_is_the_same() -> None:
    table = rules.table()
    for capacity in Capacity:
        for state in State:
            for hold in Hold:
                for queried, key in (
                    (True, f"{capacity}/{state}/{hold}/queried"),
                    (False, f"{capacity}/{state}/{hold}"),
                ):
                    assert table.get(key, []) == rules.actions(capacity, state, hold, queried=queried)


@pytest.mark.parametrize("capacity", Capacity)
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("hold", Hold)
def test_without_a_query_there_is_nothing_to_answer(capacity: Capacity, state: State, hold: Hold) -> None:
    asked = rules.actions(capacity, state, hold)
    assert rules.actions(capacity, state, hold, queried=False) == [each for each in asked if each != "answer"]


@pytest.mark.parametrize(
    ("changed", "day", "hold"),
    [
        ({}, LOCKS, Hold.NONE),
        ({}, LOCKS + timedelta(1), Hold.LOCKED),
        ({"reopened_until": LOCKS + timedelta(9)}, LOCKS + timedelta(9), Hold.NONE),
        ({"reopened_until": LOCKS + timedelta(9)}, LOCKS + timedelta(10), Hold.LOCKED),
        ({"reopened_until": LOCKS - timedelta(9)}, LOCKS, Hold.NONE),
        ({"takeover": True}, LOCKS + timedelta(1), Hold.PAST),
        ({"takeover": True, "approved": 1}, LOCKS + timedelta(1), Hold.LOCKED),
        ({"takeover": True, "approved": 1, "reopened_until": LOCKS + timedelta(9)}, LOCKS + timedelta(9), Hold.NONE),
        ({"takeover": True, "approved": 1, "reopened_until": LOCKS + timedelta(9)}, LOCKS + timedelta(10), Hold.LOCKED),
        ({"suspended": True}, LOCKS + timedelta(1), Hold.SUSPENDED),
        ({"withdrawn": True, "suspended": True}, DUE, Hold.WITHDRAWN),
    ],
)
def test_when_and_why_nothing_goes_on(changed: dict[str, object], day: date, hold: Hold) -> None:
    assert replace(FILING, **changed).hold(day) is hold  # type: ignore[arg-type]


def test_a_lock_says_why_and_a_foreign_step_is_forbidden() -> None:
    with pytest.raises(NotNow, match="已锁定"):
        rules.authorize(Action.FILL, Capacity.WRITER, FILING, LOCKS + timedelta(1))
    for state, why in ((State.SUBMITTED, "已提交"), (State.APPROVED, "已审定，配合情况随之固定")):
        with pytest.raises(NotNow, match=why):
            rules.authorize(Action.CONTRIBUTE, Capacity.MEMBER, replace(FILING, state=state), DUE)
    with pytest.raises(NotNow, match="暂停"):
        rules.authorize(Action.FILL, Capacity.WRITER, replace(FILING, suspended=True), DUE)
    with pytest.raises(NotPermitted):
        rules.authorize(Action.CHECK, Capacity.WRITER, replace(FILING, state=State.SUBMITTED), DUE)


UNDOES = {
    Action.WITHDRAW: Action.SUBMIT,
    Action.UNCHECK: Action.CHECK,
    Action.UNACCEPT: Action.ACCEPT,
}


@given(st.lists(st.tuples(st.sampled_from(Capacity), st.sampled_from(Action)), max_size=60))
def test_a_random_way_keeps_to_the_table_and_is_undone_in_reverse_order(way: list[tuple[Capacity, Action]]) -> None:
    filing, taken = FILING, list[Action]()
    for capacity, action in way:
        allowed = action in rules.actions(capacity, filing.state, Hold.NONE)
        if not allowed:
            with pytest.raises((NotNow, NotPermitted)):
                rules.authorize(action, capacity, filing, DUE)
            continue
        rules.authorize(action, capacity, filing, DUE)
        to = rules.state_after(action, filing)
        if action in UNDOES:
            assert taken.pop() is UNDOES[action]
        elif to is not filing.state:
            taken = [*taken, action] if action in UNDOES.values() else []
        if to is State.APPROVED:
            assert capacity is Capacity.PROVINCE
        filing = replace(filing, state=to)
    assert filing.state in State


@pytest.mark.parametrize(
    ("received", "today", "expected"),
    [
        (None, DUE, (DUE, True)),
        (None, GRACE, (GRACE, True)),
        (None, GRACE + timedelta(1), (GRACE + timedelta(1), False)),
        (GRACE, LOCKS, (GRACE, True)),
        (GRACE + timedelta(1), LOCKS, (GRACE + timedelta(1), False)),
    ],
)
def test_late_stays_late_and_in_time_stays_in_time(
    received: date | None, today: date, expected: tuple[date, bool]
) -> None:
    assert rules.receipt(replace(FILING, received_on=received), today) == expected


@pytest.mark.parametrize(
    ("percent", "done", "last", "kinds"),
    [
        (40, "完成招标", None, set()),
        (40, "完成招标", BLANK, set()),
        (39, "重新招标", BLANK, {Doubt.FALLS}),
        (69, "开工", BLANK, set()),
        (70, "开工", BLANK, {Doubt.JUMPS}),
        (41, "完成招标", BLANK, {Doubt.SAME_TEXT}),
        (10, "完成招标", BLANK, {Doubt.FALLS, Doubt.SAME_TEXT}),
    ],
)
def test_what_is_doubtful_is_asked(percent: int, done: str, last: Content | None, kinds: set[Doubt]) -> None:
    assert set(rules.doubts(Content(percent, done, "", "", False), last, 1)) == kinds


@pytest.mark.parametrize(
    ("percent", "finished", "last", "attachments", "asked"),
    [
        (29, False, None, 0, False),
        (30, False, None, 0, True),
        (30, False, None, 1, False),
        (69, False, BLANK, 0, False),
        (70, False, BLANK, 0, True),
        (70, False, BLANK, 1, False),
        (100, True, None, 0, True),
        (100, True, Content(100, "竣工", "", "", True), 0, True),
        (100, True, BLANK, 1, False),
    ],
)
def test_much_progress_and_completion_want_evidence(
    percent: int, finished: bool, last: Content | None, attachments: int, asked: bool
) -> None:
    doubts = rules.doubts(Content(percent, "…", "", "", finished), last, attachments)
    assert (Doubt.NO_EVIDENCE in doubts) == asked


@pytest.mark.parametrize(
    ("confidence", "percent", "expected", "disagrees"),
    [
        (Confidence.LOW, 50, 50, True),
        (Confidence.LOW, 49, 50, False),
        (Confidence.HIGH, 29, 50, True),
        (Confidence.HIGH, 30, 50, False),
        (Confidence.MEDIUM, 0, 100, False),
        (Confidence.LOW, 100, None, False),
    ],
)
def test_where_reviewer_and_percent_disagree(
    confidence: Confidence, percent: int, expected: int | None, disagrees: bool
) -> None:
    assert rules.disagrees(confidence, percent, expected) is disagrees


@pytest.mark.parametrize(
    ("due", "today", "days"),
    [
        (date(2026, 9, 28), date(2026, 9, 28), 0),
        (date(2026, 9, 29), date(2026, 9, 28), 1),
        (date(2026, 9, 30), date(2026, 9, 28), 2),
        (date(2026, 9, 28), date(2026, 9, 25), 1),
        (date(2026, 10, 8), date(2026, 9, 30), 1),
    ],
)
def test_notice_counts_working_days_after_today(due: date, today: date, days: int) -> None:
    assert periods.notice(due, today, WorkCalendar()) == days
    if days < 2:
        with pytest.raises(periods.ReasonNeeded):
            periods.must_give_reason(days, "")
    periods.must_give_reason(days, "上级临时要求")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends": date(2026, 6, 30)}, "ends"),
        ({"due": date(2026, 9, 1)}, "due"),
        ({"grace": DUE - timedelta(1)}, "grace"),
        ({"locks": GRACE - timedelta(1)}, "locks"),
    ],
)
def test_the_days_of_a_period_follow_each_other(changed: dict[str, date], field: str) -> None:
    dates = Dates(date(2026, 7, 1), date(2026, 9, 30), DUE, GRACE, LOCKS)
    periods.must_follow(dates, date(2026, 9, 2))
    with pytest.raises(periods.DatesOutOfOrder) as refused:
        periods.must_follow(replace(dates, **changed), date(2026, 9, 2))
    assert refused.value.pointer == f"/body/{field}"


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 9, 21), Reminder.NONE),
        (date(2026, 9, 24), Reminder.DUE_SOON),
        (DUE, Reminder.DUE_SOON),
        (GRACE, Reminder.DUE_SOON),
        (GRACE + timedelta(1), Reminder.OVERDUE),
    ],
)
def test_when_offices_are_reminded(today: date, said: Reminder) -> None:
    assert periods.reminder(DUE, GRACE, today, WorkCalendar()) is said
