"""The scratch database with its zones and units."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from chassis.events import uuid7
from deploy.local.system import System
from services.progress.tests.worlds import CITIES, NAMES, Issuer, World, create


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The rebuild leaves the world as the catalog's real topic tells it: it comes after all other tests of progress."""
    progress = [item for item in items if item.path.parent == Path(__file__).parent]
    progress.sort(key=lambda item: item.path.name == "test_rebuild.py")
    places = [place for place, item in enumerate(items) if item.path.parent == Path(__file__).parent]
    for place, item in zip(places, progress, strict=True):
        items[place] = item


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.server.shutdown()


@pytest.fixture(scope="session")
async def world(system: System, issuer: Issuer) -> AsyncIterator[World]:
    await create(system)
    made = World(system, issuer)
    await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "progress", "migrate"],
        env={**os.environ, **made.env("progress_owner")},
        check=True,
        capture_output=True,
    )
    zones = [
        (
            "zone.published",
            1,
            {
                "id": uuid7(),
                "code": zone,
                "name": f"{name}片区",
                "kind": "zone",
                "city": {"code": city, "name": name, "kind": "city"},
            },
        )
        for city, (zone, name) in CITIES.items()
    ]
    units = [
        ("unit.published", 1, {"id": uuid7(), "code": code, "name": name, "kind": "x", "aliases": [f"{name}（简称）"]})
        for code, name in NAMES.items()
    ]
    await made.feed(*zones, *units)
    yield made
    await made.database.close()
    await made.app.state.database.close()
