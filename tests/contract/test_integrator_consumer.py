"""The examples for integrators live on what their pacts promise."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import httpx

from contracts.consumers import integrator
from contracts.consumers.messages import ID
from deploy.local.system import System
from examples.access import Access
from examples.lines_over_http import read
from examples.table import LINE_EVENTS, Table


def test_a_table_takes_the_events_that_progress_publishes(tmp_path: Path) -> None:
    told = dict.fromkeys(LINE_EVENTS, 0)

    def take(body: str | bytes | None, metadata: dict[str, Any]) -> None:
        file = tmp_path / f"{metadata['ce_type']}.sqlite"
        Table(str(file)).take(metadata["ce_type"], json.loads(body or b""))
        (row,) = sqlite3.connect(file).execute("SELECT * FROM line").fetchall()
        assert row == (ID, 3, "huangshan", "推进口岸开放", "in_progress", 40, "green", None, 0)
        told[metadata["ce_type"]] += 1

    integrator.progress().verify(take, "Async")
    assert set(told.values()) == {1}


def test_the_feed_is_read_from_its_beginning_and_from_a_cursor(system: System, tmp_path: Path) -> None:
    """Ends with an error when the pact has something that was not asked for."""
    secret, table = system.instance.secrets["integrator-hefei_client"], Table(str(tmp_path / "lines.sqlite"))
    access = Access(system.endpoints["gateway"], "integrator-hefei", secret)
    with integrator.notify().serve("127.0.0.1") as served, httpx.Client(base_url=str(served.url)) as feed:
        assert [read(feed, access, table) for _ in range(2)] == [False, False]
    assert table.place("feed")
