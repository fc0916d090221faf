"""What channels to group robots (群机器人) share: where a robot is, how it is asked, what its answers mean.

Robots repeat no ids of ours, so each message ends with its own: in a repeat it is the same.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from chassis.tenancy import Database
from notify.channels import Both, Limit, Means, Message, Outcome, Result
from notify.channels._wording import cut
from notify.robots import store
from notify.webhooks.rules import Reason
from notify.webhooks.sending import Exchange, Sender

AT_ONCE = 64
HEADERS = {"content-type": "application/json; charset=utf-8", "user-agent": "zoneportal-robots/1"}
_BEFORE = frozenset({Reason.UNRESOLVED, Reason.CONNECTION, Reason.TLS})
_UNKNOWN = frozenset({Reason.TIMEOUT, Reason.PROTOCOL})
_LATER = frozenset({408, 429})


@dataclass(frozen=True)
class Request:
    url: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Codes:
    """What the answer's field ``name`` says beside 0. One that is not here is tried again."""

    name: str
    busy: Mapping[int, timedelta]
    refused: Mapping[int, str]


@dataclass(frozen=True)
class Kind:
    """A kind of robot. ``fits``: whether an address may be one of its; ``signs``: whether it has a secret."""

    words: Both
    example: str
    signs: bool
    fits: Callable[[str], bool]
    limits: tuple[Limit, ...]
    codes: Codes
    ask: Callable[[Message, str, str, datetime], Request]


@dataclass(frozen=True)
class Robots:
    """All robots of a kind; the address of a message is the id of one."""

    kind: Kind
    database: Database
    sender: Sender
    now: Callable[[], datetime]
    at_once: int = AT_ONCE

    @classmethod
    def of(cls, kind: Kind, means: Means) -> "Robots":
        return cls(kind, means.database, means.sender, means.now)

    @property
    def limits(self) -> tuple[Limit, ...]:
        return self.kind.limits

    async def send(self, message: Message) -> Result:
        async with self.database.session() as db:
            robot = await store.target(db, UUID(message.address))
        if robot is None or robot["paused"]:
            return Result(Outcome.FAILED, "paused", "机器人已停用或已移除。")
        request = self.kind.ask(message, robot["url"], robot["secret"], self.now())
        body = json.dumps(request.body, ensure_ascii=False)
        return judge(await self.sender.post(request.url, body, HEADERS), self.kind.codes)


def judge(exchange: Exchange, codes: Codes) -> Result:
    """What an exchange comes to; a robot that is busy or cannot be reached is left alone for a while."""
    reason = exchange.reason
    if reason is None:
        return _meaning(exchange.answer or "", codes)
    if reason in _UNKNOWN:
        return Result(Outcome.UNKNOWN, reason, exchange.detail, timedelta(seconds=5))
    status = exchange.status or 0
    passing = reason in _BEFORE or status >= 500 or status in _LATER
    outcome = Outcome.LATER if passing else Outcome.FAILED
    shown = f"HTTP {status}" if reason is Reason.STATUS else reason
    return Result(outcome, shown, exchange.detail, timedelta(seconds=30 if passing else 0))


def _meaning(answer: str, codes: Codes) -> Result:
    code = _code(answer, codes.name)
    if code is None:
        return Result(Outcome.UNKNOWN, "answer", "应答中没有结果代码，消息可能已经送出。")
    if code == 0:
        return Result(Outcome.SENT)
    reason = f"{codes.name} {code}"
    if code in codes.refused:
        return Result(Outcome.FAILED, reason, codes.refused[code])
    if code in codes.busy:
        return Result(Outcome.LATER, reason, "对方限制发送频率，稍后重试。", codes.busy[code])
    return Result(Outcome.LATER, reason, f"对方应答代码 {code}，稍后重试。")


def _code(answer: str, name: str) -> int | None:
    try:
        found = json.loads(answer)
    except ValueError:
        return None
    code = found.get(name) if isinstance(found, dict) else None
    return code if isinstance(code, int) else None


PLAIN = str.maketrans("<>[]*`#_~\\", "＜＞［］＊｀＃＿～＼")


def plain(text: str) -> str:
    """Text that says nothing else in Markdown, and mentions nobody."""
    return text.translate(PLAIN)


def shortened(message: Message, most: int, whole: Callable[[Message], str]) -> str:
    """What is said of a message, its body cut so that all of it takes at most so many bytes."""
    room = most - len(whole(replace(message, body="")).encode())
    return whole(replace(message, body=cut(plain(message.body), room)))


def with_query(url: str, **added: str) -> str:
    """The address with more in its query, in place of what it had by these names."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in added]
    return urlunsplit(parts._replace(query=urlencode([*kept, *added.items()])))


def has_in_query(url: str, name: str) -> bool:
    return any(found == name and value for found, value in parse_qsl(urlsplit(url).query))
