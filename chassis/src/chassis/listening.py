"""What PostgreSQL tells (LISTEN/NOTIFY), over one connection that is made again when it is lost."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import asyncpg

from chassis import telemetry

HEARTBEAT_SECONDS = 15.0


async def listen(url: str, channel: str, told: Callable[[str], None], begun: Callable[[], None]) -> None:
    """Calls ``told`` with what is told on the channel, and ``begun`` each time that listening begins, for the caller to
    look at what it may have missed. Never returns.
    """
    while True:
        try:
            await _listen(url, channel, told, begun)
        except Exception as error:
            telemetry.log.warning("not listening to %s: %s: %s", channel, type(error).__name__, error)
            await asyncio.sleep(0.5)


async def _listen(url: str, channel: str, told: Callable[[str], None], begun: Callable[[], None]) -> None:
    lost = asyncio.Event()

    def hear(connection: Any, process: int, channel: str, payload: str) -> None:
        told(payload)

    connection = await asyncpg.connect(url, timeout=5)
    try:
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(channel, hear)
        begun()
        while not lost.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(lost.wait(), HEARTBEAT_SECONDS)
            if not lost.is_set():
                await connection.execute("SELECT 1", timeout=5)
    finally:
        connection.terminate()
