"""Real code at work on a real database in a transaction that is undone in the end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from chassis.settings import Settings
from chassis.tenancy import Database, Session
from deploy.local.system import System
from progress.topics import Topics

T = TypeVar("T")


class _Undo(Exception):
    """Makes the session roll back."""


@asynccontextmanager
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database(url, most=9)
    try:
        yield opened
    finally:
        await opened.close()


async def undone(database: Database, work: Callable[[Session], Awaitable[T]]) -> T:
    """What ``work`` returns; of what it did nothing stays."""
    results: list[T] = []
    with suppress(_Undo):
        async with database.session() as session:
            results.append(await work(session))
            raise _Undo
    return results[0]


class Loop:
    """Lets the pact library, whose callbacks are plain functions on threads, use this loop's coroutines."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """From a thread: the coroutine's result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(60)


def progress_topics(system: System) -> Topics:
    """Makes topics as the worker of progress does."""
    settings = Settings(
        port=0,
        database_url="",
        issuer="",
        jwks_url="",
        kafka_bootstrap=system.endpoints["kafka_internal"],
        kafka_username="progress",
        kafka_password=system.instance.secrets["kafka_progress"],
    )
    return Topics(settings)
