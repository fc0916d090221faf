"""Where in the feed an event stands, and for how long. Pure."""

from datetime import UTC, datetime, timedelta

from chassis.problems import DomainError

KEPT = timedelta(days=90)
"""As long as the topics keep them."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEYOND = 1 << 63


class NoLongerKept(DomainError):
    """Events after the cursor are forgotten already, so going on from it would miss them."""

    status = 410
    slug = "events-forgotten"
    pointer = "/query/after"

    def __init__(self) -> None:
        super().__init__("该游标之后的部分事件已超过 90 天，不再保存。请不带 after 从头读取。")


def position(value: object) -> int:
    """The position in a cursor. Raises ValueError when it is none."""
    if not isinstance(value, int) or not 0 <= value < _BEYOND:
        raise ValueError
    return value


def oldest_kept(now: datetime) -> int:
    """Positions before it are forgotten. They are microseconds of Unix time."""
    return (now - KEPT - _EPOCH) // timedelta(microseconds=1)


def following(after: int | None, shown: int | None, forgotten: int) -> int:
    """Where the next page begins; ``shown`` is the last position of this one, ``forgotten`` the newest that went.

    Raises NoLongerKept.
    """
    if after is not None and after < forgotten:
        raise NoLongerKept
    return shown if shown is not None else max(after or 0, forgotten)
