"""The overview of past days, differences and trends equal what other code reads from the events that were published."""

import asyncio
import importlib.util
import json
import random
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from chassis.clock import today
from progress.lines.rules import Light, State
from progress.overview.schemas import Overview
from progress.past import rules
from progress.past.daily import close
from progress.past.rules import DAY, What
from progress.past.schemas import ChangedPage, DifferenceOut, TrendOut
from services.progress.tests.test_isolation import _as
from services.progress.tests.test_overview import _change
from services.progress.tests.worlds import World

Json = dict[str, Any]
Lines = Mapping[str, Json]
DAYS, ACTS = 6, 7
QUIET = 3
UNITS = ["swt", "hfhg", "fgw", "kjt", "hfs", "whs", "bbs"]
CALLERS = {"province": ("", ""), "auditor": ("", ""), "hefei": ("hefei", ""), "swt": ("", "swt")}
"""Each with its jurisdiction and its unit."""
ONE_DAY_PASSES = "UPDATE line_history SET at = at - interval '1 day'"
FIELDS = ("state", "percent", "light", "due", "plan", "units", "leads")


async def forget_days(world: World) -> None:
    """Those that were closed."""
    async with world.server() as server:
        await server.execute("TRUNCATE closed_day, day_cell")


async def days_pass(world: World, days: int = 1) -> None:
    """Makes what has happened so far a day older."""
    await forget_days(world)
    async with world.server() as server:
        for _ in range(days):
            await server.execute(ONE_DAY_PASSES)


async def close_days(world: World, on: date | None = None) -> int:
    """The chore until nothing is left to do; how many days it closed."""
    closed = 0
    while True:
        async with world.database.session() as session:
            if not await close(session, on or today()):
                return closed
        closed += 1


async def told(world: World) -> dict[str, Json]:
    """Each line that is not withdrawn, as its last event tells it."""
    async with world.server() as server:
        rows = await server.fetch(
            "SELECT line FROM outbox, LATERAL (SELECT CAST(data AS jsonb) -> 'line' AS line) told"
            " WHERE line IS NOT NULL ORDER BY position"
        )
    last = {line["id"]: line for line in (json.loads(row["line"]) for row in rows)}
    return {line["id"]: _plain(line) for line in last.values() if not line["withdrawn"]}


def _plain(line: Json) -> Json:
    return line | {
        "plan": line["task"]["plan"]["code"],
        "units": [unit["code"] for unit in line["units"]],
        "leads": [unit["code"] for unit in line["units"] if unit["role"] == "lead"],
    }


async def live(world: World, seed: int) -> dict[date, Lines]:
    """Some days with random acts, editions and one day without anything; the lines as events tell them at each end."""
    choose = random.Random(seed)
    tasks = [await world.publish(choose.sample(UNITS, 4), due="2026-12-10") for _ in range(4)]
    ends: list[Lines] = []
    for number in range(DAYS):
        if number != QUIET:
            tasks.append(await world.publish(choose.sample(UNITS, 4)))
            await edit(world, choose, choose.choice(tasks), number + 2)
            for _ in range(ACTS):
                await act(world, choose, [task["code"] for task in tasks])
        ends.append(await told(world))
        await days_pass(world)
    return {today() - timedelta(DAYS - number): lines for number, lines in enumerate(ends)}


async def edit(world: World, choose: random.Random, task: Json, version: int) -> None:
    fresh = world.task(choose.sample(UNITS, 4))
    changed = {key: fresh[key] for key in ("responsibilities", "zones", "plan")}
    what = choose.choice(["task.withdrawn", "task.published", "task.published"])
    await world.feed((what, version, task | changed))


async def act(world: World, choose: random.Random, tasks: list[str]) -> None:
    name = choose.choice(["hefei", "wuhu", "bengbu", "swt", "province", "province"])
    lines = [line for line in await world.lines(name) if line["task"]["code"] in tasks]
    for line in choose.sample(lines, min(1, len(lines))):
        path, body = _change(choose, line, await world.schedule(line))
        method = "PUT" if path.endswith("/schedule") else "POST"
        async with world.client(name) as client:
            await client.request(method, path, json=body, headers={"If-Match": f'"{line["version"]}"'})


@pytest.fixture(scope="module")
async def ends(world: World) -> dict[date, Lines]:
    """For the tests that only read and close those days: they come first."""
    return await live(world, 1)


def seen(lines: Lines, name: str) -> list[Json]:
    """Those that count for a caller."""
    jurisdiction, unit = CALLERS[name]
    return [
        line
        for line in lines.values()
        if jurisdiction in ("", line["jurisdiction"]) and (not unit or unit in line["units"])
    ]


