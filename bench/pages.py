"""Every page of the users' manual at ten times the seed's tasks and lines, each line with a year of monthly reports,
against the page about the portal, which asks no service: the slowest of them, each by the 95th percentile.

What is found by a link alone is the first of its kind. The system is grown where it stands, and of no use afterwards.
"""

import asyncio
import html
import re
import time
from collections.abc import Iterator
from pathlib import Path

from bench.alternating import Measured, most
from bench.copies import psql
from deploy.local.system import System
from gateway.portal.tests.support import Browser
from tests.isolation.manual import MAP, Page

_HERE = Path(__file__).parent
READERS = ("province.admin", "hefei.admin", "dept.swt", "security.demo")
FLOOR = "/about"
TIMES, ASKED, SHOWN = 10, 20, 15
GOAL_MS = 100
_LINK = re.compile(r'href="(/[^"#]*)"')


async def measure(system: System) -> list[Measured]:
    _grow(system)
    found = [row for reader in READERS for row in await asyncio.to_thread(_of, system, reader)]
    return sorted(found, key=lambda row: row.ours, reverse=True)[:SHOWN]


def _grow(system: System) -> None:
    """Past the triggers, which would follow each row by itself."""
    quick, times = "SET session_replication_role = replica;\n", f"--set=times={TIMES}"
    catalog, progress = system.database("catalog"), system.database("progress")
    psql(catalog, quick + (_HERE / "tasks.sql").read_text(), times)
    psql(progress, quick + (_HERE / "lines.sql").read_text(), times)
    psql(progress, (_HERE / "years.sql").read_text(), "--set=years=1")
    for database in (catalog, progress):
        psql(database, "VACUUM ANALYZE")


def _of(system: System, reader: str) -> list[Measured]:
    """Each page by turns with the floor, once it was asked for."""
    with Browser(system) as browser:
        browser.log_in(reader)
        found = []
        for path in _addresses(browser, reader):
            rounds = [(_took(browser, FLOOR), _took(browser, path)) for _ in range(ASKED)]
            floor, page = (sorted(each)[int(0.95 * ASKED) - 1] for each in zip(*rounds, strict=True))
            what = f"{reader.partition('.')[0]}: {path}, against {FLOOR}"
            found.append(Measured.of(what, [(floor, page)], goal=most(GOAL_MS, "ms")))
        return found


def _took(browser: Browser, path: str) -> float:
    begun = time.perf_counter()
    browser.get(path).raise_for_status()
    return 1000 * (time.perf_counter() - begun)


def _addresses(browser: Browser, reader: str) -> Iterator[str]:
    """Of every page that the reader sees: its own, or the first link that leads to one."""
    links: dict[str, None] = {}
    pages = [page for page in MAP if page.is_for(reader)]
    for page in sorted(pages, key=lambda page: page.path.count("{")):
        address = page.path if "{" not in page.path else _linked(page, links)
        if address is None:
            continue
        answer = browser.get(address)
        if answer.is_success:
            links |= dict.fromkeys(map(html.unescape, _LINK.findall(answer.text)))
            yield address


def _linked(page: Page, links: dict[str, None]) -> str | None:
    template = re.compile(re.sub(r"\\{\w+\\}", "[^/?_][^/?]*", re.escape(page.path)))
    return next((link for link in links if template.fullmatch(link)), None)
