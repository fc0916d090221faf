"""The desk page rendered for a browser, against the calls to the APIs that it is made of, alone and all at once."""

import asyncio
from functools import partial

import httpx

from bench.alternating import Measured, alternate, most
from deploy.local.system import System
from gateway.portal.tests.support import Browser, portal

READERS = ("province.admin", "hefei.admin")


async def measure(system: System) -> list[Measured]:
    return [await _rendered(system, user) for user in READERS]


async def _rendered(system: System, user: str) -> Measured:
    gateway, browser = system.endpoints["gateway"], Browser(system)
    await asyncio.to_thread(browser.log_in, user)
    cookies = {"Cookie": f"session={browser.secret()}"}
    calls = await _calls(system, cookies)
    api = httpx.AsyncClient(headers={"Authorization": f"Bearer {system.token(user)}"}, trust_env=False, timeout=30)
    pages = httpx.AsyncClient(base_url=gateway, headers=cookies, trust_env=False, timeout=30)
    async with api, pages:
        alone, page = partial(_all, api, calls), partial(_shown, pages)
        what = f"{user.partition('.')[0]}: the desk page, against its {len(calls)} calls alone"
        return await alternate(what, alone, page, times=10, goal=most(1.5))


async def _calls(system: System, cookies: dict[str, str]) -> list[httpx.URL]:
    """What the page asks the services for."""
    asked: list[httpx.URL] = []

    async def note(request: httpx.Request) -> None:
        asked.append(request.url)

    async with portal(system, system.endpoints["gateway"], note) as client:
        await client.get("/", headers=cookies)
        asked.clear()
        (await client.get("/", headers=cookies)).raise_for_status()
    return asked


async def _all(client: httpx.AsyncClient, calls: list[httpx.URL]) -> None:
    for answer in await asyncio.gather(*map(client.get, calls)):
        answer.raise_for_status()


async def _shown(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert answer.status_code == 200 and "desk" in answer.text  # noqa: S101 - not the front page of nobody
