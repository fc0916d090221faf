"""Which days a calendar holds, and how long a feed goes on. Pure: days come in as arguments."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256

BEHIND, AHEAD = timedelta(31), timedelta(366)
RESTS_AFTER = timedelta(31)
MOST = 1000


class Kind(StrEnum):
    """What is due: a line, a milestone, a period's filings, an order's signature or answer, a problem's answer."""

    LINE = "line"
    MILESTONE = "milestone"
    PERIOD = "period"
    ORDER = "order"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Days:
    """Without the last one."""

    since: date
    until: date


def month(written: str) -> Days:
    """The days of ``2026-11``."""
    since = date.fromisoformat(f"{written}-01")
    return Days(since, (since + timedelta(31)).replace(day=1))


def around(today: date) -> Days:
    """What a feed tells: a month back, a year ahead."""
    return Days(today - BEHIND, today + AHEAD)


def key_of(secret: str) -> bytes:
    """What is stored of the secret in a feed's address."""
    return sha256(secret.encode()).digest()
