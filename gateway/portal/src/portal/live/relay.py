"""News as they happen: notify's stream, passed on to the browser for as long as its session lives."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import httpx
from anyio import CancelScope
from sqlalchemy.exc import DBAPIError

from chassis import telemetry
from portal.session.keeper import Sessions
from portal.session.oidc import Unavailable
from portal.session.rules import WebSession
from portal.web.api import Api

STREAM = "/api/notify/v1/stream"
ENDED = b"event: ended\ndata: {}\n\n"
KEEP_ALIVE = b": waiting\n\n"
_PAUSE_SECONDS, _SILENCE_SECONDS = 2.0, 40.0


async def until(stop: asyncio.Event, frames: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The frames, up to the moment when the portal stops; the browser then connects again."""
    stopping = asyncio.ensure_future(stop.wait())
    coming = asyncio.ensure_future(anext(frames, None))
    try:
        while True:
            await asyncio.wait((coming, stopping), return_when=asyncio.FIRST_COMPLETED)
            if stopping.done() or (frame := coming.result()) is None:
                return
            yield frame
            coming = asyncio.ensure_future(anext(frames, None))
    finally:
        stopping.cancel()
        coming.cancel()
        with CancelScope(shield=True):
            await asyncio.wait((coming,))
            await frames.aclose()


class Relay:
    """Connects again when notify ends the stream (with the access token, or when it restarts), and goes on after the
    last event that the browser has had.
    """

    def __init__(self, sessions: Sessions, http: httpx.AsyncClient, secret: str, last_event_id: str | None) -> None:
        self._sessions, self._http, self._secret = sessions, http, secret
        self._last_event_id = last_event_id

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """Whole events; the last one is ``ended``, when the session has."""
        while session := await self._session():
            try:
                async with aclosing(self._of(Api(self._http, session.tokens.access))) as news:
                    async for frame in news:
                        if await self._session() is None:
                            break
                        yield frame
            except httpx.HTTPError as error:
                telemetry.log.info("stream broken: %s", type(error).__name__)
            yield KEEP_ALIVE
            await asyncio.sleep(_PAUSE_SECONDS)
        yield ENDED

    async def _session(self) -> WebSession | None:
        """The session, waited for while Keycloak or the database are away."""
        while True:
            try:
                return await self._sessions.find(self._secret, active=False)
            except (Unavailable, OSError, DBAPIError) as error:
                telemetry.log.info("session not known now: %s", type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _of(self, api: Api) -> AsyncGenerator[bytes, None]:
        headers = api.headers() | ({"Last-Event-ID": self._last_event_id} if self._last_event_id else {})
        silence = httpx.Timeout(5, read=_SILENCE_SECONDS)
        async with self._http.stream("GET", STREAM, headers=headers, timeout=silence) as answer:
            answer.raise_for_status()
            frame: list[str] = []
            async for line in answer.aiter_lines():
                if line.startswith("id: "):
                    self._last_event_id = line.removeprefix("id: ")
                if line:
                    frame.append(line)
                    continue
                yield "\n".join([*frame, "", ""]).encode()
                frame.clear()
