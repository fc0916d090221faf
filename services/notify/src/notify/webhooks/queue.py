"""Every SQL statement of the worker that delivers: PostgreSQL is the queue.

What is taken is held for a while by name, not by a transaction: none stays open while a receiver is waited for.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.tenancy import RowMapping, Session
from notify.webhooks.rules import DELIVERIES_KEPT, Standing, Verdict
from notify.webhooks.sending import Exchange

HELD = timedelta(seconds=90)
BATCH = 200
MOST_WAITING = 1000
DUE = "d.state = 'waiting' AND d.next_try <= :now AND (d.held_until IS NULL OR d.held_until <= :now)"
OPEN = "w.paused IS NULL AND NOT i.suspended AND NOT i.removed"
AWAKE = "(w.resting_until IS NULL OR w.resting_until <= :now)"
CHOSEN = "ARRAY(SELECT unnest(w.tenants) INTERSECT SELECT unnest(i.tenants))"


@dataclass(frozen=True)
class Try:
    """A delivery in hand, and what it is sent with."""

    id: UUID
    delivery: RowMapping
    body: str
    headers: dict[str, str]


async def busy(db: Session, now: datetime) -> Sequence[RowMapping]:
    """The webhooks for which there is something to do; ``failing`` are those whose last tries have failed."""
    return await db.rows(
        f"""
        SELECT w.id, w.failing_since IS NOT NULL AS failing
        FROM webhook w JOIN integrator i ON i.client = w.integrator
        WHERE {OPEN} AND {AWAKE} AND (w.after < (SELECT position FROM event_clock)
                          OR EXISTS (SELECT FROM webhook_delivery d WHERE d.webhook_id = w.id AND {DUE}))
        """,  # noqa: S608
        now=now,
    )


async def release(db: Session, worker: str) -> None:
    """Lets go of what this worker held when it was ended."""
    await db.run(
        "UPDATE webhook_delivery SET held_until = NULL, worker = NULL WHERE worker = :worker AND state = 'waiting'",
        worker=worker,
    )


async def plan(db: Session, webhook_id: UUID, now: datetime) -> None:
    """Puts down deliveries for the events that came, unless enough wait; drops those that may no longer be sent.

    Positions become visible in their order, so what was read up to one is all there is.
    """
    await db.run(
        f"""
        UPDATE webhook_delivery d SET state = 'dropped', next_try = NULL, settled_at = :now
        FROM webhook w JOIN integrator i ON i.client = w.integrator
        WHERE w.id = :id AND d.webhook_id = w.id AND d.state = 'waiting' AND d.tenant <> ALL ({CHOSEN})
        """,  # noqa: S608
        id=webhook_id,
        now=now,
    )
    await db.run(
        f"""
        WITH mine AS (
            SELECT w.id, w.after, w.types, {CHOSEN} AS tenants
            FROM webhook w JOIN integrator i ON i.client = w.integrator
            WHERE w.id = :id AND {OPEN}
              AND (SELECT count(*) FROM webhook_delivery d WHERE d.webhook_id = :id AND d.state = 'waiting') < :most
            FOR UPDATE OF w SKIP LOCKED
        ), read AS (
            SELECT e.tenant, e.position, CAST(e.body AS json) AS body
            FROM mine CROSS JOIN LATERAL unnest(mine.tenants) AS chosen CROSS JOIN LATERAL (
                SELECT tenant, position, body FROM event
                WHERE tenant = chosen AND position > mine.after ORDER BY position LIMIT {BATCH}
            ) e
            ORDER BY e.position LIMIT {BATCH}
        ), added AS (
            INSERT INTO webhook_delivery (webhook_id, tenant, position, message_id, type, subject, next_try)
            SELECT mine.id, tenant, position, body ->> 'id', body ->> 'type', body ->> 'subject', :now
            FROM read, mine WHERE mine.types = '{{}}' OR body ->> 'type' = ANY (mine.types)
            ORDER BY position
            ON CONFLICT (webhook_id, tenant, position) DO UPDATE
            SET state = 'waiting', next_try = :now, since = NULL, tries = 0, settled_at = NULL
            WHERE (webhook_delivery.state = 'waiting' AND webhook_delivery.held_until > :now) IS NOT TRUE
        )
        UPDATE webhook SET after = CASE WHEN (SELECT count(*) FROM read) < {BATCH}
                                        THEN greatest(webhook.after, (SELECT position FROM event_clock))
                                        ELSE (SELECT max(position) FROM read) END
        FROM mine WHERE webhook.id = mine.id
        """,  # noqa: S608
        id=webhook_id,
        now=now,
        most=MOST_WAITING,
    )


async def take(db: Session, webhook_id: UUID, most: int, worker: str, now: datetime) -> Sequence[RowMapping]:
    """Takes what is due, in the webhook's order; each with its body, or none for a test or an event that is gone."""
    taken = await db.rows(
        f"""
        WITH due AS (
            SELECT d.id, w.url, w.failing_since FROM webhook_delivery d
            JOIN webhook w ON w.id = d.webhook_id JOIN integrator i ON i.client = w.integrator
            WHERE d.webhook_id = :id AND {DUE} AND {OPEN} AND {AWAKE}
              AND (d.tenant IS NULL OR d.tenant = ANY (w.tenants) AND d.tenant = ANY (i.tenants))
              AND (w.ordering = 'free' OR NOT EXISTS (
                  SELECT FROM webhook_delivery b
                  WHERE b.webhook_id = d.webhook_id AND b.subject = d.subject AND b.state = 'waiting'
                    AND b.position < d.position))
            ORDER BY d.next_try, d.position LIMIT :most FOR UPDATE OF d SKIP LOCKED
        )
        UPDATE webhook_delivery d
        SET worker = :worker, held_until = :until, attempts = attempts + 1, tries = tries + 1,
            since = coalesce(since, :now)
        FROM due WHERE d.id = due.id
        RETURNING d.id, d.webhook_id, d.tenant, d.position, d.message_id, d.subject, d.attempts, d.tries, d.since,
                  d.created_at, due.url, due.failing_since,
                  (SELECT body FROM event e WHERE e.tenant = d.tenant AND e.position = d.position) AS body
        """,  # noqa: S608
        id=webhook_id,
        most=most,
        worker=worker,
        now=now,
        until=now + HELD,
    )
    return sorted(taken, key=lambda row: int(row["position"]))


