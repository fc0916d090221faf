"""Deputies (代理): for some days a person works in the name of another of the same office, who is away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.connecting import Transport
from chassis.problems import Problem

ATTRIBUTE = "deputy_for"
"""Of the deputy's account in Keycloak, and the claim of its tokens."""
HEADER = "Acting-For"
"""By which a request says in whose name it comes: the subject of who is away."""


@dataclass(frozen=True)
class Deputyship:
    """``absent`` is the subject of who is away, ``name`` and ``roles`` are that person's; both are of ``office``."""

    id: str
    absent: str
    office: str
    roles: tuple[str, ...]
    since: date
    until: date
    name: str

    @classmethod
    def of(cls, text: str) -> "Deputyship":
        """As Keycloak keeps it; ValueError for what is none."""
        id_, absent, office, roles, since, until, name = text.split(" ", 6)
        days = date.fromisoformat(since), date.fromisoformat(until)
        return cls(id_, absent, office, tuple(roles.split(",")), *days, name)

    def __str__(self) -> str:
        return f"{self.id} {self.absent} {self.office} {','.join(self.roles)} {self.since} {self.until} {self.name}"

    def runs(self, day: date) -> bool:
        """Both days are in it, in Asia/Shanghai."""
        return self.since <= day <= self.until


def told(claims: Mapping[str, Any]) -> list[Deputyship]:
    """Those that verified claims tell of."""
    return [Deputyship.of(text) for text in claims.get(ATTRIBUTE) or ()]


def running(given: Iterable[Deputyship], office: str | None, day: date) -> list[Deputyship]:
    """Those that a person of the office may use on a day: none that an office left behind."""
    return [each for each in given if each.office == office and each.runs(day)]


class NotDeputy(Problem):
    def __init__(self) -> None:
        super().__init__(403, "not-deputy", "您现在不是该用户的代理人，请以本人身份办理。")


class Present:
    """What Keycloak says of a token's owner now: a withdrawn deputyship is over at once, not with the token."""

    def __init__(self, jwks_url: str) -> None:
        self._url = jwks_url.rpartition("/")[0] + "/userinfo"
        self._http = httpx.AsyncClient(transport=Transport(trust_env=False), timeout=3)

    async def deputyships(self, token: str) -> list[Deputyship]:
        """None for whoever is blocked or logged out, or whose token has not the scope ``openid``."""
        try:
            answer = await self._http.get(self._url, headers={"Authorization": f"Bearer {token}"})
        except httpx.HTTPError as error:
            raise _away() from error
        if answer.status_code >= 500:
            raise _away()
        return told(answer.json()) if answer.is_success else []


def _away() -> Problem:
    detail = "身份服务暂时不可用，请稍后重试。"
    return Problem(503, "keys-unavailable", detail, headers={"Retry-After": "1"})


class Uncached:
    """ASGI middleware: no cache keeps what is answered to a deputy, to whom the same address tells something else when
    it acts in its own name.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Cache-Control"] = "no-store"
            await send(message)

        if scope["type"] == "http" and HEADER in Headers(scope=scope):
            asked = [(name, value) for name, value in scope["headers"] if name != b"if-none-match"]
            await self.app({**scope, "headers": asked}, receive, marked)
        else:
            await self.app(scope, receive, send)
