import asyncio
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import asyncpg
import pytest

from chassis import audit
from chassis.tests.conftest import Scratch

ENTRY = {
    "chain": "hefei",
    "number": 1,
    "at": datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
    "sub": "s",
    "name": "张三",
    "address": "127.0.0.1",
    "action": "report.submitted",
    "thing": "line",
    "thing_id": "1",
    "tenant": "hefei",
    "reason": None,
    "before": {"percent": 40},
    "after": {"percent": 60, "units": ["a", "b"]},
    "trace": None,
    "previous": audit.GENESIS,
}


def test_the_hash_is_the_same_for_the_same_instant_in_another_zone() -> None:
    elsewhere = ENTRY | {"at": datetime(2026, 3, 1, 16, 30, tzinfo=timezone(timedelta(hours=8)))}
    assert audit.digest(ENTRY) == audit.digest(elsewhere)


@pytest.mark.parametrize("field", sorted(ENTRY))
def test_a_change_of_any_field_changes_the_hash(field: str) -> None:
    assert audit.digest(ENTRY) != audit.digest(ENTRY | {field: "changed"})


async def _note(scratch: Scratch, tenant: str) -> None:
    async with scratch.database.session() as session:
        await audit.record(session, "thing.changed", "thing", 1, {"n": 1}, {"n": 2, "at": ENTRY["at"]}, tenant=tenant)


async def _breaks(scratch: Scratch, chain: str) -> list[str]:
    async with scratch.database.session() as session:
        return [found.what async for found in audit.verify(session) if found.chain == chain]


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        ("UPDATE audit SET reason = 'x' WHERE chain = $1 AND number = 2", "changed entry"),
        ("DELETE FROM audit WHERE chain = $1 AND number = 2", "missing entry"),
        ("DELETE FROM audit WHERE chain = $1 AND number = 3", "end does not fit the chain's head"),
        ("DELETE FROM audit_chain WHERE chain = $1", "chain without a head"),
    ],
)
async def test_what_is_done_to_the_trail_is_found(scratch: Scratch, harm: str, what: str) -> None:
    chain = f"test-{uuid4()}"
    await asyncio.gather(*(_note(scratch, chain) for _ in range(3)))
    assert await _breaks(scratch, chain) == []
    owner = await asyncpg.connect(scratch.owner_url)
    assert await owner.execute(harm, chain) in ("UPDATE 1", "DELETE 1")
    await owner.close()
    assert what in await _breaks(scratch, chain)


async def test_what_is_written_meanwhile_is_no_break(scratch: Scratch) -> None:
    chain = f"test-{uuid4()}"
    writing = asyncio.gather(*(_note(scratch, chain) for _ in range(60)))
    while not writing.done():
        assert await _breaks(scratch, chain) == []
    await writing
