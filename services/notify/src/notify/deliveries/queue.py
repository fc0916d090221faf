"""Every SQL statement of the worker that sends: PostgreSQL is the queue.

What is taken is held for a while by name, not by a transaction: none stays open while somebody is waited for.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chassis.tenancy import RowMapping, Session
from notify.channels import Limit, Result
from notify.deliveries.rules import KEPT, State, Verdict

HELD = timedelta(seconds=90)


async def release(db: Session, channel: str, worker: str) -> None:
    """Lets go of what this worker held when it was ended."""
    await db.run(
        """
        UPDATE delivery SET held_until = NULL, worker = NULL
        WHERE worker = :worker AND channel = :channel AND held_until IS NOT NULL
        """,
        channel=channel,
        worker=worker,
    )


async def due(db: Session, now: datetime) -> list[str]:
    """The channels that have something to send."""
    rows = await db.rows("SELECT DISTINCT channel FROM delivery WHERE next_try <= :now", now=now)
    return [row["channel"] for row in rows]


async def take(
    db: Session, channel: str, most: int, limits: Sequence[Limit], worker: str, now: datetime
) -> Sequence[RowMapping]:
    """Takes what is due and notes its try, which stands as unknown until its end is; one at a time of an address.

    Workers take one after the other, so that an address gets no more than it may.
    """
    await db.value("SELECT pg_advisory_xact_lock(hashtext('delivery'), hashtext(:channel))", channel=channel)
    return await db.rows(
        """
        WITH first AS (
            SELECT DISTINCT ON (address) id, address, next_try FROM delivery
            WHERE channel = :channel AND next_try <= :now AND (held_until IS NULL OR held_until <= :now)
            ORDER BY address, next_try, id
        ), free AS (
            SELECT id FROM first f
            WHERE NOT EXISTS (SELECT FROM delivery h
                              WHERE h.channel = :channel AND h.address = f.address AND h.held_until > :now)
              AND NOT EXISTS (
                  SELECT FROM unnest(CAST(:tries AS bigint[]), CAST(:since AS timestamptz[])) AS l (tries, since)
                  WHERE l.tries <= (SELECT count(*) FROM delivery d JOIN delivery_attempt a ON a.delivery_id = d.id
                                    WHERE d.channel = :channel AND d.address = f.address AND d.tried_at > l.since
                                      AND a.at > l.since))
            ORDER BY next_try, id LIMIT :most
        ), mine AS (
            SELECT id FROM delivery WHERE id IN (SELECT id FROM free) AND next_try <= :now FOR UPDATE SKIP LOCKED
        ), taken AS (
            UPDATE delivery SET state = 'sending', attempts = attempts + 1, tries = tries + 1, tried_at = :now,
                                worker = :worker, held_until = :until
            WHERE id IN (SELECT id FROM mine)
            RETURNING id, address, title, body, href, at, attempts, tries, since
        ), begun AS (
            INSERT INTO delivery_attempt (delivery_id, number, at, outcome, reason, detail)
            SELECT id, attempts, :now, 'unknown', 'interrupted', :detail FROM taken
        )
        SELECT * FROM taken
        """,
        channel=channel,
        most=most,
        tries=[limit.tries for limit in limits],
        since=[now - limit.within for limit in limits],
        worker=worker,
        now=now,
        until=now + HELD,
        detail="系统在发送途中停止，消息可能已经送出，稍后以同一编号重试。",
    )


async def end(
    db: Session, tried: RowMapping, result: Result, milliseconds: int, verdict: Verdict, now: datetime
) -> None:
    """Notes what came of a try and what becomes of its delivery."""
    settled = verdict.state in (State.SENT, State.FAILED)
    await db.run(
        """
        UPDATE delivery_attempt SET outcome = :outcome, reason = :reason, detail = :detail, milliseconds = :milliseconds
        WHERE delivery_id = :id AND number = :number
        """,
        id=tried["id"],
        number=tried["attempts"],
        outcome=result.outcome,
        reason=result.reason,
        detail=result.detail,
        milliseconds=milliseconds,
    )
    await db.run(
        """
        UPDATE delivery SET state = :state, next_try = :next_try, error = :reason, settled_at = :settled_at,
                            worker = NULL, held_until = NULL
        WHERE id = :id AND attempts = :number
        """,
        id=tried["id"],
        number=tried["attempts"],
        state=verdict.state,
        next_try=verdict.next_try,
        reason=result.reason,
        settled_at=now if settled else None,
    )


async def hold_back(db: Session, channel: str, address: str, until: datetime) -> None:
    """Leaves an address alone that takes nothing now."""
    await db.run(
        """
        UPDATE delivery SET next_try = :until
        WHERE channel = :channel AND address = :address AND next_try < :until AND held_until IS NULL
        """,
        channel=channel,
        address=address,
        until=until,
    )


async def forget(db: Session, now: datetime) -> None:
    """Deletes what was settled long ago."""
    await db.run("DELETE FROM delivery WHERE settled_at < :oldest", oldest=now - KEPT)
