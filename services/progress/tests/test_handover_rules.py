"""A handover passes the whole list as it was confirmed, to somebody else."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.handovers import rules

IDS = st.lists(st.integers(0, 5).map(lambda number: UUID(int=number)), max_size=6)


@given(IDS, IDS)
def test_nothing_stays_behind_and_nothing_passes_unseen(present: list[UUID], confirmed: list[UUID]) -> None:
    if present and set(present) == set(confirmed):
        rules.must_hold("张三", "李四", present, confirmed)
    else:
        with pytest.raises((rules.NothingOpen, rules.ListChanged)):
            rules.must_hold("张三", "李四", present, confirmed)


@given(IDS)
def test_nobody_hands_over_to_themselves(things: list[UUID]) -> None:
    with pytest.raises(rules.SamePerson):
        rules.must_hold("张三", "张三", things, things)
