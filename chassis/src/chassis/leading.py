"""Of several processes one leads: the one whose session at the database holds a lock, and gives signs of life.

A leader that died is followed within a second. One that hangs, or whose machine is gone without a word, loses its
session after ``SILENCE_SECONDS``; it has stopped to act as leader before, since it may do so only for ``LEASE_SECONDS``
after a sign of life that the database has answered.
"""

import asyncio
import time
from typing import Any

import asyncpg

LEASE_SECONDS = 4.0
SILENCE_SECONDS = 7
BEAT_SECONDS = 1.0
_SESSION = {
    "idle_session_timeout": f"{SILENCE_SECONDS}s",
    "tcp_keepalives_idle": "2",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": str(SILENCE_SECONDS - 2),
    "tcp_user_timeout": str(SILENCE_SECONDS * 1000),
}


class Lead:
    """A session that strives for a lock. Whoever has one must use it, or ``beat``, at least every second."""

    def __init__(self, connection: Any, lock: int) -> None:
        self.connection, self._lock = connection, lock
        self._until = 0.0
        connection.add_termination_listener(lambda _: self.end())

    @classmethod
    async def of(cls, url: str, lock: int, name: str) -> "Lead":
        """``name`` is what the database shows of the session."""
        session = {**_SESSION, "application_name": name}
        return cls(await asyncpg.connect(url, timeout=5, command_timeout=10, server_settings=session), lock)

    @property
    def held(self) -> bool:
        """Whether nobody else can lead now."""
        return time.monotonic() < self._until

    async def won(self) -> bool:
        """Whether this one leads from now on."""
        asked = time.monotonic()
        if await self.connection.fetchval("SELECT pg_try_advisory_lock($1)", self._lock):
            self._until = asked + LEASE_SECONDS
            return True
        return False

    async def fetch(self, sql: str) -> Any:
        """Asks the database, which is a sign of life."""
        asked = time.monotonic()
        rows = await self.connection.fetch(sql)
        self._until = asked + LEASE_SECONDS
        return rows

    async def beat(self) -> None:
        """Raises when the database does not answer before the lease is over."""
        async with asyncio.timeout(LEASE_SECONDS):
            await self.fetch("SELECT 1")

    def end(self) -> None:
        self._until = 0.0
