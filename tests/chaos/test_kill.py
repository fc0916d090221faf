"""``kill -9`` of each process during work: nothing acknowledged is lost or doubled, and it runs again by itself.

Each is killed once, then some at random moments, also while others come back: ``ZP_CHAOS_KILLS`` says how many in all,
``ZP_CHAOS_SEED`` which.
"""

import os
import random
import re
import subprocess
import sysconfig
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event as Flag

import pytest

from deploy.local.ports import SERVICES
from deploy.local.system import System
from tests.chaos import checks
from tests.chaos.model import Line
from tests.chaos.office import OFFICES, PATIENCE, Office, Tokens, untouched
from tests.support import PROGRESS, cells, figures, get, lines, pages, until

VICTIMS = (
    *(f"{service}-{kind}" for service in SERVICES for kind in ("worker", "api")),
    *("kafka", "portal", "gateway", "postgres", "keycloak", "mail"),
)
KILLS = int(os.environ.get("ZP_CHAOS_KILLS", "20"))
SEED = int(os.environ.get("ZP_CHAOS_SEED", "1"))
ON_THE_WAY = ("gateway", "progress-api", "postgres")


@pytest.fixture(scope="module")
def offices(system: System) -> Iterator[list[Office]]:
    """The offices after a time of work in which every process was killed; the system has come to rest since."""
    gateway, tokens = system.endpoints["gateway"], Tokens(system)
    working = [Office(gateway, tokens, user, untouched(system, user), seed) for seed, user in enumerate(OFFICES)]
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
            _kill_at_random(system, working, running)
            _let_work(working, running)
        finally:
            stop.set()
        for office in running:
            office.result()
    yield working


def _kill_at_random(system: System, offices: list[Office], running: list[Future[None]]) -> None:
    """What runs at the moment; then all has come back."""
    chances, kills = random.Random(SEED), Counter[str]()
    print(f"{KILLS} kills, seed {SEED}")
    while kills.total() < KILLS - len(VICTIMS):
        _let_work(offices, running)
        time.sleep(chances.uniform(0, 1))
        victim = chances.choice(VICTIMS)
        if system.components[victim]["state"] == "ready":
            system.kill(victim)
            kills[victim] += 1
    print(f"at random {dict(kills)}; {sum(office.acknowledged for office in offices)} acts acknowledged")
    until(lambda: all(system.components[victim]["state"] == "ready" for victim in VICTIMS), PATIENCE)


def _let_work(offices: list[Office], running: list[Future[None]]) -> None:
    """Until something more of each office was acknowledged."""
    before = [office.acknowledged for office in offices]

    def further() -> bool:
        for office in running:
            if office.done():
                office.result()
        return all(office.acknowledged > count for office, count in zip(offices, before, strict=True))

    until(further, PATIENCE)


@pytest.fixture(scope="module")
def worked_on(offices: list[Office]) -> list[Line]:
    return [line for office in offices for line in office.lines]


def test_every_acknowledged_report_is_there_once(system: System, worked_on: list[Line]) -> None:
    assert sum(len(line.reports) for line in worked_on) > len(VICTIMS)
    checks.every_report_is_there_once(system, worked_on)


def test_lines_stand_where_the_acknowledged_reports_put_them(system: System, worked_on: list[Line]) -> None:
    checks.lines_stand_where_reports_put_them(system, worked_on)


def test_the_overview_equals_the_lines(system: System, worked_on: list[Line]) -> None:
    everything = lines(system, "province.admin")
    overview = get(system, "province.admin", f"{PROGRESS}/overview")
    assert overview["totals"] | figures(everything) == overview["totals"]
    for cell in cells(overview):
        assert cell | figures(pages(system, "province.admin", cell["href"])) == cell


async def test_each_change_is_one_event_in_its_order(system: System, worked_on: list[Line]) -> None:
    """An event may come again with the same id when its publisher died before it noted the broker's answer."""
    told = await checks.published(system, worked_on)
    checks.each_change_is_one_event_in_its_order(worked_on, [*{event.id: event for event in told}.values()])


@pytest.mark.parametrize("reader", ["the province", "the office"])
def test_each_piece_of_news_is_one_entry(system: System, worked_on: list[Line], reader: str) -> None:
    checks.each_piece_of_news_counts_once(system, worked_on, of_the_province=reader == "the province")


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