async def secrets(db: Session, webhook_id: UUID, now: datetime) -> list[str]:
    """Those that sign now, the present one first."""
    rows = await db.rows(
        "SELECT secret FROM webhook_secret WHERE webhook_id = :id AND (until IS NULL OR until > :now) ORDER BY id DESC",
        id=webhook_id,
        now=now,
    )
    return [row["secret"] for row in rows]


async def begin(db: Session, tries: Sequence[Try], now: datetime) -> None:
    """Notes tries, which stand as interrupted until their end is known."""
    await db.run_all(
        """
        INSERT INTO webhook_attempt (id, delivery_id, number, at, url, headers, reason, detail)
        VALUES (:id, :delivery, :number, :now, :url, CAST(:headers AS jsonb), 'interrupted', :detail)
        """,
        [
            {
                "id": each.id,
                "delivery": each.delivery["id"],
                "number": each.delivery["attempts"],
                "now": now,
                "url": each.delivery["url"],
                "headers": json.dumps(each.headers),
                "detail": "系统在推送途中停止，稍后重试。",
            }
            for each in tries
        ],
    )


async def end(db: Session, ended: Sequence[tuple[Try, Exchange, Verdict]], now: datetime) -> None:
    """Notes what came of tries and what becomes of their deliveries; nothing where that is gone."""
    given = [
        {
            "attempt": str(tried.id),
            "delivery": str(tried.delivery["id"]),
            "address": exchange.address,
            "milliseconds": exchange.milliseconds,
            "status": exchange.status,
            "reason": exchange.reason,
            "detail": exchange.detail,
            "type": exchange.answer_type or "",
            "answer": exchange.answer or "",
            "state": verdict.state,
            "next_try": verdict.next_try and verdict.next_try.isoformat(),
        }
        for tried, exchange, verdict in ended
    ]
    await db.run(
        """
        WITH given AS (
            SELECT * FROM jsonb_to_recordset(CAST(:given AS jsonb)) AS given (
                attempt uuid, delivery uuid, address text, milliseconds bigint, status bigint, reason text, detail text,
                type text, answer text, state text, next_try timestamptz
            )
        ), tried AS (
            UPDATE webhook_attempt a SET address = g.address, milliseconds = g.milliseconds, status = g.status,
                                         reason = g.reason, detail = g.detail
            FROM given g WHERE a.id = g.attempt RETURNING a.id
        ), answered AS (
            INSERT INTO webhook_answer (attempt_id, type, body)
            SELECT g.attempt, g.type, g.answer FROM given g JOIN tried ON tried.id = g.attempt WHERE g.answer <> ''
        )
        UPDATE webhook_delivery d
        SET state = g.state, next_try = g.next_try, worker = NULL, held_until = NULL,
            settled_at = CASE WHEN g.state <> 'waiting' THEN CAST(:now AS timestamptz) END
        FROM given g WHERE d.id = g.delivery AND d.state = 'waiting'
        """,
        given=json.dumps(given, ensure_ascii=False),
        now=now,
    )


