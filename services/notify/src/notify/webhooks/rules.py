"""When a webhook is tried again, given up or paused, when its owner is told, and who may do what with it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.auth import Caller, Role
from chassis.problems import DomainError

PAUSES = tuple(min(timedelta(seconds=5) * 2**doubled, timedelta(hours=6)) for doubled in range(14))
"""The longest pause after the first, second, … failed try; the last one stays."""
SHORTEST_PAUSE = timedelta(seconds=1)
GIVE_UP_AFTER = timedelta(days=3)
FIRST_NOTICE_AFTER = timedelta(hours=1)
NOTICE_EVERY = timedelta(days=1)
LAST_NOTICE_BEFORE = GIVE_UP_AFTER - NOTICE_EVERY
OLD_SECRET_KEPT = timedelta(hours=24)
DELIVERIES_KEPT = timedelta(days=30)
MOST_WEBHOOKS = 20
AT_ONCE, MOST_AT_ONCE = 8, 64
"""Tries of one webhook that run side by side: at first, and when it answers well."""
BACK_AFTER = timedelta(seconds=30)
RESTS_AFTER, LONGEST_REST = timedelta(seconds=10), timedelta(minutes=5)


class Ordering(StrEnum):
    """Whether a later event of a thing waits for the earlier one."""

    PER_THING = "per_thing"
    FREE = "free"


class Paused(StrEnum):
    """Why nothing is sent: by its owner, the security administrator, the receiver's 410, or after long failure."""

    OWNER = "owner"
    SECURITY = "security"
    GONE = "gone"
    FAILING = "failing"


class State(StrEnum):
    """Of a delivery. ``dropped``: its zone is no longer granted, or its event no longer kept."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


class Reason(StrEnum):
    """Why a try did not deliver. ``interrupted``: the worker ended in the middle of it."""

    ADDRESS = "address"
    UNRESOLVED = "unresolved"
    CONNECTION = "connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    REDIRECT = "redirect"
    GONE = "gone"
    STATUS = "status"
    PROTOCOL = "protocol"
    INTERRUPTED = "interrupted"


class TooMany(DomainError):
    slug = "too-many-webhooks"

    def __init__(self) -> None:
        super().__init__(f"每个对接系统最多 {MOST_WEBHOOKS} 个推送地址。")


class NotNow(DomainError):
    """What the webhook's present state does not allow."""

    slug = "webhook-state"


class NotGranted(DomainError):
    status = 422
    slug = "not-granted"

    def __init__(self, place: int) -> None:
        super().__init__("没有获准接收该片区的事件。")
        self.pointer = f"/body/tenants/{place}"


@dataclass(frozen=True)
class Verdict:
    """What becomes of a delivery after a try; ``next_try`` while it waits."""

    state: State
    next_try: datetime | None = None


def judge(reason: Reason | None, *, tries: int, since: datetime, now: datetime, chance: float) -> Verdict:
    """``since``: when it was first tried, or replayed; ``chance`` (0 to 1) spreads the tries of many over the pause."""
    if reason is None:
        return Verdict(State.DELIVERED)
    if now - since >= GIVE_UP_AFTER:
        return Verdict(State.FAILED)
    pause = max(PAUSES[min(tries, len(PAUSES)) - 1] * chance, SHORTEST_PAUSE)
    return Verdict(State.WAITING, now + pause)


@dataclass(frozen=True)
class Standing:
    """How a webhook stands: since when all its tries fail, why it is paused, when its owner was last told."""

    failing_since: datetime | None
    paused: Paused | None
    told_at: datetime | None


def stands(before: Standing, reason: Reason | None, now: datetime) -> Standing:
    """After a try. Its owner is told when ``told_at`` becomes ``now``: on a pause, and before that once a day."""
    if reason is None:
        return Standing(None, before.paused, before.told_at)
    since = before.failing_since or now
    if before.paused:
        return Standing(since, before.paused, before.told_at)
    if reason is Reason.GONE:
        return Standing(since, Paused.GONE, now)
    failing = now - since
    if failing >= GIVE_UP_AFTER:
        return Standing(since, Paused.FAILING, now)
    due = FIRST_NOTICE_AFTER <= failing < LAST_NOTICE_BEFORE
    rested = before.told_at is None or now - before.told_at >= NOTICE_EVERY
    return Standing(since, None, now if due and rested else before.told_at)


def room(before: int, reason: Reason | None) -> int:
    """How many tries of a webhook may run side by side after one has ended: the better it answers, the more."""
    return min(before + 1, MOST_AT_ONCE) if reason is None else max(before - 2, 1)


def rest(failing_since: datetime | None, now: datetime) -> timedelta:
    """How long a webhook is left alone after a failed try: the longer, the longer none has succeeded."""
    failing = now - (failing_since or now)
    return min(failing / 4, LONGEST_REST) if failing >= RESTS_AFTER else timedelta()


def is_back(before: Standing, after: Standing, now: datetime) -> bool:
    """Whether a webhook answers again that did not for a while, so that the pauses of what waits have no more sense."""
    since = before.failing_since
    return since is not None and after.failing_since is None and now - since >= BACK_AFTER


def must_be_granted(asked: Sequence[str], granted: frozenset[str]) -> None:
    """Raises NotGranted for the first zone that is not."""
    for place, tenant in enumerate(asked):
        if tenant not in granted:
            raise NotGranted(place)


def actions(caller: Caller, paused: Paused | None) -> list[str]:
    """What the caller may do with a webhook that it sees now."""
    owner = caller.scope == "integrator"
    found = ["edit", "rotate", "remove"] if owner else []
    if paused is None:
        found += ["pause"] if owner or caller.has(Role.SECURITY) else []
        found += ["test"] if owner else []
        found += ["replay"] if owner or caller.has(Role.OPERATOR) else []
    elif caller.has(Role.SECURITY) or (owner and paused != Paused.SECURITY):
        found.append("resume")
    return found


def must_allow(action: str, allowed: Sequence[str]) -> None:
    """Raises NotNow for what the webhook's state does not allow to a caller whose role would."""
    if action not in allowed:
        raise NotNow(
            {
                "pause": "该推送地址已经暂停。",
                "resume": "该推送地址没有暂停，或由安全管理员暂停，只能由其恢复。",
            }.get(action, "该推送地址已暂停，请先恢复。")
        )
