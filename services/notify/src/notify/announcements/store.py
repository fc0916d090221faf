"""Every SQL statement about announcements, whom they are for and who has read them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.tenancy import RowMapping, Session
from notify.announcements.rules import ALL, Notice, Status

_READ = "CASE WHEN a.must_confirm THEN r.confirmed_at IS NOT NULL ELSE true END"
_WAITS = f"""
    NOT EXISTS (SELECT FROM announcement_reading r
                WHERE r.announcement_id = o.announcement_id AND r.office = o.office AND {_READ})
"""
_FOR = f"""
    (a.addressed @> ARRAY['{ALL}'] OR f.audience = ANY(a.addressed)
     OR EXISTS (SELECT FROM announcement_office o WHERE o.announcement_id = a.corrects AND o.office = f.audience))
"""
_SHOWN = f"""
    SELECT a.*, own.read_at, own.confirmed_at,
           (SELECT n.id FROM announcement n
            WHERE n.corrects = a.id AND n.status NOT IN ('draft', 'cancelled') LIMIT 1) AS replaced_by,
           CASE WHEN a.status IN ('draft', 'cancelled') THEN (SELECT count(*) FROM office f WHERE {_FOR})
                ELSE (SELECT count(*) FROM announcement_office o WHERE o.announcement_id = a.id) END AS offices,
           (SELECT count(*) FROM announcement_office o WHERE o.announcement_id = a.id AND {_WAITS}) AS waiting,
           counted.*, (SELECT max(n.at) FROM announcement_notice n
                       WHERE n.announcement_id = a.id AND n.kind IN ('reminder', 'expiring')) AS reminded_at,
           ARRAY(SELECT f.name FROM unnest(a.addressed) WITH ORDINALITY g(audience, position)
                 LEFT JOIN office f USING (audience) ORDER BY position) AS names
    FROM announcement a
    LEFT JOIN announcement_reading own ON own.announcement_id = a.id AND own.sub = :sub
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT r.office) AS read_offices,
               count(DISTINCT r.office) FILTER (WHERE r.confirmed_at IS NOT NULL) AS confirmed_offices,
               count(*) AS readers, count(r.confirmed_at) AS confirmed
        FROM announcement_reading r WHERE r.announcement_id = a.id
    ) counted
