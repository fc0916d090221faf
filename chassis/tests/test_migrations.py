"""An upgrade while others work."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from chassis import migrations
from chassis.tests.conftest import Scratch

ENVIRONMENT = "from chassis.migrations import run\n\nrun()\n"
REVISION = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "{number}", {before}, None, None


def upgrade() -> None:
    op.execute("{statement}")
"""
STATEMENTS = ("CREATE TABLE thing (id int)", "CREATE TABLE other (id int)", "ALTER TABLE thing ADD COLUMN name text")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "versions").mkdir()
    (tmp_path / "env.py").write_text(ENVIRONMENT)
    before = None
    for number, statement in enumerate(STATEMENTS, 1):
        text = REVISION.format(number=f"000{number}", before=repr(before), statement=statement)
        (tmp_path / "versions" / f"000{number}_.py").write_text(text)
        before = f"000{number}"
    return tmp_path


async def test_an_upgrade_gives_way_to_who_works_and_is_done_when_it_can(
    scratch: Scratch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PORT": "1", "DATABASE_URL": scratch.owner_url, "ISSUER": "-", "JWKS_URL": "-"}.items():
        monkeypatch.setenv(f"ZP_{name}", value)
    working, reading = [await asyncpg.connect(scratch.owner_url) for _ in range(2)]
    await working.execute(STATEMENTS[0])
    await working.execute("CREATE TABLE alembic_version (version_num text PRIMARY KEY)")
    await working.execute("INSERT INTO alembic_version VALUES ('0001')")
    transaction = working.transaction()
    await transaction.start()
    await working.execute("SELECT FROM thing")
    upgrading = asyncio.create_task(asyncio.to_thread(migrations.upgrade, folder))
    await reading.execute("SET statement_timeout = '5s'")
    while await reading.fetchval("SELECT version_num FROM alembic_version") != "0002":  # noqa: ASYNC110 - a table
        await asyncio.sleep(0.05)
    for _ in range(40):
        await reading.execute("SELECT FROM thing")
        await asyncio.sleep(0.05)
    assert not upgrading.done()
    await transaction.commit()
    await upgrading
    assert await reading.fetchval("SELECT version_num FROM alembic_version") == "0003"
    assert await reading.fetch("SELECT name FROM thing") == []
    await working.execute("DROP TABLE alembic_version, thing, other")
    await asyncio.gather(working.close(), reading.close())
