"""The overview equals what counting the lines gives, at every moment."""

import asyncio
import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

from chassis.clock import today
from progress.overview.schemas import Overview
from services.progress.tests.worlds import World

UNITS = ["swt", "hfhg", "fgw", "kjt", "hfs", "whs", "bbs"]
STATES = ["not_started", "in_progress", "submitted", "confirmed", "suspended"]
ROUNDS = 20
DEADLINE = str(today() + timedelta(days=12))
LIGHTS = ["green", "yellow", "red", "blue"]

DIFFERENCES = """
    WITH counted AS (
        SELECT jurisdiction, plan, unit, count(*) AS lines, sum(percent) AS percent_sum,
               count(*) FILTER (WHERE state = 'not_started') AS not_started,
               count(*) FILTER (WHERE state = 'in_progress') AS in_progress,
               count(*) FILTER (WHERE state = 'submitted') AS submitted,
               count(*) FILTER (WHERE state = 'confirmed') AS confirmed,
               count(*) FILTER (WHERE state = 'suspended') AS suspended,
               count(*) FILTER (WHERE light = 'green') AS green, count(*) FILTER (WHERE light = 'yellow') AS yellow,
               count(*) FILTER (WHERE light = 'red') AS red, count(*) FILTER (WHERE light = 'blue') AS blue
        FROM line CROSS JOIN LATERAL unnest(array_append(units, '')) unit WHERE NOT withdrawn GROUP BY 1, 2, 3),
    kept AS (
        SELECT jurisdiction, plan, unit, lines, percent_sum, not_started, in_progress, submitted, confirmed, suspended,
               green, yellow, red, blue
        FROM overview_cell WHERE lines <> 0)
    SELECT (SELECT count(*) FROM (TABLE counted EXCEPT TABLE kept) a)
         + (SELECT count(*) FROM (TABLE kept EXCEPT TABLE counted) b)
"""
UNTOLD = """
    WITH mine AS (SELECT * FROM line WHERE task = ANY($1))
    SELECT thing.id, thing.version, array_agg(sequence ORDER BY position) AS told
    FROM (SELECT id, version, to_jsonb(mine) AS row, 'line' AS kind FROM mine
          UNION ALL SELECT id, version, to_jsonb(report), 'report' FROM report
          WHERE line_id IN (SELECT id FROM mine)
          UNION ALL SELECT id, version, to_jsonb(milestone), 'milestone' FROM milestone
          WHERE line_id IN (SELECT id FROM mine)
          UNION ALL SELECT id, version, to_jsonb(extension), 'extension' FROM extension
          WHERE line_id IN (SELECT id FROM mine)) thing
    LEFT JOIN outbox ON subject = CAST(thing.id AS text)
    GROUP BY thing.id, thing.version, thing.row, thing.kind
    HAVING array_agg(sequence ORDER BY position) IS DISTINCT FROM
               (SELECT array_agg(n ORDER BY n) FROM generate_series(1, thing.version) n)
        OR NOT (thing.row @> (((array_agg(CAST(data AS jsonb) ORDER BY position DESC))[1] -> thing.kind)
                              - ARRAY['task', 'units', 'plan', 'edition', 'jurisdiction_name', 'updated_at',
                                      'first_due', 'due_changes',
                                      'submitted_at', 'asked_at', 'decided_at', 'review']))
"""
"""Things whose events are not one for each version in order, or whose last event is not as the row is."""
TAKEN_FROM_SWT = """
    SELECT line_id FROM line_history WHERE changes @> '[{"field": "units", "before": ["省商务厅"]}]'
"""


async def _overview(world: World, name: str) -> dict[str, Any]:
    async with world.client(name) as client:
        answer = await client.get("/overview")
    return Overview.model_validate_json(answer.content).model_dump(mode="json")


async def _compare(world: World, name: str) -> None:
    overview = await _overview(world, name)
    lines = await world.lines(name)
    counted = Counter((line["jurisdiction"], line["task"]["plan"]["code"]) for line in lines)
    shown = {
        (cell["jurisdiction"], plan["code"]): cell
        for plan in overview["plans"]
        for cell in plan["cells"]
        if cell["lines"]
    }
    assert {key: cell["lines"] for key, cell in shown.items()} == counted
    for (jurisdiction, plan), cell in shown.items():
        behind = [
            line for line in lines if (line["jurisdiction"], line["task"]["plan"]["code"]) == (jurisdiction, plan)
        ]
        assert cell["by_state"] == {state: sum(line["state"] == state for line in behind) for state in STATES}
        assert cell["by_light"] == {light: sum(line["light"] == light for line in behind) for light in LIGHTS}
        assert abs(cell["mean_percent"] - sum(line["percent"] for line in behind) / len(behind)) < 0.0501
        assert cell["overdue"] == cell["by_light"]["red"]
        assert cell["last_change"] is not None
    assert overview["totals"]["lines"] == len(lines)


async def test_each_number_is_the_length_of_the_list_behind_it(world: World) -> None:
    await world.publish(["swt", "hfs"])
    await world.publish(["hfhg", "swt", "whs"])
    for name in ("province", "auditor", "hefei", "wuhu", "swt", "hfhg", "lost city"):
        overview = await _overview(world, name)
        async with world.client(name) as client:
            for figures in [overview["totals"], *(cell for plan in overview["plans"] for cell in plan["cells"][:2])]:
                count, cursor = 0, ""
                while cursor is not None:
                    href = figures["href"] + ("&" if "?" in figures["href"] else "?") + "limit=200"
                    answer = await client.get("http://progress" + href + (f"&cursor={cursor}" if cursor else ""))
                    count, cursor = count + len(answer.json()["items"]), answer.json()["next"]
                assert count == figures["lines"]
        await _compare(world, name)


