"""When deliveries are tried again and given up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify import channels
from notify.channels import Outcome, Result
from notify.deliveries import rules
from notify.deliveries.rules import GIVE_UP_AFTER, PAUSES, State, Verdict

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("result", "tries", "age", "state", "pause"),
    [
        (Result(Outcome.SENT), 1, timedelta(), State.SENT, None),
        (Result(Outcome.SENT), 9, timedelta(days=2), State.SENT, None),
        (Result(Outcome.FAILED), 1, timedelta(), State.FAILED, None),
        (Result(Outcome.LATER), 1, timedelta(), State.SENDING, timedelta(seconds=5)),
        (Result(Outcome.UNKNOWN), 2, timedelta(), State.SENDING, timedelta(seconds=20)),
        (Result(Outcome.LATER, pause=TEN_MINUTES), 1, timedelta(), State.SENDING, TEN_MINUTES),
        (Result(Outcome.LATER, pause=TEN_MINUTES), 99, timedelta(), State.SENDING, timedelta(hours=1)),
        (Result(Outcome.LATER), 99, GIVE_UP_AFTER - timedelta(seconds=1), State.SENDING, timedelta(hours=1)),
        (Result(Outcome.LATER), 1, GIVE_UP_AFTER, State.FAILED, None),
        (Result(Outcome.UNKNOWN), 1, GIVE_UP_AFTER, State.FAILED, None),
    ],
)
def test_what_becomes_of_a_delivery(
    result: Result, tries: int, age: timedelta, state: State, pause: timedelta | None
) -> None:
    expected = Verdict(state, NOW + pause if pause else None)
    assert rules.judge(result, tries=tries, since=NOW - age, now=NOW, chance=1) == expected


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_pauses_grow_and_are_spread(tries: int, chance: float) -> None:
    assert rules.pause(tries, chance) <= rules.pause(tries + 1, chance) <= PAUSES[-1]
    assert rules.pause(tries, 0) * 2 == rules.pause(tries, 1)


@pytest.mark.parametrize(
    ("state", "held", "expected"),
    [
        ("created", None, []),
        ("sending", None, ["retry"]),
        ("sending", NOW + timedelta(seconds=1), []),
        ("sending", NOW - timedelta(seconds=1), ["retry"]),
        ("sent", None, []),
        ("failed", None, ["retry"]),
    ],
)
def test_what_may_be_done(state: str, held: datetime | None, expected: list[str]) -> None:
    assert rules.actions(state, held, NOW) == expected


def test_each_module_of_the_package_is_a_channel() -> None:
    found = channels.modules()
    assert "mail" in found
    assert all(all(module.WORDS) and callable(module.channel) for module in found.values())
