"""The feed of events in the running system: what an integrator reads, in which order, and what nobody misses."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis import clock
from chassis.auth import SERVICE_ACCOUNT, Caller, Role
from chassis.tenancy import Database, Session
from deploy.local.system import System
from notify.feed import rules, store
from notify.integrators import store as integrators
from services.notify.tests.samples import event, line
from services.notify.tests.support import FEED, Publish, end_of_feed, fed, until

LONG = (rules.KEPT + timedelta(days=1)) // timedelta(microseconds=1)
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%event_clock%'"


async def integrator(worker: Database, *tenants: str) -> Caller:
    """One to which these are granted, whatever its token says."""
    client = f"feed-{uuid4().hex[:8]}"
    async with worker.session() as db:
        given = {"client": client, "name": client, "contact": "", "tenants": list(tenants)}
        assert await integrators.add(db, given, to=())
    account = SERVICE_ACCOUNT + client
    return Caller("feed", "", account, frozenset({Role.INTEGRATOR}), None, None, frozenset({"hefei"}), "", 0)


def test_an_integrator_reads_the_events_of_its_tenants_as_they_came(system: System, publish: Publish) -> None:
    start = end_of_feed(system)
    of = line()
    told = [event("line.progressed", line=of | {"percent": percent}) for percent in (40, 60, 80)]
    unheard_of = event("line.unheard_of", line=of)
    publish(event("line.progressed", line=line("wuhu")), *told, told[0], unheard_of, told[2])

    def mine() -> list[dict[str, Any]]:
        found = list(fed(system, start, limit=2))
        assert {each["tenant"] for each in found} <= {"hefei"}
        return [each for each in found if each["subject"] == of["id"]]

    expected = [each.structured() for each in (*told, unheard_of)]
    assert until(lambda: len(found := mine()) == len(expected) and found) == expected


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WyJ4Il0", "Wy0xXQ", "WzE4NDQ2NzQ0MDczNzA5NTUxNjE2XQ"])
def test_what_is_no_cursor_is_refused(system: System, cursor: str) -> None:
    with system.client("integrator-hefei") as client:
        answer = client.get(FEED, params={"after": cursor})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/after")


@pytest.fixture
async def worker(system: System) -> AsyncIterator[Database]:
    database = Database(system.instance.database("notify", "notify_worker", "notify_worker"))
    yield database
    async with database.session() as db:
        await db.run("DELETE FROM integrator WHERE client LIKE 'feed-%'")
    await database.close()


@pytest.fixture
async def api(system: System) -> AsyncIterator[Database]:
    database = Database(system.instance.database("notify", "notify_api", "notify_api"))
    yield database
    await database.close()


async def subjects(db: Session, position: int) -> list[str]:
    return [json.loads(row["body"])["subject"] for row in await store.after(db, position, 200)]


async def test_what_commits_late_is_not_passed_by(worker: Database, api: Database) -> None:
    """The second writer waits for the first, which has the lower position and commits last but for that."""
    tenant = f"z{uuid4().hex[:8]}"
    first, second = (event("line.progressed", line=line(tenant)) for _ in range(2))
    reader = await integrator(worker, tenant)

    async def seen() -> list[str]:
        async with api.session(reader) as db:
            return await subjects(db, 0)

    async def add_second() -> None:
        async with worker.session() as db:
            await store.add(db, [second])

    async with worker.session() as db:
        await store.add(db, [first])
        adding = asyncio.create_task(add_second())
        async with asyncio.timeout(20):
            while not await waiting(worker):  # noqa: ASYNC110 - a lock
                await asyncio.sleep(0.01)
        assert await seen() == []
    await adding
    assert await seen() == [first.subject, second.subject]


async def waiting(database: Database) -> bool:
    async with database.session() as db:
        return bool(await db.value(WAITING))


async def test_the_database_shows_granted_tenants_alone(worker: Database, api: Database) -> None:
    mine, other = (f"z{uuid4().hex[:8]}" for _ in range(2))
    async with worker.session() as db:
        for tenant in (mine, other):
            await store.add(db, [event("line.progressed", line=line(tenant))])
    office = Caller("feed", "", "", frozenset({Role.CITY}), mine, None, frozenset({mine}), "", 0)
    for caller, tenants in (
        (await integrator(worker, mine), {mine}),
        (await integrator(worker), set()),
        (office, set()),
        (await integrator(worker, other), {other}),
    ):
        async with api.session(caller) as db:
            seen = {row["tenant"] for row in await db.rows("SELECT tenant FROM event")}
            assert seen == tenants


async def test_a_cursor_before_what_is_forgotten_is_refused(worker: Database, api: Database) -> None:
    tenant = f"z{uuid4().hex[:8]}"
    async with worker.session() as db:
        await store.add(db, [event("line.progressed", line=line(tenant))])
        kept = event("line.progressed", line=line(tenant))
        aged = "UPDATE event SET position = position - :by WHERE tenant = :tenant RETURNING position"
        old = int(await db.value(aged, by=LONG, tenant=tenant))
        await store.add(db, [kept])
        await store.forget(db, rules.oldest_kept(clock.now()))
    async with api.session(await integrator(worker, tenant)) as db:
        assert await subjects(db, 0) == [kept.subject]
        assert await store.forgotten(db) == old
    async with api.session(await integrator(worker, "hefei")) as db:
        assert await store.forgotten(db) < old
