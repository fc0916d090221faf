"""Every SQL statement about mails: what is asked for, to whom it goes, what became of it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping

from chassis import pages
from chassis.tenancy import Session

LONGEST_SETTLING = 60
WAITING = "next_try <= clock_timestamp()"


async def request(db: Session, entry_ids: Sequence[UUID], settle_seconds: int) -> None:
    """Asks for a mail per entry, once it has been still for a while; one that has gone out is not repeated."""
    await db.run(
        f"""
        INSERT INTO mail_request AS r (entry_id, due_at)
        SELECT id, clock_timestamp() + CAST(:settle AS integer) * interval '1 second'
        FROM unnest(CAST(:ids AS uuid[])) id
        ON CONFLICT (entry_id) DO UPDATE
        SET due_at = least(excluded.due_at, r.created_at + interval '{LONGEST_SETTLING} seconds')
        WHERE r.addressed_at IS NULL AND r.attempts = 0
        """,  # noqa: S608
        ids=list(entry_ids),
        settle=settle_seconds,
    )


async def due_requests(db: Session, limit: int) -> Sequence[RowMapping]:
    return await db.rows(
        """
        SELECT r.entry_id, r.attempts, e.audience FROM mail_request r JOIN entry e ON e.id = r.entry_id
        WHERE r.addressed_at IS NULL AND r.due_at <= clock_timestamp() ORDER BY r.due_at LIMIT :limit
        """,
        limit=limit,
    )


async def address_to(db: Session, entry_id: UUID, addresses: Sequence[str]) -> None:
    """Makes the deliveries of a request, unless another worker has or the entry has grown meanwhile."""
    await db.run(
        """
        WITH mine AS (
            SELECT entry_id FROM mail_request
            WHERE entry_id = :entry_id AND addressed_at IS NULL AND due_at <= clock_timestamp()
            FOR UPDATE SKIP LOCKED
        ), made AS (
            INSERT INTO mail_delivery (entry_id, address)
            SELECT entry_id, address FROM mine, unnest(CAST(:addresses AS text[])) address
            ON CONFLICT DO NOTHING
        )
        UPDATE mail_request SET addressed_at = clock_timestamp(), error = NULL
        WHERE entry_id = (SELECT entry_id FROM mine)
        """,
        entry_id=entry_id,
        addresses=list(addresses),
    )


async def deliver(db: Session, entry_ids: Sequence[UUID], address: str) -> None:
    """Sends entries to one address that is known already."""
    await db.run(
        """
        INSERT INTO mail_delivery (entry_id, address) SELECT id, :address FROM unnest(CAST(:ids AS uuid[])) id
        ON CONFLICT DO NOTHING
        """,
        ids=list(entry_ids),
        address=address,
    )


async def postpone_request(db: Session, entry_id: UUID, pause: int, reason: str) -> None:
    await db.run(
        """
        UPDATE mail_request SET attempts = attempts + 1, error = :reason,
               due_at = clock_timestamp() + CAST(:pause AS integer) * interval '1 second'
        WHERE entry_id = :entry_id AND addressed_at IS NULL
        """,
        entry_id=entry_id,
        pause=pause,
        reason=reason,
    )


async def begin_try(db: Session) -> UUID | None:
    """Counts a try of the delivery that has waited longest; None when none is due."""
    tried: UUID | None = await db.value(
        f"""
        UPDATE mail_delivery SET state = 'sending', attempts = attempts + 1
        WHERE id = (SELECT id FROM mail_delivery WHERE {WAITING}
                    ORDER BY next_try, id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id
        """  # noqa: S608
    )
    return tried


async def lock_try(db: Session, delivery_id: UUID) -> RowMapping | None:
    """The delivery with its entry, locked until the transaction ends; None when another worker has it."""
    return await db.row(
        f"""
        SELECT d.id, d.entry_id, d.address, d.attempts, d.created_at, e.href, e.at,
               CASE WHEN e.grouped THEN replace(e.title, '{{count}}', CAST(e.count AS text)) ELSE e.title END AS title,
               CASE WHEN e.grouped THEN replace(e.body, '{{count}}', CAST(e.count AS text)) ELSE e.body END AS body
        FROM mail_delivery d JOIN entry e ON e.id = d.entry_id
        WHERE d.id = :id AND d.{WAITING} FOR UPDATE OF d SKIP LOCKED
        """,  # noqa: S608
        id=delivery_id,
    )


async def sent(db: Session, delivery_id: UUID) -> None:
    await db.run(
        """
        UPDATE mail_delivery SET state = 'sent', sent_at = clock_timestamp(), next_try = NULL, error = NULL
        WHERE id = :id
        """,
        id=delivery_id,
    )


async def failed(db: Session, delivery_id: UUID, reason: str, pause: int | None) -> None:
    """Notes why a try failed; the delivery is tried again after the pause (seconds), or never without one."""
    await db.run(
        """
        UPDATE mail_delivery
        SET error = :reason, state = CASE WHEN CAST(:pause AS integer) IS NULL THEN 'failed' ELSE 'sending' END,
            next_try = clock_timestamp() + CAST(:pause AS integer) * interval '1 second'
        WHERE id = :id
        """,
        id=delivery_id,
        reason=reason,
        pause=pause,
    )


async def page(db: Session, *, state: str | None, limit: int, cursor: str | None) -> bytes:
    """Deliveries, newest first; nothing of what they say."""
    after = pages.decode(cursor, UUID) or (None,)
    return await pages.page(
        db,
        """
        SELECT id, masked AS address, state, attempts, created_at, next_try, sent_at, error FROM mail_delivery
        WHERE (CAST(:state AS text) IS NULL OR state = :state)
          AND (CAST(:after AS uuid) IS NULL OR id < :after)
        ORDER BY id DESC LIMIT :limit
        """,
        limit=limit,
        cursor_columns=("id",),
        state=state,
        after=after[0],
    )
