"""What goes over a stream, and from where on. Pure."""

from dataclasses import dataclass

KEEP_ALIVE = b": keep-alive\n\n"
RETRY = b"retry: 2000\n\n"


@dataclass(frozen=True)
class News:
    """Something at a position of the stream; ``body`` is JSON: an entry's, or a change's."""

    position: int
    is_entry: bool
    body: str


CATCH_UP = 500


def position(last_event_id: str | None) -> int | None:
    """Where a client left off; None when it does not say, or says nonsense."""
    if last_event_id is None or not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 19):
        return None
    return int(last_event_id)


def pause(streams: int) -> float:
    """Seconds between two readings: what comes meanwhile goes out together, which spares more work the more read it."""
    return min(0.01 + streams * 0.0001, 0.5)


def frame(news: News, unread: int) -> bytes:
    """The server-sent event of a piece of news, for a person with so many unread entries."""
    if news.is_entry:
        return f'id: {news.position}\nevent: inbox\ndata: {{"unread":{unread},"entry":{news.body}}}\n\n'.encode()
    return f"id: {news.position}\nevent: changed\ndata: {news.body}\n\n".encode()
