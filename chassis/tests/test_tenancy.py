from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from chassis.auth import Caller, Role
from chassis.tenancy import Database, Session
from chassis.tests.conftest import Scratch

CALLER = Caller("sub", "", "", frozenset({Role.CITY}), "hefei", None, frozenset(), "", 0)
TENANT = "SELECT current_setting('app.tenant', true)"
KEPT = "SELECT count(*) FROM inbox WHERE consumer = :consumer"
KEEP = "INSERT INTO inbox (id, consumer) VALUES (gen_random_uuid(), :consumer)"


async def test_a_statement_says_how_many_rows_it_touched(scratch: Scratch) -> None:
    async with scratch.database.session() as db:
        assert await db.run("SET LOCAL lock_timeout = '1s'") == 0
        assert await db.run("DELETE FROM parked WHERE false") == 0
        assert await db.run("SELECT generate_series(1, 3)") == 3


async def test_binds_are_told_from_casts_and_times(scratch: Scratch) -> None:
    async with scratch.database.session() as db:
        found = await db.row(
            "SELECT CAST(:b AS text) AS x, '1'::integer AS y, '10:30:00' AS z, CAST(:b AS text) AS again", b="二"
        )
    assert dict(found or {}) == {"x": "二", "y": 1, "z": "10:30:00", "again": "二"}


@pytest.mark.parametrize("told", ["o'clock", "\\", "\\'; SELECT 1; --", "''", "$1 :tenant {}", "合肥\n"])
async def test_policies_judge_by_what_the_token_says_whatever_that_is(scratch: Scratch, told: str) -> None:
    async with scratch.database.session(replace(CALLER, tenant=told)) as db:
        assert await db.value(TENANT) == told
        assert await db.value("SELECT current_setting('app.scope', true)") == "tenant"


async def test_who_cannot_be_told_to_policies_gets_nothing(scratch: Scratch) -> None:
    with pytest.raises(asyncpg.PostgresError):
        async with scratch.database.session(replace(CALLER, tenant="hefei\0")) as db:
            await db.value(TENANT)


@pytest.mark.parametrize("failing", [False, True])
async def test_a_caller_is_forgotten_with_the_transaction(scratch: Scratch, *, failing: bool) -> None:
    database = Database(scratch.database.url, most=1)
    try:
        async with database.session(CALLER) as db:
            assert await db.value(TENANT) == "hefei"
            if failing:
                await db.value("SELECT 1 / 0")
    except asyncpg.DivisionByZeroError:
        assert failing
    async with database.session() as db:
        assert not await db.value(TENANT)
    await database.close()


async def test_nothing_is_kept_of_what_failed(scratch: Scratch) -> None:
    with pytest.raises(ZeroDivisionError):
        async with scratch.database.session() as db:
            await db.run(KEEP, consumer="failed")
            raise ZeroDivisionError
    async with scratch.database.session() as db:
        assert await db.value(KEPT, consumer="failed") == 0


async def test_a_commit_that_postgresql_refuses_is_none(scratch: Scratch) -> None:
    with pytest.raises(asyncpg.InFailedSQLTransactionError):
        async with scratch.database.session() as db:
            await db.run(KEEP, consumer="swallowed")
            with pytest.raises(asyncpg.DivisionByZeroError):
                await db.value("SELECT 1 / 0")
    async with scratch.database.session() as db:
        assert await db.value(KEPT, consumer="swallowed") == 0


async def test_a_savepoint_undoes_what_was_done_and_due_within(scratch: Scratch) -> None:
    async def keep(db: Session, names: list[Any]) -> None:
        for name in names:
            await db.run(KEEP, consumer=name)

    async with scratch.database.session() as db:
        db.before_commit(keep, "due before")
        with pytest.raises(ZeroDivisionError):
            async with db.savepoint():
                await db.run(KEEP, consumer="within")
                db.before_commit(keep, "due within")
                raise ZeroDivisionError
        async with db.savepoint():
            await db.run(KEEP, consumer="kept")
    async with scratch.database.session() as db:
        names = ("due before", "within", "due within", "kept")
        assert [await db.value(KEPT, consumer=name) for name in names] == [1, 0, 0, 1]


async def test_an_ended_connection_is_replaced(scratch: Scratch) -> None:
    database = Database(scratch.database.url, most=1)
    with pytest.raises(asyncpg.PostgresError):
        async with database.session() as db:
            await db.value("SELECT pg_terminate_backend(pg_backend_pid())")
    async with database.session() as db:
        assert await db.value("SELECT 1") == 1
    await database.close()