async def get(world: World, name: str, path: str, **params: Any) -> Any:
    async with world.client(name) as client:
        return (await client.get(path, params=params)).raise_for_status()


def figures(lines: list[Json]) -> Json:
    return {
        "lines": len(lines),
        "by_state": {state: sum(line["state"] == state for line in lines) for state in State},
        "by_light": {light: sum(line["light"] == light for line in lines) for light in Light},
    }


async def closed(world: World) -> dict[tuple[str, str], Json]:
    """What was told of closed days, by jurisdiction and day; what was told of them again takes its place."""
    async with world.server() as server:
        rows = await server.fetch("SELECT * FROM outbox WHERE type LIKE '%.day.closed.v1' ORDER BY position")
    for row in rows:
        assert row["topic"] == f"progress.{row['tenant']}"
    days = [json.loads(row["data"])["day"] for row in rows]
    return {(day["jurisdiction"], day["day"]): day for day in days}


async def test_a_closed_day_tells_each_jurisdiction_that_had_lines_its_totals(
    world: World, ends: dict[date, Lines]
) -> None:
    await forget_days(world)
    await close_days(world)
    told = await closed(world)
    for day, lines in ends.items():
        for place in ("hefei", "wuhu", "bengbu", "province"):
            mine = [line for line in lines.values() if line["jurisdiction"] == place]
            if not mine and (place, str(day)) not in told:
                continue
            expected = figures(mine)
            percent = sum(line["percent"] for line in mine) / len(mine) if mine else 0
            found = told[place, str(day)]
            assert {name: found[name] for name in expected} == expected, (place, day)
            assert abs(found["mean_percent"] - percent) <= 0.051
            assert found["reconstructed"] == (day < today() - DAY)
    async with world.server() as server:
        before = await server.fetchval("SELECT max(position) FROM outbox")
        assert await close_days(world) == 0
        assert await server.fetchval("SELECT max(position) FROM outbox") == before


async def test_the_overview_of_each_past_day_is_what_the_events_of_that_day_tell(
    world: World, ends: dict[date, Lines]
) -> None:
    await forget_days(world)
    assert await close_days(world) >= DAYS
    for day, lines in ends.items():
        for name in CALLERS:
            shown = Overview.model_validate_json((await get(world, name, "/overview", on=day)).content)
            assert (shown.on, shown.reconstructed) == (day, day < today() - DAY)
            mine = seen(lines, name)
            cells = {(cell.jurisdiction, plan.code): cell for plan in shown.plans for cell in plan.cells if cell.lines}
            by_cell: dict[tuple[str, str], list[Json]] = {}
            for line in mine:
                by_cell.setdefault((line["jurisdiction"], line["plan"]), []).append(line)
            assert cells.keys() == by_cell.keys()
            for key, behind in by_cell.items():
                cell = cells[key].model_dump(mode="json")
                assert {field: cell[field] for field in ("lines", "by_state", "by_light")} == figures(behind)
                assert abs(cell["mean_percent"] - sum(line["percent"] for line in behind) / len(behind)) < 0.0501
            assert shown.totals.lines == len(mine)


async def test_a_day_costs_the_cells_that_changed(world: World, ends: dict[date, Lines]) -> None:
    await forget_days(world)
    await close_days(world)
    async with world.server() as server:
        kept = dict(await server.fetch("SELECT day, count(*) FROM day_cell GROUP BY day"))
        cells = await server.fetchval("SELECT count(*) FROM overview_cell")
    assert kept.get(list(ends)[QUIET], 0) == 0
    assert 0 < sum(kept.get(day, 0) for day in list(ends)[1:]) < cells * (DAYS - 1)


def differing(before: Lines, after: Lines, line_id: str) -> list[str]:
    was, now = before.get(line_id), after.get(line_id)
    if was is None or now is None:
        return [] if was is now else ["went" if now is None else "came"]
    return [field for field in FIELDS if was[field] != now[field]]


