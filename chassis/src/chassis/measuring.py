"""What a worker's database says of how things stand, as gauges for ``/metrics``."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
from prometheus_client import Gauge

from chassis import telemetry

SECONDS = 15.0


@dataclass(frozen=True)
class Measure:
    """A gauge, and the statement whose rows are its labels, in their order, and then its value."""

    gauge: Gauge
    sql: str


OUTBOX = (
    Measure(
        Gauge(
            "zoneportal_outbox_oldest_seconds", "Age of the oldest event that is not published; 0 when there is none"
        ),
        "SELECT coalesce(extract(epoch FROM now() - min(time)), 0) FROM outbox",
    ),
)
CONSUMED = (
    Measure(
        Gauge("zoneportal_parked_events", "Events that wait to be tried again", ["consumer"]),
        "SELECT consumer, count(*) FROM parked GROUP BY consumer",
    ),
    Measure(
        Gauge("zoneportal_dead_letters_waiting", "Dead letters that nobody has seen to", ["consumer"]),
        "SELECT consumer, count(*) FROM dead_letter WHERE state = 'waiting' GROUP BY consumer",
    ),
)
"""Of services that consume events."""


class Measuring:
    """A task of a worker. Of several workers each says the same."""

    def __init__(self, database_url: str, measures: Sequence[Measure]) -> None:
        self._url, self._measures = database_url, measures

    async def run(self, stop: asyncio.Event) -> None:
        """Reads every quarter of a minute until ``stop`` is set."""
        while not stop.is_set():
            try:
                await self.read()
            except Exception as error:
                telemetry.log.warning("not measured: %s: %s", type(error).__name__, error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SECONDS)

    async def read(self) -> None:
        """Sets the gauges; what a label no longer has is forgotten."""
        connection = await asyncpg.connect(self._url, timeout=5, command_timeout=5)
        try:
            for measure in self._measures:
                rows = await connection.fetch(measure.sql)
                measure.gauge.clear()
                for *labels, value in rows:
                    (measure.gauge.labels(*labels) if labels else measure.gauge).set(float(value))
        finally:
            connection.terminate()
