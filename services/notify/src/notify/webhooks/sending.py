"""One try to deliver: the name resolved by ourselves, each answer checked, the connection made to what was checked."""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from chassis.connecting import Transport
from notify.webhooks.addresses import Address, BadAddress, Destination, Network, destination, permitted
from notify.webhooks.rules import Reason

RESOLVE_SECONDS = 3.0
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5.0, 10.0, 20.0
ANSWER_SECONDS = 3.0
ANSWER_BYTES = 4096
ADDRESSES_TRIED = 3
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_THREADS = ThreadPoolExecutor(64, "webhook-names")


class Unresolved(BadAddress):
    """A name that no address can be had for now."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a name. Raises OSError."""
    ask = asyncio.get_running_loop().run_in_executor(
        _THREADS, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    )
    return [str(found[4][0]) for found in await ask]


@dataclass
class Exchange:
    """What was sent where, and what came back: nothing, an answer, or a reason why not. ``detail`` is for people."""

    headers: dict[str, str]
    address: str | None = None
    status: int | None = None
    answer_type: str | None = None
    answer: str | None = None
    reason: Reason | None = None
    detail: str = ""
    milliseconds: int = 0


@dataclass
class Sender:
    """Talks with receivers. Knows no cookies, proxies, redirects or kept connections: each try stands alone."""

    allowed: Sequence[Network] = ()
    resolve: Resolve = resolve
    whole_seconds: float = WHOLE_SECONDS
    verify: ssl.SSLContext = field(default_factory=httpx.create_ssl_context)

    def __post_init__(self) -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._transport = Transport(verify=self.verify, limits=limits, trust_env=False)

    async def close(self) -> None:
        await self._transport.aclose()

    async def addresses(self, to: Destination) -> list[Address]:
        """Where a destination is now. Raises BadAddress."""
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                answers = await self.resolve(to.host, to.port)
        except (OSError, TimeoutError, UnicodeError) as error:
            raise Unresolved("域名现在无法解析。") from error
        return permitted(answers, self.allowed)

    async def post(self, url: str, body: str, headers: dict[str, str]) -> Exchange:
        """Tries once, within the time for the whole."""
        exchange, begun = Exchange(headers), time.monotonic()
        try:
            async with asyncio.timeout(self.whole_seconds):
                await self._post(exchange, destination(url), body.encode())
        except (TimeoutError, httpx.TimeoutException):
            exchange.reason, exchange.detail = Reason.TIMEOUT, "对方没有在时限内应答。"
        except Unresolved as error:
            exchange.reason, exchange.detail = Reason.UNRESOLVED, str(error)
        except BadAddress as error:
            exchange.reason, exchange.detail = Reason.ADDRESS, str(error)
        except httpx.TransportError as error:
            exchange.reason, exchange.detail = _why(error)
        exchange.milliseconds = int((time.monotonic() - begun) * 1000)
        return exchange

    async def _post(self, exchange: Exchange, to: Destination, body: bytes) -> None:
        found = (await self.addresses(to))[:ADDRESSES_TRIED]
        for place, address in enumerate(found, 1):
            exchange.address = str(address)
            try:
                await self._at(exchange, to, address, body)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if place == len(found):
                    raise
            else:
                return

    async def _at(self, exchange: Exchange, to: Destination, address: Address, body: bytes) -> None:
        """Posts to a checked address; name and certificate stay those of the host."""
        timeout = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": CONNECT_SECONDS}
        request = httpx.Request(
            "POST",
            to.at(address),
            headers={"host": to.authority, "accept-encoding": "identity", **exchange.headers},
            content=body,
            extensions={"timeout": timeout, "sni_hostname": to.host},
        )
        response = await self._transport.handle_async_request(request)
        try:
            await _read(exchange, response)
        finally:
            await response.aclose()


async def _read(exchange: Exchange, response: httpx.Response) -> None:
    """Notes the answer and what it means, by its status alone; its body up to the first kilobytes, if it comes."""
    exchange.status = response.status_code
    exchange.answer_type = response.headers.get("content-type", "")[:200]
    exchange.reason, exchange.detail = _meaning(response)
    answer = bytearray()
    with contextlib.suppress(TimeoutError, httpx.TransportError):
        async with asyncio.timeout(ANSWER_SECONDS):
            async for piece in response.aiter_raw():
                answer += piece
                if len(answer) >= ANSWER_BYTES:
                    break
    exchange.answer = bytes(answer[:ANSWER_BYTES]).decode("utf-8", "replace").replace("\0", "\ufffd")


def _meaning(response: httpx.Response) -> tuple[Reason | None, str]:
    status = response.status_code
    if response.is_success:
        return None, ""
    if response.is_redirect:
        return Reason.REDIRECT, f"不跟随重定向（{status}），请登记最终地址。"
    if status == httpx.codes.GONE:
        return Reason.GONE, "对方应答 410：不再接收。"
    return Reason.STATUS, f"对方应答 {status}，不是 2xx。"


def _why(error: httpx.TransportError) -> tuple[Reason, str]:
    if "SSL" in str(error):
        return Reason.TLS, "TLS 证书或握手有误。"
    if isinstance(error, httpx.ConnectError):
        return Reason.CONNECTION, "无法建立连接。"
    return Reason.PROTOCOL, "连接中断，或应答不符合 HTTP。"
