"""The real topic, the real worker: the seed's lines, and the copy built again from the topic's beginning."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.local.system import System
from services.progress.tests.worlds import World

COPY = ("zone", "unit", "plan", "task")
STATE = (*COPY, "line", "report", "line_history", "overview_cell")


async def _dump(url: str, tables: tuple[str, ...], columns: str = "t.*") -> dict[str, list[str]]:
    connection = await asyncpg.connect(url)
    try:
        return {
            table: [
                row[0]
                for row in await connection.fetch(
                    f"SELECT row_to_json(r)::text FROM (SELECT {columns} FROM {table} t) r ORDER BY 1"
                )
            ]
            for table in tables
        }
    finally:
        await connection.close()


def _rebuild(env: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("zoneportal")), "progress", "rebuild", *options]
    return subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, check=False)


def _lines(system: System, user: str) -> list[dict[str, Any]]:
    found, cursor = [], ""
    with system.client(user) as client:
        while cursor is not None:
            params = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
            answer = client.get("/api/progress/v1/lines", params=params).raise_for_status().json()
            found += answer["items"]
            cursor = answer["next"]
    return found


def test_the_seed_opens_301_lines_of_zones_and_111_of_the_province(system: System) -> None:
    special = [line for line in _lines(system, "province.admin") if line["task"]["plan"]["kind"] == "special"]
    counted = Counter(line["jurisdiction"] for line in special)
    assert counted["province"] == 111
    assert counted["hefei"] + counted["wuhu"] + counted["bengbu"] == 301


def test_a_city_gets_its_lines_through_the_gateway(system: System) -> None:
    assert {line["jurisdiction"] for line in _lines(system, "hefei.admin")} == {"hefei"}


async def test_rebuilding_the_running_system_changes_nothing(system: System) -> None:
    settings = str(system.instance.run_dir / "env" / "progress-worker")
    before = await _dump(system.database("progress"), STATE)
    assert before["line"]
    result = await asyncio.to_thread(_rebuild, {}, "--env-file", settings)
    assert result.returncode == 0, result.stderr
    assert await _dump(system.database("progress"), STATE) == before


@pytest.fixture
async def damaged(world: World) -> None:
    """A copy that lost and mistook things, with lines that have a history."""
    line = await world.line(await world.publish(["swt", "hfs"]), "hefei")
    await world.act("hefei", line, "reports", percent=5, done="…")
    async with world.server() as server:
        await server.execute("UPDATE unit SET name = '错'; UPDATE zone SET city = NULL; UPDATE task SET title = '错'")


@pytest.mark.usefixtures("damaged")
async def test_a_damaged_copy_is_built_again_and_its_lines_keep_their_history(system: System, world: World) -> None:
    told = await _dump(world.superuser, ("line_history", "report"))
    result = await asyncio.to_thread(_rebuild, world.env("progress_worker"))
    assert result.returncode == 0, result.stderr
    for table in ("zone", "unit"):
        assert await _dump(world.superuser, (table,)) == await _dump(system.database("progress"), (table,))
    own = " OR ".join(
        f"EXISTS (SELECT FROM {each})"
        for each in (
            "schedule WHERE line_id = t.id",
            "extension WHERE line_id = t.id AND status IN ('approved', 'moved')",
        )
    )
    due = f"CASE WHEN {own} THEN task.due ELSE t.due END"
    due = f"(SELECT {due} FROM task WHERE code = t.task) AS due"
    opened = f"t.jurisdiction, t.task, t.units, t.leads, {due}, t.plan_rank"
    at_work = "(SELECT * FROM line WHERE NOT withdrawn)"
    live = (await _dump(system.database("progress"), (at_work,), opened))[at_work]
    built = (await _dump(world.superuser, (at_work,), opened))[at_work]
    assert set(live) <= set(built)
    after = await _dump(world.superuser, ("line_history", "report"))
    assert set(told["line_history"]) <= set(after["line_history"])
    assert told["report"] == after["report"]
