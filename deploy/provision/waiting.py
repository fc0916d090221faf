"""Waits until what a process needs is there.

Kubernetes starts everything at once, and what fails is started again after ever longer pauses.
"""

import asyncio
import sys
from urllib.parse import urlsplit

import asyncpg
import httpx

from deploy.provision.settings import WaitSettings

_SECONDS = 1


async def wait(needs: list[str]) -> None:
    """Each need is ``tcp://host:port``, an address that has to answer, or ``database``: the process's own."""
    for need in needs:
        while reason := await _missing(need):
            sys.stderr.write(f"{need}: {reason}\n")
            await asyncio.sleep(_SECONDS)


async def _missing(need: str) -> str | None:
    try:
        if need == "database":
            told = WaitSettings()
            await (await asyncpg.connect(told.database_url or told.superuser_url, timeout=5)).close()
        elif need.startswith("tcp:"):
            await _connect(need)
        else:
            async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
                (await client.get(need)).raise_for_status()
    except (OSError, TimeoutError, asyncpg.PostgresError, httpx.HTTPError) as error:
        return str(error) or type(error).__name__
    return None


async def _connect(address: str) -> None:
    place = urlsplit(address)
    async with asyncio.timeout(5):
        _, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.close()
    await writer.wait_closed()
