"""Ways to reach people beside the inbox (通知渠道). Each module here is one, by its name; those with ``_`` are none.

A module has ``WORDS``, what the channel is called in both languages, and ``channel``, which makes it ready to send.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Protocol, cast
from uuid import UUID

from chassis.tenancy import Database
from notify.settings import NotifySettings
from notify.webhooks.sending import Sender

Both = tuple[str, str]


@dataclass(frozen=True)
class Message:
    """What is sent to one address. ``id`` is the same in each try, so that a receiver can tell a repeat."""

    id: UUID
    address: str
    title: str
    body: str
    url: str
    at: datetime


class Outcome(StrEnum):
    """What a try came to. ``unknown``: it may have arrived all the same."""

    SENT = "sent"
    LATER = "later"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Result:
    """``reason`` is short and names nobody, ``detail`` tells it to people. ``pause``: the address is left alone for so
    long at least; ``away``: nothing arrives anywhere now.
    """

    outcome: Outcome
    reason: str | None = None
    detail: str = ""
    pause: timedelta = timedelta()
    away: bool = False


@dataclass(frozen=True)
class Limit:
    """The most tries that an address takes within a time."""

    tries: int
    within: timedelta


class Channel(Protocol):
    """``at_once``: tries that run side by side, one an address."""

    @property
    def at_once(self) -> int: ...

    @property
    def limits(self) -> tuple[Limit, ...]: ...

    async def send(self, message: Message) -> Result: ...


@dataclass(frozen=True)
class Means:
    """What channels send with."""

    settings: NotifySettings
    database: Database
    sender: Sender
    now: Callable[[], datetime]


class Module(Protocol):
    WORDS: Both

    def channel(self, means: Means) -> Channel: ...


@cache
def modules() -> dict[str, Module]:
    """All channels by their codes."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_"))
    return {name: cast(Module, import_module(f"{__name__}.{name}")) for name in names}
