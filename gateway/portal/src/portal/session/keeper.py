"""The sessions of browsers, kept in PostgreSQL; the tokens never leave the server."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from chassis import clock, telemetry
from chassis.failures import DATABASE
from chassis.listening import listen
from chassis.tenancy import Database
from portal.session import store
from portal.session.oidc import Oidc, Refused, Unavailable
from portal.session.rules import OUTDATED, Login, Tokens, WebSession, key_of, new_secret

_REMOVE_EVERY_SECONDS = 300.0


class Sessions:
    def __init__(self, database: Database, oidc: Oidc) -> None:
        self._database, self._oidc = database, oidc
        self._watches: dict[str, set[asyncio.Event]] = {}

    async def begin_login(self, browser: str, next_path: str, language: str) -> str:
        """Where the browser, known by its secret, is sent to log in."""
        login, state = Login(new_secret(), new_secret(), next_path), new_secret()
        async with self._database.session() as db:
            await store.add_login(db, key_of(state), key_of(browser), login, clock.now())
        return self._oidc.login_url(login, state, language)

    async def finish_login(self, browser: str, state: str, code: str) -> tuple[str, str] | None:
        """The secret of a new session and where its login leads; None for a login that this browser did not begin.

        Raises Refused or Unavailable.
        """
        async with self._database.session() as db:
            login = await store.take_login(db, key_of(state), key_of(browser), clock.now())
        if login is None:
            return None
        tokens = await self._oidc.exchange(code, login)
        secret, now = new_secret(), clock.now()
        async with self._database.session() as db:
            await store.add(db, WebSession(key_of(secret), new_secret(), tokens, now, now))
        return secret, login.next

    async def find(self, secret: str, *, active: bool = True) -> WebSession | None:
        """The living session of a cookie, with an access token that is good for some time.

        ``active`` is false for what the browser asks for by itself: that keeps no session alive. Raises Unavailable
        when the token has ended and Keycloak gives no new one now.
        """
        return await self.of(key_of(secret), active=active)

    async def of(self, key: bytes, *, active: bool) -> WebSession | None:
        """As ``find``, by its key."""
        now = clock.now()
        async with self._database.session() as db:
            session = await store.get(db, key)
            if session is None or not session.alive(now):
                return None
            if active and session.to_be_noted(now):
                await store.seen(db, session.key, now)
        if not session.tokens.due(now):
            return session
        tokens = await self._renew(session.key)
        return replace(session, tokens=tokens) if tokens else None

    async def act_for(self, secret: str, absent: str | None) -> None:
        """From now on the user of the session stands in for ``absent``, of whom its new token tells if it is so; for
        nobody with None. Raises Unavailable.
        """
        key = key_of(secret)
        if absent:
            await self._renew(key, early=True)
        async with self._database.session() as db:
            await store.act_for(db, key, absent)

    async def outdate(self, sub: str) -> None:
        """What somebody may do has changed: the next page of each of its sessions renews the token first."""
        async with self._database.session() as db:
            await store.outdate(db, sub, clock.now() + OUTDATED)

    async def _renew(self, key: bytes, *, early: bool = False) -> Tokens | None:
        """One of several concurrent requests renews, the others wait for it; None when the session has ended."""
        async with self._database.session() as db:
            session = await store.lock(db, key)
            if session is None or not (early or session.tokens.due(clock.now())):
                return session.tokens if session else None
            try:
                tokens = await self._oidc.renew(session.tokens)
            except Refused:
                await store.remove(db, key)
                return None
            except Unavailable:
                if session.tokens.usable(clock.now()):
                    return session.tokens
                raise Unavailable(session) from None
            await store.renew(db, key, tokens)
            return tokens

    async def end(self, secret: str) -> str | None:
        """Ends the session; where Keycloak ends its own one. None when there was none."""
        async with self._database.session() as db:
            session = await store.lock(db, key_of(secret))
            if session is None:
                return None
            await store.remove(db, session.key)
        return self._oidc.logout_url(session.tokens.id)

    async def end_with(self, logout_token: str) -> None:
        """Ends what began with a session of Keycloak's that has ended there. Raises Refused or Unavailable."""
        sid = await self._oidc.ended(logout_token)
        async with self._database.session() as db:
            await store.remove_of(db, sid)

    @contextmanager
    def watching(self, secret: str) -> Iterator[asyncio.Event]:
        """Set when the session may have ended, or has something new: whoever sees that looks, and clears it."""
        key, watch = key_of(secret).hex(), asyncio.Event()
        self._watches.setdefault(key, set()).add(watch)
        try:
            yield watch
        finally:
            self._watches[key].discard(watch)
            if not self._watches[key]:
                del self._watches[key]

    async def keep_watching(self) -> None:
        """Hears of sessions to look at, in whichever process."""
        await listen(self._database.url, store.ENDED, self._look, self._look_at_all)

    def _look(self, key: str) -> None:
        for watch in self._watches.get(key, ()):
            watch.set()

    def _look_at_all(self) -> None:
        for key in self._watches:
            self._look(key)

    async def remove_ended(self) -> None:
        """Forgets what has ended."""
        async with self._database.session() as db:
            await store.remove_ended(db, clock.now())

    async def keep_removing(self) -> None:
        """Forgets what has ended, again and again."""
        while True:
            try:
                await self.remove_ended()
            except DATABASE as error:
                telemetry.log.warning("ended sessions are not removed: %s", type(error).__name__)
            await asyncio.sleep(_REMOVE_EVERY_SECONDS)