async def hasten(db: Session, webhook_id: UUID, now: datetime) -> None:
    """What waits for its next try is due at once."""
    await db.run(
        """
        UPDATE webhook_delivery SET next_try = :now
        WHERE id IN (SELECT id FROM webhook_delivery
                     WHERE webhook_id = :id AND state = 'waiting' AND next_try > :now AND held_until IS NULL
                     FOR UPDATE SKIP LOCKED)
        """,
        id=webhook_id,
        now=now,
    )


async def drop(db: Session, delivery_id: UUID, now: datetime) -> None:
    """Gives up what cannot be sent any more."""
    await db.run(
        """
        UPDATE webhook_delivery SET state = 'dropped', next_try = NULL, worker = NULL, held_until = NULL,
                                    settled_at = :now
        WHERE id = :id
        """,
        id=delivery_id,
        now=now,
    )


async def standing(db: Session, webhook_id: UUID) -> RowMapping | None:
    """How a webhook stands, locked, and where its owner is told of it; None for one that is gone."""
    return await db.row(
        """
        SELECT w.id, w.url, w.integrator, w.failing_since, w.paused, w.told_at, i.contact
        FROM webhook w JOIN integrator i ON i.client = w.integrator
        WHERE w.id = :id FOR UPDATE OF w
        """,
        id=webhook_id,
    )


async def stand(db: Session, webhook_id: UUID, standing: Standing, resting_until: datetime | None) -> None:
    await db.run(
        """
        UPDATE webhook SET failing_since = :failing_since, told_at = :told_at, paused = :paused,
                           resting_until = :resting_until,
                           version = version + CASE WHEN paused IS DISTINCT FROM :paused THEN 1 ELSE 0 END
        WHERE id = :id
        """,
        id=webhook_id,
        resting_until=resting_until,
        failing_since=standing.failing_since,
        told_at=standing.told_at,
        paused=standing.paused,
    )


async def forget(db: Session, now: datetime) -> None:
    """Deletes what was settled long ago, and secrets that no longer sign."""
    await db.run("DELETE FROM webhook_delivery WHERE settled_at < :oldest", oldest=now - DELIVERIES_KEPT)
    await db.run("DELETE FROM webhook_secret WHERE until < :now", now=now)
