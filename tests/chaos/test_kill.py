"""``kill -9`` of each process during work: nothing acknowledged is lost or doubled, and it runs again by itself."""

import asyncio
import re
import subprocess
import sysconfig
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event as Flag

import asyncpg
import pytest

from chassis.events import Event
from deploy.local.ports import SERVICES
from deploy.local.system import System
from deploy.local.tokens import access_token
from tests.chaos.model import Line
from tests.chaos.office import Office
from tests.support import PROGRESS, cells, entries, figures, get, line, lines, on_topic, pages, until

VICTIMS = (
    *(f"{service}-{kind}" for service in SERVICES for kind in ("worker", "api")),
    *("kafka", "portal", "gateway", "postgres", "keycloak", "mail"),
)
ON_THE_WAY = ("gateway", "progress-api", "postgres")
OFFICES = {
    "hefei.admin": {"jurisdiction": "hefei"},
    "wuhu.admin": {"jurisdiction": "wuhu"},
    "bengbu.admin": {"jurisdiction": "bengbu"},
    "dept.swt": {"jurisdiction": "province", "unit": "swt"},
}
LINES_EACH = 3
SUBMITTED = ("report.submitted",)
DECIDED = ("report.confirmed", "report.returned")


@pytest.fixture(scope="module")
def offices(system: System) -> Iterator[list[Office]]:
    """The offices after a time of work in which every process was killed once; the system has come to rest since."""
    gateway = system.endpoints["gateway"]
    tokens = {user: access_token(gateway, user, system.password) for user in ("province.admin", *OFFICES)}
    working = [Office(gateway, tokens, user, _untouched(system, user), seed) for seed, user in enumerate(OFFICES)]
    stop = Flag()
    with ThreadPoolExecutor(len(working)) as pool:
        running = [pool.submit(office.work, stop) for office in working]
        try:
            for victim in VICTIMS:
                _let_work(working, running)
                restarts = system.components[victim]["restarts"]
                system.kill(victim)
                if victim not in ON_THE_WAY:
                    _let_work(working, running)
                system.wait_restarted(victim, restarts, seconds=120)
            _let_work(working, running)
        finally:
            stop.set()
        for office in running:
            office.result()
    yield working


def _untouched(system: System, user: str) -> list[Line]:
    """Lines of the office that nobody has reported on yet."""
    found = [
        shown
        for shown in lines(system, user, state="not_started", **OFFICES[user])
        if "report" in shown["actions"] and not shown["latest_report"]
    ]
    return [Line(shown["id"], user, shown["jurisdiction"], shown["version"]) for shown in found[:LINES_EACH]]


def _let_work(offices: list[Office], running: list[Future[None]]) -> None:
    """Until something more of each office was acknowledged."""
    before = [office.acknowledged for office in offices]

    def further() -> bool:
        for office in running:
            if office.done():
                office.result()
        return all(office.acknowledged > count for office, count in zip(offices, before, strict=True))

    until(further, 60)


@pytest.fixture(scope="module")
def worked_on(offices: list[Office]) -> list[Line]:
    return [line for office in offices for line in office.lines]


def test_every_acknowledged_report_is_there_once(system: System, worked_on: list[Line]) -> None:
    assert sum(len(line.reports) for line in worked_on) > len(VICTIMS)
    for known in worked_on:
        found = pages(system, "province.admin", f"{PROGRESS}/lines/{known.id}/reports")
        told = [(report["id"], report["percent"], report["status"]) for report in reversed(found)]
        assert told == [(report.id, report.percent, report.status) for report in known.reports]


def test_lines_stand_where_the_acknowledged_reports_put_them(system: System, worked_on: list[Line]) -> None:
    for known in worked_on:
        shown = line(system, known.id)
        assert (shown["state"], shown["percent"], shown["version"]) == (*known.standing, known.version)


def test_the_overview_equals_the_lines(system: System, worked_on: list[Line]) -> None:
    everything = lines(system, "province.admin")
    overview = get(system, "province.admin", f"{PROGRESS}/overview")
    assert overview["totals"] | figures(everything) == overview["totals"]
    for cell in cells(overview):
        assert cell | figures(pages(system, "province.admin", cell["href"])) == cell


async def test_each_change_is_one_event_in_its_order(system: System, worked_on: list[Line]) -> None:
    await _published(system)
    topics = {f"progress.{known.jurisdiction}" for known in worked_on}
    told = [event for topic in sorted(topics) for event in _without_repeats(await on_topic(system, topic))]
    for known in worked_on:
        changes = [event for event in told if event.subject == known.id and event.sequence > known.before]
        assert [event.sequence for event in changes] == list(range(known.before + 1, known.version + 1))
        for report in known.reports:
            happened = [event for event in told if event.subject == report.id]
            assert [event.type for event in happened] == [f"zoneportal.progress.{what}.v1" for what in report.events]
            assert [event.sequence for event in happened] == list(range(1, len(happened) + 1))


async def _published(system: System) -> None:
    """Until nothing waits to be published."""
    connection = await asyncpg.connect(system.database("progress"))
    async with asyncio.timeout(20):
        while await connection.fetchval("SELECT count(*) FROM outbox"):  # noqa: ASYNC110 - a table
            await asyncio.sleep(0.1)
    await connection.close()


def _without_repeats(events: list[Event]) -> list[Event]:
    """An event may come again with the same id when its publisher died before it noted the broker's answer."""
    return list({event.id: event for event in events}.values())


@pytest.mark.parametrize("reader", ["the province", "the office"])
def test_each_piece_of_news_is_one_entry(system: System, worked_on: list[Line], reader: str) -> None:
    for known in worked_on:
        user, kinds = ("province.admin", SUBMITTED) if reader == "the province" else (known.user, DECIDED)
        expected = {kind: known.happened[kind] for kind in kinds}
        until(partial(_told, system, user, known.id, expected))


def _told(system: System, user: str, line_id: str, expected: dict[str, int]) -> bool:
    found = entries(system, user, line_id)
    assert {entry["count"] for entry in found} <= {1}
    told = Counter(entry["kind"] for entry in found)
    assert all(told[kind] <= count for kind, count in expected.items()), told
    return told == Counter(expected)


@pytest.mark.parametrize("service", ["catalog", "progress"])
def test_the_audit_trail_is_intact(system: System, offices: list[Office], service: str) -> None:
    tool = Path(sysconfig.get_path("scripts")) / "zoneportal"
    verified = subprocess.run(
        [tool, "audit", "verify", system.database(service)], capture_output=True, text=True, check=False
    )
    assert verified.returncode == 0, verified.stdout
    assert re.fullmatch(r"intact: [1-9]\d* entries\n", verified.stdout)


def test_everything_runs(system: System, offices: list[Office]) -> None:
    assert {component["state"] for component in system.components.values()} <= {"ready", "done", "unchanged"}
