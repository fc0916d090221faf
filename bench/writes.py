"""A progress report written, against pgbench with the same statements.

Reports on lines of the zones are submitted to an API of progress on a copy of its database, and what it says to
PostgreSQL is recorded. On a second copy pgbench says the same as the same role, with what differs from report to
report out of a table; on a third copy an API takes the same reports again. One client each, by turns.
"""

import asyncio
import re
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain, groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx

from bench import recording
from bench.alternating import Measured, by_turns, least
from bench.copies import grown, psql, served
from bench.recording import Said
from deploy.local import postgres
from deploy.local.system import System
from tests.support import Json, lines

ZONES = ("hefei", "wuhu", "bengbu")
ROUNDS, TIMES = 7, 30
TABLE = "bench_report"
REPORT = {"percent": 10, "done": "完成前期论证，正在编制实施方案。", "problems": "", "next_steps": "报省自贸办审定。"}
_LATENCY = re.compile(r"^latency average = ([\d.]+) ms", re.MULTILINE)
_LOADING = re.compile(rf"^ +([\d.]+) .*FROM {TABLE} ", re.MULTILINE)
Clients = Mapping[str, httpx.Client]


async def measure(system: System) -> list[Measured]:
    found = chosen(system)
    warming, mine = found[: len(ZONES)], found[len(ZONES) :]
    clients = clients_of(system)
    reports = _recorded(system, clients, warming, mine)
    with ExitStack() as stack:
        path = Path(stack.enter_context(TemporaryDirectory())) / "report.sql"
        path.write_text(_script(system, grown(system, "progress_pgbench"), reports), "utf-8")
        base = stack.enter_context(served(system, grown(system, "progress_written")))
        plays, takes = (iter(range(0, len(mine), TIMES)) for _ in range(2))

        async def baseline() -> float:
            return await asyncio.to_thread(_played, system, path, next(plays))

        async def ours() -> float:
            first = next(takes)
            return await asyncio.to_thread(taken, clients, base, mine[first : first + TIMES])

        rounds = await by_turns(baseline, ours, ROUNDS)
    return [Measured.of("a report written, against pgbench with its statements", rounds, "/s", least(0.5))]


def chosen(system: System) -> list[Json]:
    """One for each report, of the zones by turns; the first ones warm up."""
    of_zones = [lines(system, f"{zone}.admin", state="not_started") for zone in ZONES]
    found = list(chain.from_iterable(zip(*of_zones, strict=False)))
    return found[: len(ZONES) + (ROUNDS + 1) * TIMES]


def clients_of(system: System) -> Clients:
    return {zone: system.client(f"{zone}.admin") for zone in ZONES}


def taken(clients: Clients, base: str, chosen: Sequence[Json]) -> float:
    """Reports a second that an API of progress takes."""
    begun = time.perf_counter()
    for line in chosen:
        headers = {"If-Match": f'"{line["version"]}"', "Idempotency-Key": str(uuid4())}
        client, path = clients[line["jurisdiction"]], f"{base}lines/{line['id']}/reports"
        client.post(path, json=REPORT, headers=headers).raise_for_status()
    return len(chosen) / (time.perf_counter() - begun)


def _recorded(system: System, clients: Clients, warming: Sequence[Json], chosen: Sequence[Json]) -> list[list[Said]]:
    """What is said for each chosen report, from BEGIN to COMMIT."""
    with recording.progress(system, "progress_recorded") as (base, said):
        taken(clients, base, warming)
        before = len(said())
        taken(clients, base, chosen)
        transactions = list(_transactions(said()[before:]))
    if len(transactions) != len(chosen) or len({tuple(s.statement for s in each) for each in transactions}) != 1:
        raise AssertionError("the reports were not all written by the same statements")
    return transactions


def _transactions(said: Iterable[Said]) -> Iterator[list[Said]]:
    open_: list[Said] = []
    for each in said:
        open_ = [each] if each.statement.startswith("BEGIN") else [*open_, each]
        if each.statement == "COMMIT":
            yield open_


def _script(system: System, database: str, reports: Sequence[Sequence[Said]]) -> str:
    """A report for pgbench; fills the table that its variables come from. Statements that follow each other and differ
    in their arguments alone go in one round trip, as do those of the beginning: so the service sends them.
    """
    columns: dict[tuple[str, ...], str] = {}

    def place(statement: int, argument: int) -> str:
        values = tuple(report[statement].given[argument] for report in reports)
        if len(set(values)) == 1 and ":" not in values[0]:  # to pgbench, a colon begins a variable
            return values[0]
        return f":{columns.setdefault(values, f'v{len(columns)}')}"

    texts = [said.with_(lambda argument, at=at: place(at, argument)) for at, said in enumerate(reports[0])]  # type: ignore[misc]
    trips = [
        [part for _, text in trip for part in (text.split("; ") if text.startswith("BEGIN") else [text])]
        for _, trip in groupby(zip(reports[0], texts, strict=True), lambda e: e[0].statement)
    ]
    _fill(system, database, columns)
    spoken = [
        part for trip in trips for part in (trip if len(trip) == 1 else ["\\startpipeline", *trip, "\\endpipeline"])
    ]
    loading = f"\\set n :n + 1\nSELECT * FROM {TABLE} WHERE n = :n \\gset\n"
    return loading + "\n".join(part if part.startswith("\\") else f"{part};" for part in spoken)


def _fill(system: System, database: str, columns: Mapping[tuple[str, ...], str]) -> None:
    rows = (f"({number}, {', '.join(row)})" for number, row in enumerate(zip(*columns, strict=True), 1))
    named = ", ".join(f"{name} text" for name in columns.values())
    target = f"{system.database('progress').rpartition('/')[0]}/{database}"
    psql(target, f"CREATE TABLE {TABLE} (n bigint PRIMARY KEY, {named}); GRANT SELECT ON {TABLE} TO progress_api;")
    psql(target, f"INSERT INTO {TABLE} VALUES {', '.join(rows)}; VACUUM ANALYZE {TABLE};")  # noqa: S608


def _played(system: System, script: Path, done: int) -> float:
    """Reports a second of pgbench, which has done so many; without the time in which it loads its variables."""
    database = system.instance.database("progress_pgbench", "progress_api", "progress_api")
    options = [
        "--no-vacuum",
        "--protocol=prepared",
        "--report-per-command",
        f"--transactions={TIMES}",
        f"--define=n={done}",
    ]
    command = [str(postgres.BIN / "pgbench"), *options, f"--file={script}", database]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    whole, loading = _LATENCY.search(said), _LOADING.search(said)
    assert whole and loading, said  # noqa: S101 - pgbench says both
    return 1000 / (float(whole[1]) - float(loading[1]))