"""  # noqa: S608


async def page(
    db: Session, sub: str, status: Status | None, waiting_on: date | None, *, limit: int, cursor: str | None
) -> Sequence[RowMapping]:
    """What the caller may see, newest first, one more than the page; ``waiting_on`` picks what the caller has to
    confirm on that day.
    """
    before = pages.decode(cursor, UUID) or (None,)
    return await db.rows(
        _SHOWN
        + """
        WHERE (CAST(:status AS text) IS NULL OR a.status = :status)
          AND (CAST(:waiting_on AS date) IS NULL OR a.status = 'published' AND a.must_confirm
               AND a.shown_until >= CAST(:waiting_on AS date) AND own.confirmed_at IS NULL)
          AND (CAST(:before AS uuid) IS NULL OR a.id < :before)
        ORDER BY a.id DESC LIMIT :limit
        """,
        sub=sub,
        status=status,
        waiting_on=waiting_on,
        before=before[0],
        limit=limit + 1,
    )


async def get(db: Session, sub: str, announcement_id: UUID, *, lock: bool = False) -> RowMapping | None:
    if lock:
        await db.value("SELECT true FROM announcement WHERE id = :id FOR UPDATE", id=announcement_id)
    return await db.row(_SHOWN + "WHERE a.id = :id", sub=sub, id=announcement_id)


async def add(db: Session, given: Mapping[str, Any], name: str) -> UUID:
    """A draft; of a correction the edition follows that of what it corrects."""
    added: UUID = await db.value(
        """
        INSERT INTO announcement (title, text, shown_until, must_confirm, addressed, corrects, reason, drafted_by,
                                  edition)
        VALUES (:title, :text, :shown_until, :must_confirm, :addressed, :corrects, :reason, :name,
                1 + coalesce((SELECT c.edition FROM announcement c WHERE c.id = :corrects), 0))
        RETURNING id
        """,
        **given,
        name=name,
    )
    return added


async def edit(db: Session, announcement_id: UUID, given: Mapping[str, Any]) -> None:
    await db.run(
        """
        UPDATE announcement SET title = :title, text = :text, shown_until = :shown_until, must_confirm = :must_confirm,
               addressed = :addressed, reason = :reason, version = version + 1
        WHERE id = :id
        """,
        id=announcement_id,
        **given,
    )


async def publish(db: Session, announcement_id: UUID, name: str) -> None:
    """To the offices there are now, and to those of the version that it corrects."""
    await db.run(
        f"""
        INSERT INTO announcement_office (announcement_id, office, name)
        SELECT a.id, f.audience, f.name FROM announcement a CROSS JOIN office f WHERE a.id = :id AND {_FOR}
        """,  # noqa: S608
        id=announcement_id,
    )
    await db.run(
        """
        UPDATE announcement SET status = 'published', published_by = :name, published_at = clock_timestamp(),
               version = version + 1
        WHERE id = :id
        """,
        id=announcement_id,
        name=name,
    )


async def move(db: Session, announcement_id: UUID, status: Status) -> None:
    await db.run(
        "UPDATE announcement SET status = :status, version = version + 1 WHERE id = :id",
        id=announcement_id,
        status=status,
    )


async def withdraw(db: Session, announcement_id: UUID, name: str, reason: str) -> None:
    await db.run(
        """
        UPDATE announcement SET status = 'withdrawn', withdrawn_by = :name, withdrawn_at = clock_timestamp(),
               withdrawal_reason = :reason, version = version + 1
        WHERE id = :id
        """,
        id=announcement_id,
        name=name,
        reason=reason,
    )


async def notice(db: Session, announcement_id: UUID, kind: Notice) -> None:
    """The worker tells of it within a second or two."""
    await db.run(
        """
        INSERT INTO announcement_notice (announcement_id, kind) VALUES (:id, :kind)
        ON CONFLICT (announcement_id) WHERE kind = 'expiring' DO NOTHING
        """,
        id=announcement_id,
        kind=kind,
    )


async def touch(db: Session, announcement_id: UUID) -> None:
    await db.run("UPDATE announcement SET version = version + 1 WHERE id = :id", id=announcement_id)


async def mark(db: Session, announcement_id: UUID, sub: str, office: str, *, confirmed: bool) -> None:
    """Notes that the person has read it, and confirmed it; the first time counts."""
    await db.run(
        """
        INSERT INTO announcement_reading AS r (announcement_id, sub, office, confirmed_at)
        VALUES (:id, :sub, :office, CASE WHEN CAST(:confirmed AS boolean) THEN clock_timestamp() END)
        ON CONFLICT (announcement_id, sub) DO UPDATE SET confirmed_at = coalesce(r.confirmed_at, excluded.confirmed_at)
        """,
        id=announcement_id,
        sub=sub,
        office=office,
        confirmed=confirmed,
    )


async def offices(db: Session, announcement_id: UUID, waiting: bool | None, *, limit: int, cursor: str | None) -> bytes:
    """Whom it is for, by name; ``waiting`` picks those that have not read it (or not confirmed, where that is asked
    for), or those that have.
    """
    after = pages.decode(cursor, str, str) or (None, None)
    return await pages.page(
        db,
        f"""
        SELECT o.office, o.name, counted.* FROM announcement_office o JOIN announcement a ON a.id = o.announcement_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS readers, count(r.confirmed_at) AS confirmed, min(r.read_at) AS first_read_at,
                   min(r.confirmed_at) AS first_confirmed_at
            FROM announcement_reading r WHERE r.announcement_id = o.announcement_id AND r.office = o.office
        ) counted
        WHERE o.announcement_id = :id
          AND (CAST(:waiting AS boolean) IS NULL OR ({_WAITS}) = CAST(:waiting AS boolean))
          AND (CAST(:name AS text) IS NULL OR (o.name, o.office) > (CAST(:name AS text), CAST(:office AS text)))
        ORDER BY o.name, o.office LIMIT :limit
        """,  # noqa: S608
        limit=limit,
        cursor_columns=("name", "office"),
        id=announcement_id,
        waiting=waiting,
        name=after[0],
        office=after[1],
    )


async def expiring(db: Session, today: date, until: date) -> Sequence[RowMapping]:
    """What is shown until one of these days and was not reminded of by the clock."""
    return await db.rows(
        """
        SELECT a.id, a.shown_until, a.published_at FROM announcement a
        WHERE a.status = 'published' AND a.shown_until BETWEEN :today AND :until
          AND NOT EXISTS (SELECT FROM announcement_notice n WHERE n.announcement_id = a.id AND n.kind = 'expiring')
        """,
        today=today,
        until=until,
    )


async def next_notice(db: Session) -> RowMapping | None:
    """The oldest that was not told, with its announcement; another worker passes it over meanwhile."""
    return await db.row(
        """
        SELECT n.id, n.kind, n.announcement_id, a.title, a.shown_until, a.must_confirm, a.reason, a.withdrawal_reason
        FROM announcement_notice n JOIN announcement a ON a.id = n.announcement_id
        WHERE n.told_at IS NULL ORDER BY n.id LIMIT 1 FOR UPDATE OF n SKIP LOCKED
        """
    )


async def to_tell(db: Session, announcement_id: UUID, *, waiting_only: bool) -> list[str]:
    """All offices that it is for; or of what still stands those that have not read it, or not confirmed it."""
    rows = await db.rows(
        f"""
        SELECT o.office FROM announcement_office o JOIN announcement a ON a.id = o.announcement_id
        WHERE o.announcement_id = :id
          AND (NOT CAST(:waiting_only AS boolean) OR a.status = 'published' AND {_WAITS})
        ORDER BY o.office
        """,  # noqa: S608
        id=announcement_id,
        waiting_only=waiting_only,
    )
    return [row["office"] for row in rows]


async def told(db: Session, notice_id: UUID) -> None:
    await db.run("UPDATE announcement_notice SET told_at = clock_timestamp() WHERE id = :id", id=notice_id)
