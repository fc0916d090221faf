"""The scratch database: empty, or with the seed notice published."""

from collections.abc import AsyncIterator, Iterator

import pytest

from deploy.local.system import System
from services.catalog.tests.worlds import SEED, World, create
from services.progress.tests.worlds import Issuer


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.server.shutdown()


@pytest.fixture(scope="module")
async def empty(system: System, issuer: Issuer) -> AsyncIterator[World]:
    """One per module, made anew."""
    world = await create(system, issuer)
    yield world
    await world.database.close()
    await world.app.state.database.close()


@pytest.fixture(scope="module")
async def world(empty: World) -> World:
    if not await empty.tasks():
        await empty.bring(SEED)
    return empty
