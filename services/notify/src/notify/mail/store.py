"""Every SQL statement about requests for mails."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping

from chassis.tenancy import Session

LONGEST_SETTLING = 60


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


async def claim(db: Session, entry_id: UUID) -> RowMapping | None:
    """The entry of a request, which counts as addressed; None when another worker has it or it has grown meanwhile."""
    return await db.row(
        """
        WITH mine AS (
            SELECT entry_id FROM mail_request
            WHERE entry_id = :entry_id AND addressed_at IS NULL AND due_at <= clock_timestamp()
            FOR UPDATE SKIP LOCKED
        ), addressed AS (
            UPDATE mail_request SET addressed_at = clock_timestamp(), error = NULL
            WHERE entry_id = (SELECT entry_id FROM mine)
        )
        SELECT e.id, e.audience, e.kind, e.href, e.at,
               CASE WHEN e.grouped THEN replace(e.title, '{count}', CAST(e.count AS text)) ELSE e.title END AS title,
               CASE WHEN e.grouped THEN replace(e.body, '{count}', CAST(e.count AS text)) ELSE e.body END AS body
        FROM entry e JOIN mine ON mine.entry_id = e.id
        """,
        entry_id=entry_id,
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
