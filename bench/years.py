"""Lists, overview and trends with ten years of periods against the same with one year (baseline).

Two copies of progress' database are grown by SQL, each behind a process of the API of its own; they are asked
directly, with real tokens.
"""

from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx

from bench.alternating import Measured, alternate
from bench.copies import grown, served
from chassis.clock import today
from deploy.local.system import System

GROWTH = Path(__file__).with_name("years.sql")
ONE, TEN = 1, 10
ASKED = (
    ("province.admin", "lines?limit=25"),
    ("hefei.admin", "lines?limit=25"),
    ("province.admin", "desk"),
    ("hefei.admin", "desk"),
    ("province.admin", "lines/{line}/history?limit=10"),
    ("province.admin", "lines/{line}/reports?limit=10"),
    ("province.admin", "overview"),
    ("hefei.admin", "overview"),
    ("province.admin", "overview?on={day}"),
    ("province.admin", "trends?since={month}&until={day}"),
    ("province.admin", "changes?since={month}&until={day}"),
    ("province.admin", "periods?limit=12"),
    ("province.admin", "periods/{period}"),
    ("province.admin", "filings?period={period}&limit=25"),
    ("hefei.admin", "filings?waiting=true&limit=25"),
    ("province.admin", "filings?line={line}&limit=10"),
    ("province.admin", "orders?open=true&limit=25"),
    ("hefei.admin", "orders?limit=25"),
    ("province.admin", "problems?open=true&limit=25"),
    ("province.admin", "indicators"),
    ("province.admin", "bulletins"),
)


async def measure(system: System) -> list[Measured]:
    with ExitStack() as stack:
        copies = [grown(system, f"progress_{years}", GROWTH, years=years) for years in (ONE, TEN)]
        bases = [stack.enter_context(served(system, name)) for name in copies]
        return [await _compared(system, bases, user, path) for user, path in ASKED]


async def _compared(system: System, bases: list[str], user: str, path: str) -> Measured:
    headers = {"Authorization": f"Bearer {system.token(user)}"}
    asked: list[tuple[httpx.AsyncClient, str]] = []
    for base in bases:
        client = httpx.AsyncClient(base_url=base, headers=headers, trust_env=False, timeout=30)
        asked.append((client, path.format(**await _named(client))))
    one, ten = (partial(_ask, *each) for each in asked)
    try:
        return await alternate(f"{user.partition('.')[0]}: {path}", one, ten)
    finally:
        for client, _ in asked:
            await client.aclose()


async def _ask(client: httpx.AsyncClient, path: str) -> None:
    (await client.get(path)).raise_for_status()


async def _named(client: httpx.AsyncClient) -> dict[str, str]:
    """What paths name: a line, the last period, the last day that is over and the one thirty days before."""
    line, period = [
        (await client.get(things, params={"limit": 1})).raise_for_status().json()["items"][0]["id"]
        for things in ("lines", "periods")
    ]
    day = today() - timedelta(days=1)
    return {"line": line, "period": period, "day": str(day), "month": str(day - timedelta(days=30))}
