"""From where a stream begins, and what goes over it."""

import json

import pytest

from notify.stream import rules
from notify.stream.rules import News, frame


@pytest.mark.parametrize(
    ("last_event_id", "position"),
    [("7", 7), ("0", 0), (None, None), ("", None), ("-1", None), ("x", None), ("9" * 30, None)],
)
def test_where_a_client_left_off(last_event_id: str | None, position: int | None) -> None:
    assert rules.position(last_event_id) == position


def test_a_frame_is_one_event_whatever_the_text() -> None:
    body = json.dumps({"title": "两\n行"}, ensure_ascii=False)
    assert frame(News(7, True, body), 3).decode() == f'id: 7\nevent: inbox\ndata: {{"unread":3,"entry":{body}}}\n\n'
    assert frame(News(8, False, "{}"), 3) == b"id: 8\nevent: changed\ndata: {}\n\n"
