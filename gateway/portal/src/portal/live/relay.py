"""News as they happen: notify's stream, passed on to the browser for as long as its session lives."""

import asyncio
from contextlib import suppress

import httpx

from chassis import telemetry
from chassis.failures import DATABASE
from chassis.streaming import Write, first_of
from portal.session.keeper import Sessions
from portal.session.oidc import Unavailable
from portal.session.rules import WebSession
from portal.web.api import Api

STREAM = "/api/notify/v1/stream"
ENDED = b"event: ended\ndata: {}\n\n"
LOOK = b"event: inbox\ndata: {}\n\n"
"""For what came meanwhile, or is not from notify: the pages ask for their inbox again."""
_PAUSE_SECONDS, _SILENCE_SECONDS = 2.0, 40.0


class Relay:
    """Connects again when notify ends the stream (with the access token, or when it restarts), and goes on after the
    last event that the browser has had.
    """

    def __init__(self, sessions: Sessions, http: httpx.AsyncClient, secret: str, last_event_id: str | None) -> None:
        self._sessions, self._http, self._secret = sessions, http, secret
        self._last_event_id = last_event_id

    async def tell(self, write: Write) -> None:
        """Writes whole events, one or more at a time; the last one is ``ended``, as soon as the session has."""
        with self._sessions.watching(self._secret) as watch:
            while session := await self._session(watch):
                try:
                    await first_of(self._pass_on(Api(self._http, session.tokens.access), write), watch.wait())
                except httpx.HTTPError as error:
                    telemetry.log.info("stream broken: %s", type(error).__name__)
                await write(LOOK)
                with suppress(TimeoutError):
                    await asyncio.wait_for(watch.wait(), _PAUSE_SECONDS)
        await write(ENDED)

    async def _session(self, watch: asyncio.Event) -> WebSession | None:
        """The session as it is now, waited for while Keycloak or the database are away."""
        while True:
            watch.clear()
            try:
                return await self._sessions.find(self._secret, active=False)
            except (Unavailable, *DATABASE) as error:
                telemetry.log.info("session not known now: %s", type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _pass_on(self, api: Api, write: Write) -> None:
        headers = api.headers() | ({"Last-Event-ID": self._last_event_id} if self._last_event_id else {})
        silence = httpx.Timeout(5, read=_SILENCE_SECONDS)
        async with self._http.stream("GET", STREAM, headers=headers, timeout=silence) as answer:
            answer.raise_for_status()
            waiting = b""
            async for chunk in answer.aiter_raw():
                events, end, waiting = (waiting + chunk).rpartition(b"\n\n")
                if events:
                    self._note(events)
                    await write(events + end)

    def _note(self, events: bytes) -> None:
        _, field, rest = (b"\n" + events).rpartition(b"\nid: ")
        if field:
            self._last_event_id = rest.partition(b"\n")[0].decode()