async def test_differences_are_those_between_the_events_of_two_days(world: World, ends: dict[date, Lines]) -> None:
    present = await told(world)
    days = list(ends)
    for name in CALLERS:
        sight = {line["id"] for line in await everything(world, name)}
        for since, until in ((days[0], days[1]), (days[1], days[-1]), (days[QUIET - 1], days[QUIET]), (days[2], None)):
            before, after = ends[since], ends[until] if until else present
            expected = {line_id: changed for line_id in sight if (changed := differing(before, after, line_id))}
            asked = {"since": since} | ({"until": until} if until else {})
            found = await pages_of(world, name, **asked)
            assert {line["id"]: [change["what"] for change in line["changes"]] for line in found} == expected
            for line in found:
                for moment, lines in (("before", before), ("after", after)):
                    stood = lines.get(line["id"])
                    assert (line[moment] is None) == (stood is None)
                    assert stood is None or all(line[moment][field] == stood[field] for field in FIELDS[:4])
            summary = DifferenceOut.model_validate_json((await get(world, name, "/changes/summary", **asked)).content)
            counted = Counter(what for whats in expected.values() for what in whats)
            assert (summary.lines, summary.by_what.model_dump()) == (len(expected), {w: counted[w] for w in What})
            assert sum(turn.lines for turn in summary.turns) == counted["state"] + counted["light"]
            for what in ("came", "light", "due"):
                assert len(await pages_of(world, name, what=what, **asked)) == counted[what]


async def everything(world: World, name: str) -> list[Json]:
    """Lines that a caller may see, withdrawn ones too: those that the database shows."""
    async with world.server() as server:
        rows = await server.fetch("SELECT CAST(id AS text) AS id, jurisdiction, units FROM line")
    return seen({row["id"]: dict(row) for row in rows}, name)


async def pages_of(world: World, name: str, **params: Any) -> list[Json]:
    found: list[Json] = []
    cursor = None
    while True:
        given = params | {"limit": 7} | ({"cursor": cursor} if cursor else {})
        page = ChangedPage.model_validate_json((await get(world, name, "/changes", **given)).content)
        found += page.model_dump(mode="json")["items"]
        cursor = page.next
        if cursor is None:
            return found


async def test_trends_are_the_overviews_of_their_days(world: World, ends: dict[date, Lines]) -> None:
    ends = ends | {today(): await told(world)}
    await forget_days(world)
    await close_days(world)
    for name, about in (("province", {}), ("hefei", {}), ("swt", {"plan": "2"}), ("auditor", {"jurisdiction": "wuhu"})):
        trend = TrendOut.model_validate_json((await get(world, name, "/trends", since=min(ends), **about)).content)
        assert [point.day for point in trend.points] == list(ends)
        for point in trend.points:
            behind = [
                line for line in seen(ends[point.day], name) if all(line[field] == about[field] for field in about)
            ]
            shown = point.model_dump(mode="json")
            assert {field: shown[field] for field in ("lines", "by_state", "by_light")} == figures(behind)


async def test_a_change_says_who_made_it_and_why(world: World) -> None:
    line = await world.line(await world.publish(["swt", "hfs"]), "hefei")
    await days_pass(world, 2)
    milestones = [{"title": "完成", "weight": 1, "due": "2027-06-30"}]
    await world.act("hefei", line, "schedule", deadline="2027-06-30", milestones=milestones)
    for deadline, cause in (("2027-07-30", "第一次"), ("2027-08-31", "审批程序尚未完成")):
        await world.act("hefei", line, "extensions", deadline=deadline, cause=cause)
        await world.act("province", line, "asked/approval", remark="同意")
    (found,) = [each for each in await pages_of(world, "hefei", since=today() - DAY) if each["id"] == line["id"]]
    (change,) = found["changes"]
    assert (found["before"]["due"], found["after"]["due"]) == (None, "2027-08-31")
    assert (change["what"], change["times"], change["entry"]) == ("due", 3, "extension_approved")
    assert (change["actor"], change["office"], change["reason"]) == (
        "province",
        "role:province",
        "审批程序尚未完成；同意",
    )


@pytest.mark.parametrize(
    ("path", "params", "pointer"),
    [
        ("/overview", {"on": "2999-01-01"}, "on"),
        ("/overview", {"on": "2021-01-22"}, "on"),
        ("/overview", {"on": "2026-02-30"}, "on"),
        ("/overview", {"on": "yesterday"}, "on"),
        ("/changes", {"since": "2021-01-22"}, "since"),
        ("/changes", {"until": "2999-01-01"}, "until"),
        ("/changes/summary", {"since": "2999-01-01"}, "since"),
        ("/changes", {"what": "text"}, "what"),
        ("/trends", {"since": "0001-01-01"}, "since"),
        ("/trends", {"until": "9999-12-31"}, "until"),
        ("/trends", {"until": "0001-01-01"}, "since"),
    ],
)
async def test_days_without_figures_are_refused_by_name(world: World, path: str, params: Json, pointer: str) -> None:
    await world.publish(["swt", "hfs"])
    async with world.client("hefei") as client:
        answer = await client.get(path, params=params)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/query/{pointer}"]


