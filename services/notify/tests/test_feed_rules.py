from datetime import UTC, datetime

import pytest

from notify.feed.rules import NoLongerKept, following, oldest_kept, position


@pytest.mark.parametrize("value", ["1", 1.5, None, -1, 1 << 63, [1]])
def test_what_is_no_position(value: object) -> None:
    with pytest.raises(ValueError):
        position(value)


def test_events_are_kept_for_ninety_days() -> None:
    assert (
        oldest_kept(datetime(2026, 3, 31, 0, 0, 0, 1, tzinfo=UTC))
        == int(datetime(2025, 12, 31, tzinfo=UTC).timestamp()) * 1_000_000 + 1
    )


@pytest.mark.parametrize(
    ("after", "shown", "forgotten", "expected"),
    [
        (None, None, 0, 0),
        (None, None, 7, 7),
        (None, 9, 7, 9),
        (7, None, 7, 7),
        (7, 9, 7, 9),
        (8, None, 7, 8),
    ],
)
def test_where_the_next_page_begins(after: int | None, shown: int | None, forgotten: int, expected: int) -> None:
    assert following(after, shown, forgotten) == expected


@pytest.mark.parametrize("shown", [None, 9])
def test_who_left_off_before_what_is_forgotten_is_told(shown: int | None) -> None:
    with pytest.raises(NoLongerKept):
        following(6, shown, 7)
