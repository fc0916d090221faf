from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import pages
from chassis.problems import Invalid


@given(st.integers(), st.text(), st.uuids(), st.datetimes())
def test_a_cursor_gives_back_what_it_was_made_of(number: int, text: str, uuid: UUID, time: datetime) -> None:
    cursor = pages.encode(number, text, uuid, time)
    assert pages.decode(cursor, int, str, UUID, datetime.fromisoformat) == (number, text, uuid, time)


@given(st.text())
def test_a_cursor_from_elsewhere_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        pages.decode(cursor, int, UUID)


def test_no_cursor_is_the_first_page() -> None:
    assert pages.decode(None, int) is None