async def test_a_day_that_is_not_closed_yet_is_said_to_come(world: World) -> None:
    await world.publish(["swt", "hfs"])
    await days_pass(world)
    async with world.client("province") as client:
        answer = await client.get("/overview", params={"on": str(today() - DAY)})
        assert (answer.status_code, "正在生成" in answer.text) == (422, True)
        await close_days(world)
        assert (await client.get("/overview", params={"on": str(today() - DAY)})).status_code == 200
        present = (await client.get("/overview", params={"on": str(today())})).json()
        assert (present["on"], present["totals"]["lines"]) == (None, len(await world.lines("province")))


async def test_a_day_waits_for_changes_that_were_begun_before_its_end(world: World) -> None:
    line = await world.line(await world.publish(["swt", "hfs"]), "hefei")
    await days_pass(world)
    async with world.server() as server:
        late = server.transaction()
        await late.start()
        await server.execute("UPDATE line SET percent = 77 WHERE id = $1", line["id"])
        await server.execute(
            "INSERT INTO line_history (line_id, at, what, actor, office, changes)"
            " VALUES ($1, clock_timestamp() - interval '1 day', 'report_submitted', 'x', 'zone:hefei', '[]')",
            line["id"],
        )
        yesterday = today() - DAY
        while True:
            try:
                async with world.database.session() as session:
                    assert await close(session, today())
            except asyncpg.PostgresError:
                break
        assert await server.fetchval("SELECT count(*) FROM closed_day WHERE day = $1", yesterday) == 0
        await late.commit()
    await close_days(world)
    shown = (await get(world, "province", "/overview", on=yesterday)).json()
    (plan,) = [plan for plan in shown["plans"] if plan["code"] == line["task"]["plan"]["code"]]
    (cell,) = [cell for cell in plan["cells"] if cell["jurisdiction"] == "hefei"]
    lines = [each for each in (await told(world)).values() if each["jurisdiction"] == "hefei"]
    behind = [each["percent"] for each in lines if each["plan"] == line["task"]["plan"]["code"]]
    assert abs(cell["mean_percent"] - (sum(behind) + 77 - line["percent"]) / len(behind)) < 0.0501


async def test_two_workers_close_each_day_once(world: World) -> None:
    await world.publish(["swt", "hfs"])
    await days_pass(world, 4)
    await asyncio.gather(*(close_days(world) for _ in range(3)))
    async with world.server() as server:
        days = [row["day"] for row in await server.fetch("SELECT day FROM closed_day ORDER BY day")]
    assert days == rules.points(days[0], today() - DAY)


async def test_what_was_kept_of_a_day_is_read_by_those_whose_it_is_and_changed_by_nobody(world: World) -> None:
    await world.publish(["swt", "hfs"])
    await days_pass(world)
    await close_days(world)
    for scope, tenant, unit, foreign in (
        ("tenant", "hefei", "", "jurisdiction <> 'hefei'"),
        ("unit", "", "swt", "unit <> 'swt'"),
        ("none", "", "", "true"),
    ):
        assert await _as(world, scope, tenant, unit, f"SELECT FROM day_cell WHERE {foreign}") == "SELECT 0"
        for change in ("UPDATE day_cell SET lines = 0", "DELETE FROM closed_day", "DELETE FROM day_cell"):
            assert await _as(world, scope, tenant, unit, change) == "refused"
    connection = await asyncpg.connect(world.env("progress_worker")["ZP_DATABASE_URL"])
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("UPDATE day_cell SET lines = 0")
    await connection.close()


async def test_histories_of_before_say_what_their_entries_left(world: World) -> None:
    """The migration reads it from the changes that came later, which say of a withdrawn task's plan what its line had
    not taken over.
    """
    async with world.server() as server:
        began = await server.fetchval("SELECT coalesce(max(position), 0) FROM line_history")
    await live(world, 5)
    path = Path(__file__).parents[1] / "migrations/versions/0060_past.py"
    spec = importlib.util.spec_from_file_location("past_migration", path)
    assert spec
    assert spec.loader
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    async with world.server() as server, server.transaction():
        await server.execute("CREATE TEMPORARY TABLE noted AS SELECT position, stood FROM line_history")
        await server.execute("UPDATE line_history SET stood = NULL")
        await server.execute(migration.FORMER)
        wrong = await server.fetch(
            "SELECT n.stood, h.stood AS told FROM noted n JOIN line_history h USING (position)"
            " WHERE h.line_id IN (SELECT line_id FROM line_history WHERE what = 'opened' AND position > $1)"
            " AND (n.stood - 'plan' IS DISTINCT FROM h.stood - 'plan'"
            " OR n.stood IS DISTINCT FROM h.stood AND NOT EXISTS"
            " (SELECT FROM line_history w WHERE w.line_id = h.line_id AND w.what = 'withdrawn'))",
            began,
        )
        assert wrong == []
