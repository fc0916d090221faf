"""The upgrade of a working system from the last release to this one, and back; then its leaders are hurt, and its
passwords change: ``make rolling``.

Two copies of every process. The release begins with databases of its own; their migration, and the replacement of one
process after the other in both directions, happen under load.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from time import monotonic

import asyncpg
import pytest

from deploy.local import topology
from deploy.local.components import Component
from deploy.local.instance import ROOT
from deploy.local.ports import SERVICES
from deploy.local.system import System, starting
from gateway.portal.tests.support import Browser
from tests.contract.releases import Released
from tests.rolling.copies import Copies
from tests.rolling.leaders import cut, leader, two_strive
from tests.rolling.load import Load, tried_again
from tests.rolling.rotating import Rotation, databases, realm, topics

BENEATH = ("gateway", "topics", "mail")
SEEDS = ("notice", "lines", "integrators")
PROCESSES = [
    *(topology.api(name, copy) for name in SERVICES for copy in ("", "_2")),
    *(topology.worker(name, copy) for name in SERVICES for copy in ("", "_2")),
    *(topology.portal(copy) for copy in ("", "_2")),
]
MIGRATIONS = [topology.migration(name) for name in (*SERVICES, "portal")]


@pytest.fixture(scope="module")
def beneath() -> Iterator[System]:
    with starting(ROOT / ".run" / "rolling", only=BENEATH) as ready:
        yield ready()


@pytest.fixture(scope="module")
async def copies(beneath: System) -> AsyncIterator[Copies]:
    """Of the last release, with the sample data."""
    released, made = Released(), Copies(beneath)
    try:
        await made.start(*map(released.of, MIGRATIONS))
        await made.start(*map(released.of, PROCESSES))
        for name in SEEDS:
            await made.start(*(each for each in topology.topology() if each.name == name))
        yield made
    finally:
        await made.stop_all()


async def test_a_release_is_upgraded_and_brought_back_while_people_work(beneath: System, copies: Copies) -> None:
    load = await asyncio.to_thread(Load, beneath)
    with load.running():
        await copies.start(*(replace(each, name=f"{each.name}-now") for each in MIGRATIONS))
        await _replace(copies, PROCESSES, "upgrade")
        await _replace(copies, [*map(Released().of, PROCESSES)], "rollback")
    print(load.told, f"{tried_again(beneath)} of them sent twice by the gateway")
    await load.check(beneath)


async def _replace(copies: Copies, components: Sequence[Component], what: str) -> None:
    """One after the other; its fellow works meanwhile."""
    begun = monotonic()
    for component in components:
        await copies.stop(component.name)
        await copies.start(component)
    print(f"{what} of {len(components)} processes: {monotonic() - begun:.0f} s")


async def test_of_two_workers_one_publishes_whatever_happens_to_it(beneath: System, copies: Copies) -> None:
    await copies.start(*(replace(each, name=f"{each.name}-then") for each in MIGRATIONS))
    await _replace(copies, PROCESSES, "upgrade")
    load = await asyncio.to_thread(Load, beneath)
    with load.running():
        for hurt in (_kill, _cut, _freeze, _freeze) * 2:
            await two_strive(beneath)
            await hurt(beneath, copies)
    print(load.told)
    await load.check(beneath, repeats=True)


async def test_passwords_and_secrets_change_while_people_work(beneath: System, copies: Copies) -> None:
    new, at = Rotation(beneath.instance), beneath.instance
    load = await asyncio.to_thread(Load, beneath)
    with load.running():
        await copies.start(databases(at, new.database), topics(at, {"progress": new.kafka}))
        await _replace(copies, [*new.apis, *new.workers], "new passwords")
        await copies.start(databases(at, {**new.database, "progress_api": "gone", "progress_worker": "gone"}))
        await _replace(copies, new.portals(ZP_OIDC_CLIENT_SECRET_NEXT=new.client), "next secret")
        await _log_in(beneath)
        await copies.start(realm(at, {"ZP_PORTAL_SECRET": new.client}))
        await _log_in(beneath)
        await _replace(copies, new.portals(ZP_OIDC_CLIENT_SECRET=new.client), "new secret")
        await _log_in(beneath)
    print(load.told)
    await load.check(beneath)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(at.database("progress", "progress_api", "progress_api"))


async def _log_in(system: System) -> None:
    with Browser(system) as browser:
        page = await asyncio.to_thread(browser.log_in, "hefei.admin")
    assert (page.status_code, page.url.path) == (200, "/"), page.text


async def _kill(system: System, copies: Copies) -> None:
    first = await leader(system)
    assert first is not None
    os.kill(copies.pid(f"progress-worker{first.copy}"), signal.SIGKILL)
    await _followed(system, first.session, "killed")


async def _cut(system: System, copies: Copies) -> None:
    first = await leader(system)
    assert first is not None
    await cut(system, first.session)
    await _followed(system, first.session, "cut off")


async def _freeze(system: System, copies: Copies) -> None:
    """Until another one leads: then the two work side by side."""
    first = await leader(system)
    assert first is not None
    frozen = copies.pid(f"progress-worker{first.copy}")
    os.kill(frozen, signal.SIGSTOP)
    try:
        await _followed(system, first.session, "frozen")
        await asyncio.sleep(1)
    finally:
        os.kill(frozen, signal.SIGCONT)


async def _followed(system: System, session: int, what: str) -> None:
    begun = monotonic()
    async with asyncio.timeout(60):
        while (now := await leader(system)) is None or now.session == session:  # noqa: ASYNC110 - a table
            await asyncio.sleep(0.05)
    print(f"a leader that was {what} is followed after {monotonic() - begun:.1f} s")
