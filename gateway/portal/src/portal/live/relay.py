"""News as they happen: notify's stream, passed on to the browser for as long as its session lives."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

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
    """The frames, up to the moment when ``stop`` is set."""
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
        """Whole events, one or more at a time; the last one is ``ended``, as soon as the session has."""
        with self._sessions.watching(self._secret) as watch:
            while session := await self._session(watch):
                try:
                    async with aclosing(until(watch, self._of(Api(self._http, session.tokens.access)))) as news:
                        async for frames in news:
                            yield frames
                except httpx.HTTPError as error:
                    telemetry.log.info("stream broken: %s", type(error).__name__)
                yield KEEP_ALIVE
                with suppress(TimeoutError):
                    await asyncio.wait_for(watch.wait(), _PAUSE_SECONDS)
        yield ENDED

    async def _session(self, watch: asyncio.Event) -> WebSession | None:
        """The session as it is now, waited for while Keycloak or the database are away."""
        while True:
            watch.clear()
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
            waiting = b""
            async for chunk in answer.aiter_raw():
                frames, end, waiting = (waiting + chunk).rpartition(b"\n\n")
                if frames:
                    self._note(frames)
                    yield frames + end

    def _note(self, frames: bytes) -> None:
        _, field, rest = (b"\n" + frames).rpartition(b"\nid: ")
        if field:
            self._last_event_id = rest.partition(b"\n")[0].decode()
