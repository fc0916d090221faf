import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from typer.testing import CliRunner

from chassis import audit
from chassis.audit_cli import app
from chassis.tests.conftest import Scratch
from deploy.local.system import System

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


COPY = """
    INSERT INTO audit (id, chain, at, sub, name, address, action, thing, thing_id, tenant, number, previous, hash)
    SELECT uuidv7(), chain, at, sub, name, address, action, thing, thing_id, tenant,
"""


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        ("UPDATE audit SET reason = 'x' WHERE chain = $1 AND number = 2", "changed entry"),
        ("DELETE FROM audit WHERE chain = $1 AND number = 2", "missing entry"),
        ("DELETE FROM audit WHERE chain = $1 AND number = 3", "end does not fit the chain's head"),
        ("DELETE FROM audit_chain WHERE chain = $1", "chain without a head"),
        ("UPDATE audit SET number = 9 - number WHERE chain = $1 AND number IN (1, 2)", "missing entry"),
        (f"{COPY} 4, previous, hash FROM audit WHERE chain = $1 AND number = 3", "changed entry"),
        (f"{COPY} 4, hash, 'forged' FROM audit WHERE chain = $1 AND number = 3", "changed entry"),
    ],
)
async def test_what_is_done_to_the_trail_is_found(scratch: Scratch, harm: str, what: str) -> None:
    chain = f"test-{uuid4()}"
    await asyncio.gather(*(_note(scratch, chain) for _ in range(3)))
    assert await _breaks(scratch, chain) == []
    owner = await asyncpg.connect(scratch.owner_url)
    assert await owner.execute(harm, chain) in ("UPDATE 1", "UPDATE 2", "DELETE 1", "INSERT 0 1")
    await owner.close()
    assert what in await _breaks(scratch, chain)


SET_BACK = (
    "DELETE FROM audit WHERE chain = $1 AND number = 3",
    "UPDATE audit_chain c SET length = 2, hash = a.hash FROM audit a"
    " WHERE c.chain = $1 AND a.chain = c.chain AND a.number = 2",
)
"""As an older database is."""


async def _set_back(owner: asyncpg.Connection, chain: str) -> None:
    for statement in SET_BACK:
        await owner.execute(statement, chain)


async def _write_anew(owner: asyncpg.Connection, chain: str) -> None:
    """The last entry says something else, and all hashes fit."""
    entry = dict(await owner.fetchrow("SELECT * FROM audit WHERE chain = $1 AND number = 3", chain) or {})
    plain = {name: json.loads(entry[name]) for name in ("before", "after")}
    forged = audit.digest(entry | plain | {"reason": "another"})
    await owner.execute("UPDATE audit SET reason = 'another', hash = $2 WHERE id = $1", entry["id"], forged)
    await owner.execute("UPDATE audit_chain SET hash = $2 WHERE chain = $1", chain, forged)


@pytest.mark.parametrize("later", [0, 2])
@pytest.mark.parametrize("harm", [_set_back, _write_anew])
async def test_a_trail_that_was_set_back_or_written_anew_does_not_fit_its_seal(
    scratch: Scratch, tmp_path: Path, harm: Callable[[asyncpg.Connection, str], Awaitable[None]], later: int
) -> None:
    chain, seal = f"test-{uuid4()}", tmp_path / "seal.json"
    await asyncio.gather(*(_note(scratch, chain) for _ in range(3)))
    seal.write_text(json.dumps({chain: await _head(scratch, chain)}))
    owner = await asyncpg.connect(scratch.owner_url)
    await harm(owner, chain)
    await owner.close()
    for _ in range(later):
        await _note(scratch, chain)
    assert await _breaks(scratch, chain) == []
    told = await asyncio.to_thread(CliRunner().invoke, app, ["verify", scratch.owner_url, "--seal", str(seal)])
    assert told.exit_code == 1
    assert any(chain in row and "sealed" in row for row in told.output.splitlines())


async def _head(scratch: Scratch, chain: str) -> audit.Head:
    async with scratch.database.session() as session:
        return (await audit.heads(session))[chain]


async def test_what_is_intact_is_sealed_anew(system: System, tmp_path: Path) -> None:
    seal, command = tmp_path / "seal.json", ["verify", system.database("notify"), "--seal", str(tmp_path / "seal.json")]
    for _ in range(2):
        told = await asyncio.to_thread(CliRunner().invoke, app, command)
        assert (told.exit_code, told.output.startswith("intact")) == (0, True)
    assert all(length > 0 for length, _ in json.loads(seal.read_text()).values())


async def test_what_is_written_meanwhile_is_no_break(scratch: Scratch) -> None:
    chain = f"test-{uuid4()}"
    writing = asyncio.gather(*(_note(scratch, chain) for _ in range(60)))
    while not writing.done():
        assert await _breaks(scratch, chain) == []
    await writing
