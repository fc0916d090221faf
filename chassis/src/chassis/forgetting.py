"""What the chassis keeps only for a while, so that its tables do not grow with history."""

import asyncio
import contextlib

import asyncpg

from chassis import telemetry

FORGET = """
    DELETE FROM idempotency WHERE at < now() - interval '7 days';
    DELETE FROM inbox WHERE handled_at < now() - interval '100 days';
"""
"""Handled events are known longer than their topics keep them (90 days), or carry a version (the catalog's)."""

LETTERS = "DELETE FROM dead_letter WHERE state <> 'waiting' AND ended_at < now() - interval '90 days'"
"""What an operator has retried or discarded; the audit trail keeps who did. Those that wait stay."""

SECONDS = 600.0


class Forgetting:
    """A task of every worker."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url

    async def run(self, stop: asyncio.Event) -> None:
        """Deletes what is old, every ten minutes until ``stop`` is set."""
        while not stop.is_set():
            try:
                await self.forget()
            except Exception as error:
                telemetry.log.warning("old rows stay: %s: %s", type(error).__name__, error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SECONDS)

    async def forget(self) -> None:
        connection = await asyncpg.connect(self._url, timeout=5)
        try:
            await connection.execute(FORGET)
            if await connection.fetchval("SELECT to_regclass('dead_letter') IS NOT NULL"):
                await connection.execute(LETTERS)
        finally:
            connection.terminate()
