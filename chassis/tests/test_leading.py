"""Of several that strive for a lock one leads, and knows when it does no more."""

from collections.abc import AsyncIterator

import pytest

from chassis.leading import Lead
from chassis.tests.conftest import Scratch
from deploy.local.system import System

LOCK = 7_241_999
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'first'"


@pytest.fixture
async def two(system: System, scratch: Scratch) -> AsyncIterator[tuple[Lead, Lead]]:
    first, second = [await Lead.of(scratch.database.url, LOCK, name) for name in ("first", "second")]
    yield first, second
    for lead in (first, second):
        lead.connection.terminate()


async def test_one_leads_while_the_other_stands_by(two: tuple[Lead, Lead]) -> None:
    first, second = two
    assert (await first.won(), await second.won()) == (True, False)
    assert (first.held, second.held) == (True, False)
    await first.connection.close()
    assert await second.won()
    assert (first.held, second.held) == (False, True)


async def test_a_leader_whose_session_is_ended_knows_that_it_leads_no_more(two: tuple[Lead, Lead]) -> None:
    first, second = two
    assert await first.won()
    await second.fetch(CUT)
    while first.held:
        await second.beat()
    assert await second.won()
