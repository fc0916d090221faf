"""When a delivery is tried again, when it is given up, and what people may do with it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.problems import DomainError
from notify.channels import Outcome, Result

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 20, 60, 5 * 60, 15 * 60, 30 * 60, 60 * 60))
"""The longest pause after the first, second, … failed try; the last one stays. The shortest is half of it."""
GIVE_UP_AFTER = timedelta(days=1)
KEPT = timedelta(days=90)
LONGEST_REST = timedelta(seconds=30)


class State(StrEnum):
    """``sending``: tried at least once, now or to be tried again."""

    CREATED = "created"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class NotNow(DomainError):
    """What the delivery's present state does not allow."""

    slug = "delivery-state"

    def __init__(self) -> None:
        super().__init__("该消息正在发送或已经送达，不需要重试。")


@dataclass(frozen=True)
class Verdict:
    """What becomes of a delivery after a try; ``next_try`` while it waits."""

    state: State
    next_try: datetime | None = None


def judge(result: Result, *, tries: int, since: datetime, now: datetime, chance: float) -> Verdict:
    """``since``: when it was due at first, or retried by hand; ``chance`` (0 to 1) spreads the tries of many."""
    if result.outcome is Outcome.SENT:
        return Verdict(State.SENT)
    if result.outcome is Outcome.FAILED or now - since >= GIVE_UP_AFTER:
        return Verdict(State.FAILED)
    return Verdict(State.SENDING, now + max(pause(tries, chance), result.pause))


def pause(tries: int, chance: float) -> timedelta:
    return PAUSES[min(tries, len(PAUSES)) - 1] * (1 + chance) / 2


def rest(failures: int) -> timedelta:
    """How long a channel whose other end is away is left alone after so many tries that found it so."""
    return min(timedelta(seconds=2 ** min(failures - 1, 20)), LONGEST_REST)


def actions(state: str, held_until: datetime | None, now: datetime) -> list[str]:
    """What may be done with a delivery now: one that waits for its next try or was given up is tried at once."""
    held = held_until is not None and held_until > now
    return ["retry"] if state == State.FAILED or (state == State.SENDING and not held) else []
