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
    """``reason`` is short and names nobody, ``detail`` tells it to people. ``away``: nothing arrives anywhere now."""

    outcome: Outcome
    reason: str | None = None
    detail: str = ""
    pause: timedelta = timedelta()
    away: bool = False


class Channel(Protocol):
    """``at_once``: tries that run side by side, one an address; ``per_minute``: the most tries an address takes."""

    @property
    def at_once(self) -> int: ...

    @property
    def per_minute(self) -> int | None: ...

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
