from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.events import Event, MalformedEvent, uuid7

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    data=st.dictionaries(st.text(), json_values, max_size=4),
    subject=st.text(min_size=1),
    tenant=st.none() | st.sampled_from(["hefei", "province"]),
    sequence=st.integers(0, 2**40),
    time=st.datetimes(timezones=st.just(UTC)),
)
def test_an_event_survives_the_way_through_a_message(
    data: dict[str, object], subject: str, tenant: str | None, sequence: int, time: datetime
) -> None:
    event = Event("zoneportal.x.y.z.v1", "/zoneportal/x", subject, tenant, sequence, data, time=time)
    assert Event.of(event.headers(), event.value()) == event


@given(st.lists(st.tuples(st.text(), st.binary())), st.none() | st.binary())
def test_a_message_that_is_no_event_is_called_malformed(headers: list[tuple[str, bytes]], value: bytes | None) -> None:
    with pytest.raises(MalformedEvent):
        Event.of(headers, value)


def test_a_value_that_is_no_object_is_malformed() -> None:
    event = Event("t", "/s", "1", None, 1, {})
    with pytest.raises(MalformedEvent):
        Event.of(event.headers(), b"[1]")


def test_ids_are_uuid_version_7_and_grow_with_time() -> None:
    ids = [uuid7() for _ in range(100)]
    assert all(one.version == 7 and one.variant == "specified in RFC 4122" for one in ids)
    assert [one.int >> 80 for one in ids] == sorted(one.int >> 80 for one in ids)
    assert isinstance(ids[0], UUID)
