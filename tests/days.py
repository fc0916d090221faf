"""Progress on any day: today through the gateway; later by its own application on the same database, told the day."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from chassis import clock
from chassis.tenancy import Database
from deploy.local.services import api, worker
from deploy.local.system import System
from progress.app import app
from progress.clockwork import Chore
from progress.settings import ProgressSettings
from progress.worker import CHORES
from tests.support import PROGRESS, Json

AT_ONCE = 6
BULK = 200


class Days:
    """``today`` is the day on which everything happens; ``turns`` are the instants at which days were closed, ``late``
    those days that were closed after a stop.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.first = self.today = clock.today()
        self.turns: dict[date, datetime] = {}
        self.late: set[date] = set()
        self._app = app(_settings(api(system.instance, "progress").env))
        self._app.dependency_overrides[clock.day_of_request] = lambda: self.today
        self._later = httpx.AsyncClient(transport=httpx.ASGITransport(self._app), base_url="http://progress")
        self._now = httpx.AsyncClient(base_url=system.endpoints["gateway"], timeout=60, trust_env=False)
        self._clock = Database(worker(system.instance, "progress").env["ZP_DATABASE_URL"])
        self._room = asyncio.Semaphore(AT_ONCE)

    def after(self, days: int) -> date:
        return self.first + timedelta(days)

    async def turn(self, day: date) -> None:
        """A day begins, the next one or one after a stop: the clock does its chores."""
        over = [self.today + timedelta(n) for n in range((day - self.today).days)]
        self.turns |= dict.fromkeys(over, clock.now())
        self.late |= set(over[:-1])
        self.today = day
        for chore in CHORES:
            await self.chore(chore, day)

    async def chore(self, chore: Chore, day: date) -> None:
        """The clock does one of its chores, as on this day."""
        done = 1
        while done:
            async with self._clock.session() as session:
                done = await chore(session, day)

    async def ask(
        self, user: str, method: str, path: str, body: Json | None = None, version: int | None = None, **params: Any
    ) -> httpx.Response:
        """``path`` is below progress' API, or a whole one of another service."""
        url = path if path.startswith("/") else f"{PROGRESS}/{path}"
        client = self._now if self.today == self.first else self._later
        headers = {"Authorization": f"Bearer {self.system.token(user)}"}
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid4())
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        async with self._room:
            return await client.request(method, url, json=body, headers=headers, params=params)

    async def get(self, user: str, path: str, **params: Any) -> Any:
        return (await self.ask(user, "GET", path, **params)).raise_for_status().json()

    async def pages(self, user: str, path: str, **params: Any) -> list[Json]:
        found: list[Json] = []
        cursor: Json = {}
        while True:
            page = await self.get(user, path, **({"limit": 200} | params | cursor))
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    async def done(
        self, user: str, path: str, body: Json | None = None, version: int | None = None, method: str = "POST"
    ) -> Json:
        """An act that succeeds; what it answers."""
        answer = await self.ask(user, method, path, body or {}, version)
        assert answer.is_success, f"{user} {method} {path} on {self.today}: {answer.text}"
        return dict(answer.json())

    async def step(self, user: str, thing: str, what: str, **body: Any) -> Json:
        """An act on a thing as it is now; ``thing`` is its path."""
        now = await self.get("province.admin", thing)
        return await self.done(user, f"{thing}/{what}", body, now["version"])

    async def bulk(self, user: str, action: str, filings: Sequence[Json], **more: Any) -> None:
        """A step with many filings, each of which succeeds; they are brought to what they are then."""
        for begin in range(0, len(filings), BULK):
            some = {filing["id"]: filing for filing in filings[begin : begin + BULK]}
            given = [{"id": filing["id"], "version": filing["version"]} for filing in some.values()]
            answer = await self.done(user, "filing-steps", {"action": action, "filings": given} | more)
            for result in answer["results"]:
                assert result["problem"] is None, result
                some[result["id"]] |= {"version": result["version"], "state": result["state"]}

    async def close(self) -> None:
        for client in (self._later, self._now):
            await client.aclose()
        await self._clock.close()
        await self._app.state.database.close()


@asynccontextmanager
async def days(system: System) -> AsyncIterator[Days]:
    made = Days(system)
    try:
        yield made
    finally:
        await made.close()


def _settings(env: Mapping[str, str]) -> ProgressSettings:
    return ProgressSettings.model_validate({name.removeprefix("ZP_").lower(): value for name, value in env.items()})
