"""Every SQL statement of the feed."""

import json
from collections.abc import Sequence

from chassis.events import Event
from chassis.tenancy import RowMapping, Session


async def add(db: Session, events: Sequence[Event]) -> None:
    """Puts events at the feed's end, in their order.

    Who adds after them waits for this transaction to end, so positions become visible in their order and a reader who
    has passed one has missed none before it. They are microseconds of Unix time: a counter would tell every
    integrator how much happens elsewhere.
    """
    await db.run(
        """
        WITH given AS (
            SELECT tenant, body, place
            FROM unnest(CAST(:tenants AS text[]), CAST(:bodies AS text[])) WITH ORDINALITY given (tenant, body, place)
        ), clock AS (
            UPDATE event_clock
            SET position = greatest(position + 1, CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint))
                           + (SELECT count(*) - 1 FROM given)
            RETURNING position - (SELECT count(*) FROM given) AS before
        )
        INSERT INTO event (tenant, position, body) SELECT tenant, before + place, body FROM given, clock
        """,
        tenants=[event.tenant for event in events],
        bodies=[json.dumps(event.structured(), ensure_ascii=False, separators=(",", ":")) for event in events],
    )


async def after(db: Session, position: int, limit: int) -> Sequence[RowMapping]:
    """The first ``limit`` events after a position, of the tenants that are granted to the caller now."""
    return await db.rows(
        """
        SELECT e.position, e.body
        FROM (SELECT unnest(tenants) AS granted FROM integrator) t
        CROSS JOIN LATERAL (
            SELECT position, body FROM event
            WHERE tenant = granted AND position > :position ORDER BY position LIMIT :limit
        ) e
        ORDER BY e.position LIMIT :limit
        """,
        position=position,
        limit=limit,
    )


async def forgotten(db: Session) -> int:
    """The newest position that is forgotten, of those that the caller might have read; 0 when there is none."""
    return int(await db.value("SELECT coalesce(max(position), 0) FROM event_forgotten"))


async def forget(db: Session, oldest_kept: int) -> None:
    """Deletes events that stand before a position, and notes how far that went for each tenant."""
    await db.run(
        """
        WITH gone AS (DELETE FROM event WHERE position < :oldest_kept RETURNING tenant, position)
        INSERT INTO event_forgotten (tenant, position) SELECT tenant, max(position) FROM gone GROUP BY tenant
        ON CONFLICT (tenant) DO UPDATE SET position = excluded.position
        """,
        oldest_kept=oldest_kept,
    )
