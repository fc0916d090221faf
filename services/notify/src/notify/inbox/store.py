"""Every SQL statement about entries and what people have read of them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from chassis import pages
from chassis.tenancy import Session
from notify.inbox.rules import Entry

SHOWN = """
    e.id, e.kind,
    CASE WHEN e.grouped THEN replace(e.title, '{{count}}', CAST(e.count AS text)) ELSE e.title END AS title,
    CASE WHEN e.grouped THEN replace(e.body, '{{count}}', CAST(e.count AS text)) ELSE e.body END AS body,
    CASE WHEN e.grouped THEN replace(e.title_en, '{{count}}', CAST(e.count AS text)) ELSE e.title_en END AS title_en,
    CASE WHEN e.grouped THEN replace(e.body_en, '{{count}}', CAST(e.count AS text)) ELSE e.body_en END AS body_en,
    e.href, e.tenant, e.count, e.at, NOT {unread} AS read
"""
UNREAD = """
    (e.position > coalesce((SELECT until FROM reader WHERE sub = :sub), 0)
     AND NOT EXISTS (SELECT FROM reading r WHERE r.sub = :sub AND r.entry_id = e.id AND r.position >= e.position))
"""
COLUMNS = SHOWN.format(unread=UNREAD)


async def next_position(db: Session) -> int:
    """The position of the news of one event; the one after it is free for its change.

    Later ones are greater, and wait for this transaction to end, so positions become visible in their order. They
    are microseconds of Unix time: a counter would tell every reader how much happens elsewhere.
    """
    return int(
        await db.value(
            """
            UPDATE news_clock
            SET position = greatest(position + 2, CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint))
            RETURNING position - 1
            """
        )
    )


async def put(db: Session, entries: Sequence[Entry], position: int) -> list[UUID]:
    """Adds the entries; a grouped one that is there already counts one more, and is news again. Their ids."""
    given = []
    for entry in entries:
        columns = asdict(entry)
        given.append(columns | columns.pop("texts"))
    rows = await db.rows(
        """
        INSERT INTO entry (audience, key, kind, tenant, title, body, title_en, body_en, href, grouped,
                           position)
        SELECT audience, key, kind, tenant, title, body, title_en, body_en, href, grouped, :position
        FROM jsonb_to_recordset(CAST(:given AS jsonb)) AS given (
            audience text, key text, kind text, tenant text, title text, body text, title_en text, body_en text,
            href text, grouped boolean
        )
        ORDER BY audience
        ON CONFLICT (audience, key) DO UPDATE
        SET count = entry.count + 1, title = excluded.title, body = excluded.body, title_en = excluded.title_en,
            body_en = excluded.body_en, at = clock_timestamp(), position = excluded.position
        RETURNING id
        """,
        given=json.dumps(given, ensure_ascii=False),
        position=position,
    )
    return [row["id"] for row in rows]


async def page(db: Session, sub: str, *, unread: bool | None, limit: int, cursor: str | None) -> bytes:
    """The caller's entries, newest first; ``unread`` picks those not read, or those read."""
    after = pages.decode(cursor, int) or (None,)
    return await pages.page(
        db,
        f"""
        SELECT {COLUMNS}, e.position AS _position FROM entry e
        WHERE (CAST(:unread AS boolean) IS NULL OR {UNREAD} = CAST(:unread AS boolean))
          AND (CAST(:after AS bigint) IS NULL OR e.position < :after)
        ORDER BY e.position DESC LIMIT :limit
        """,  # noqa: S608
        limit=limit,
        cursor_columns=("_position",),
        sub=sub,
        unread=unread,
        after=after[0],
    )


async def unread(db: Session, sub: str) -> int:
    """How many entries of the caller's audience the person has not read."""
    return int(await db.value(f"SELECT count(*) FROM entry e WHERE {UNREAD}", sub=sub))  # noqa: S608


async def position(db: Session, entry_id: UUID) -> int | None:
    """Where the entry stands now; None for one that the caller may not see."""
    found: int | None = await db.value("SELECT position FROM entry WHERE id = :id", id=entry_id)
    return found


async def mark(db: Session, sub: str, entry_id: UUID, position: int) -> None:
    """Notes that the person has read the entry as it stood at ``position``."""
    await db.run(
        """
        INSERT INTO reading (sub, entry_id, position) VALUES (:sub, :entry_id, :position)
        ON CONFLICT (sub, entry_id) DO UPDATE SET position = greatest(reading.position, excluded.position)
        """,
        sub=sub,
        entry_id=entry_id,
        position=position,
    )


async def mark_until(db: Session, sub: str, until: datetime) -> None:
    """Notes that the person has read all entries up to an instant; marks of single ones that it covers go."""
    await db.run(
        """
        INSERT INTO reader (sub, until)
        SELECT :sub, max(position) FROM entry WHERE at <= :until HAVING max(position) IS NOT NULL
        ON CONFLICT (sub) DO UPDATE SET until = greatest(reader.until, excluded.until)
        """,
        sub=sub,
        until=until,
    )
    await db.run(
        "DELETE FROM reading WHERE sub = :sub AND position <= (SELECT until FROM reader WHERE sub = :sub)", sub=sub
    )