async def test_the_overview_is_not_sent_twice(world: World) -> None:
    task = await world.publish(["swt", "hfs"])
    async with world.client("hefei") as client:
        first = await client.get("/overview")
        known = {"If-None-Match": first.headers["etag"]}
        assert (await client.get("/overview", headers=known)).status_code == 304
        await world.act("hefei", await world.line(task, "hefei"), "reports", percent=1, done="…")
        second = await client.get("/overview", headers=known)
        assert second.status_code == 200
        await world.publish(["swt", "hfs"])
        third = await client.get("/overview", headers={"If-None-Match": second.headers["etag"]})
        assert third.status_code == 200
        assert third.json() == (await client.get("/overview")).json()


async def test_cells_equal_counted_lines_at_every_moment_of_a_random_run(world: World) -> None:
    choose = random.Random(20210123)
    tasks = [await world.publish(choose.sample(UNITS, 4), due=DEADLINE) for _ in range(8)]
    versions = Counter({task["code"]: 1 for task in tasks})
    answered: Counter[int] = Counter()
    absent: set[tuple[str, str]] = set()
    over = asyncio.Event()
    checks = 0

    async def check() -> None:
        nonlocal checks
        async with world.server() as server:
            while not over.is_set():
                assert await server.fetchval(DIFFERENCES) == 0
                checks += 1

    async def report(name: str) -> None:
        async with world.client(name) as client:
            for _ in range(ROUNDS):
                own = {"task": choose.choice(tasks)["code"]}
                found = (await client.get("/lines", params=own)).json()["items"]
                for line in choose.sample(found, min(1, len(found))):
                    path, body = _change(choose, line, await world.schedule(line))
                    method = "PUT" if path.endswith("/schedule") else "POST"
                    headers = {"If-Match": f'"{line["version"]}"'}
                    answer = await client.request(method, path, json=body, headers=headers)
                    answered[answer.status_code] += 1
                    if answer.status_code == 404:
                        absent.add((name, line["id"]))

    async def edit() -> None:
        for _ in range(ROUNDS):
            task = choose.choice(tasks)
            versions[task["code"]] += 1
            what = choose.choice(["task.withdrawn", "task.published", "task.published"])
            fresh = world.task(choose.sample(UNITS, 4))
            changed = {key: fresh[key] for key in ("responsibilities", "zones", "plan")}
            await world.feed((what, versions[task["code"]], task | changed))

    checking = asyncio.create_task(check())
    await asyncio.gather(*(report(name) for name in ("hefei", "wuhu", "bengbu", "swt", "province", "province")), edit())
    over.set()
    await checking
    assert checks > 10
    assert answered[201] > 10
    assert set(answered) <= {200, 201, 403, 404, 409, 412}
    for name in ("province", "hefei", "swt"):
        await _compare(world, name)
    async with world.server() as server:
        assert await server.fetch(UNTOLD, [task["code"] for task in tasks]) == []
        assert absent <= {("swt", str(row["line_id"])) for row in await server.fetch(TAKEN_FROM_SWT)}


def _change(choose: random.Random, line: dict[str, Any], schedule: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A random action of those that the line lists; a report when it lists none."""
    percent = choose.randint(0, 100)
    latest = f"/lines/{line['id']}/reports/{(line['latest_report'] or line)['id']}"
    choices: dict[str, tuple[str, dict[str, Any]]] = {
        "report": (f"/lines/{line['id']}/reports", {"percent": percent, "done": "…", "finished": percent == 100}),
        "confirm": (f"{latest}/confirmation", {}),
        "return": (f"{latest}/return", {"reason": "…"}),
        "review": (f"{latest}/review", {"opinion": "agree"}),
        "suspend": (f"/lines/{line['id']}/suspension", {"reason": "…"}),
        "resume": (f"/lines/{line['id']}/resumption", {}),
        **_scheduling(choose, line, schedule),
    }
    return choices[choose.choice(line["actions"] or ["report"])]


def _scheduling(
    choose: random.Random, line: dict[str, Any], schedule: dict[str, Any]
) -> dict[str, tuple[str, dict[str, Any]]]:
    path, deadline = f"/lines/{line['id']}", schedule["deadline"] or DEADLINE
    dues = sorted([deadline, str(date.fromisoformat(deadline) - timedelta(choose.randint(0, 60)))])
    milestones = [{"title": due, "weight": choose.randint(1, 9), "due": due} for due in dues]
    waiting = [each["id"] for each in schedule["milestones"] if not each["done_on"]] or [line["id"]]
    asked = f"{path}/extensions/{[line, *schedule['extensions']][-1]['id']}"
    later = str(max(date.fromisoformat(deadline), today()) + timedelta(choose.randint(9, 60)))
    return {
        "schedule": (f"{path}/schedule", {"deadline": deadline, "milestones": milestones}),
        "complete": (f"{path}/milestones/{choose.choice(waiting)}/completion", {"on": str(today())}),
        "extend": (f"{path}/extensions", {"deadline": later, "cause": "…"}),
        "approve_extension": (f"{asked}/approval", {}),
        "refuse_extension": (f"{asked}/refusal", {"reason": "…"}),
        "move_deadline": (f"{path}/deadline", {"deadline": later, "cause": "…"}),
    }
