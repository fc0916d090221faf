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


LI = rules.Person("李四", "li.si")
ZHANGS = [rules.Person("张伟", "zhang.1"), rules.Person("张伟", "zhang.2")]


@pytest.mark.parametrize(
    ("said", "person"),
    [("li.si", LI), ("李四", LI), ("zhang.2", ZHANGS[1]), ("张伟", None), ("王五", None), ("", None)],
)
def test_a_person_is_known_by_account_or_by_a_name_of_their_own(said: str, person: rules.Person | None) -> None:
    known = [LI, *ZHANGS]
    assert rules.found(known, said) == person
    if person is None:
        with pytest.raises(rules.UnknownReceiver):
            rules.receiver(known, said)
    else:
        assert rules.receiver(known, said) == person


@given(IDS)
def test_nobody_hands_over_to_themselves(things: list[UUID]) -> None:
    with pytest.raises(rules.SamePerson):
        rules.must_hold("张三", "张三", things, things)
