"""Which lists are made in the background, for how long their files are kept, and how one stands. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from portal.web.words import Both

LARGE = 1_000
"""Rows up to which a file is made while the browser waits."""
MOST = 100_000
AT_ONCE, MOST_KEPT = 3, 20
"""How many a person may have made at once, and how many of them are kept."""
KEPT = timedelta(days=7)
HELD = timedelta(seconds=60)
"""For so long a process that is not heard of has what it took; longer than any answer of the services takes."""
TRIES = 5


class TooMany(Exception):
    """More rows than a file may have, or than are worth waiting for."""


class State(StrEnum):
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


class Failure(StrEnum):
    SESSION = "session"
    TOO_MANY = "too_many"
    REFUSED = "refused"
    AWAY = "away"


FAILURES: dict[str, Both] = {
    Failure.SESSION: ("导出期间登录已结束", "Your login ended meanwhile"),
    Failure.TOO_MANY: (
        f"符合条件的超过 {MOST:,} 行，请缩小查询范围",
        f"More than {MOST:,} rows fit; please narrow the list",
    ),
    Failure.REFUSED: ("内容已不存在，或者您无权查看", "It is not there any more, or not for you"),
    Failure.AWAY: ("系统多次未答复，请稍后再试", "The system did not answer several times; please try later"),
}


@dataclass(frozen=True)
class Export:
    """``list`` and ``query`` are the page that it was asked for on; ``making`` whether it is still to be made.

    ``expected`` is how many rows the same list had before, ``size`` that of the file in bytes.
    """

    id: UUID
    list: str
    query: str
    asked_at: datetime
    ended_at: datetime | None
    making: bool
    done: int
    expected: int | None
    size: int | None
    failure: str | None
    seen: bool

    @property
    def state(self) -> State:
        if self.size is not None:
            return State.READY
        return State.MAKING if self.making and not self.failure else State.FAILED

    @property
    def why(self) -> Both:
        """Why it failed; what nobody could say any more is that the session had ended."""
        return FAILURES[self.failure or Failure.SESSION]

    @property
    def share(self) -> int | None:
        """Percent of what is expected, below 100 while it is being made; None when nothing is known of that."""
        return min(self.done * 100 // self.expected, 99) if self.expected else None

    @property
    def kept_until(self) -> datetime:
        return self.asked_at + KEPT


def pause(tries: int) -> timedelta:
    """After so many tries of which none ended."""
    return timedelta(seconds=5 * tries)
