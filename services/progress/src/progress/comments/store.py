"""Every SQL statement about comments."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import Session
from progress.comments.rules import Reader
from progress.offices import NAME, PROVINCIAL

_DATA = f"""
    SELECT c.id, c.line_id, c.office, {NAME.format("c.office")} AS office_name, c.author, c.made_at, c.mentions,
           c.withdrawn_at, CASE WHEN c.withdrawn_at IS NULL THEN 1 ELSE 2 END AS version
"""
_OWN = "c.writer IS NOT DISTINCT FROM current_setting('app.sub', true)"
_SHOWN = f"""
    {_DATA}, CASE WHEN c.withdrawn_at IS NULL THEN c.text ELSE '' END AS text,
    CASE WHEN c.withdrawn_at IS NULL AND {_OWN} THEN '["withdraw"]'::jsonb ELSE '[]'::jsonb END AS actions
    FROM line_comment c
"""


async def page(db: Session, line_id: UUID, *, limit: int, cursor: str | None) -> bytes:
    """Of a line, newest first."""
    before = pages.decode(cursor, UUID)
    condition = "AND c.id < :before" if before else ""
    return await pages.page(
        db,
        f"{_SHOWN} WHERE c.line_id = :line_id {condition} ORDER BY c.id DESC LIMIT :limit",
        limit=limit,
        cursor_columns=("id",),
        line_id=line_id,
        **({"before": before[0]} if before else {}),
    )


async def add(db: Session, line_id: UUID, office: str, author: str, text: str, mentions: Sequence[Reader]) -> UUID:
    comment_id = uuid7()
    await db.run(
        """
        INSERT INTO line_comment (id, line_id, office, author, text, mentions)
        VALUES (:id, :line_id, :office, :author, :text, CAST(:mentions AS jsonb))
        """,
        id=comment_id,
        line_id=line_id,
        office=office,
        author=author,
        text=text,
        mentions=json.dumps([reader.mention() for reader in mentions], ensure_ascii=False),
    )
    return comment_id


async def said(db: Session, line_id: UUID, comment_id: UUID) -> tuple[str, bool] | None:
    """The words of a comment on the line, withdrawn or not, and whether they are the caller's own."""
    row = await db.row(
        f"SELECT c.text, {_OWN} AS own FROM line_comment c WHERE c.id = :id AND c.line_id = :line_id",  # noqa: S608
        id=comment_id,
        line_id=line_id,
    )
    return (row["text"], row["own"]) if row else None


async def withdraw(db: Session, comment_id: UUID) -> bool:
    """False when it is withdrawn already."""
    statement = "UPDATE line_comment SET withdrawn_at = clock_timestamp() WHERE id = :id AND withdrawn_at IS NULL"
    return bool(await db.run(statement, id=comment_id))


async def shown(db: Session, comment_id: UUID) -> bytes | None:
    return await db.json_one(f"{_SHOWN} WHERE c.id = :id", id=comment_id)


async def data(db: Session, comment_id: UUID) -> dict[str, Any]:
    """What is told of a comment."""
    row = await db.row(f"{_DATA} FROM line_comment c WHERE c.id = :id", id=comment_id)
    return dict(row or {})


async def readers(db: Session, line_id: UUID) -> list[Reader]:
    """The offices that see the line, and those of their people that the caller knows: of its own office, and who has
    commented here.
    """
    rows = await db.rows(
        f"""
        WITH reading AS (
            SELECT o.office, {NAME.format("o.office")} AS office_name, o.place
            FROM line l CROSS JOIN LATERAL (
                SELECT '{PROVINCIAL}' AS office, 0 AS place
                UNION ALL SELECT 'zone:' || l.jurisdiction, 1 WHERE l.jurisdiction <> 'province'
                UNION ALL SELECT 'unit:' || code, 1 + number FROM unnest(l.units) WITH ORDINALITY unit (code, number)
                WHERE NOT EXISTS (SELECT FROM zone z WHERE z.city = code)
            ) o WHERE l.id = :line_id
        )
        SELECT office, office_name, NULL AS person, place FROM reading
        UNION SELECT r.office, r.office_name, p.name, r.place FROM reading r JOIN person p USING (office)
        UNION SELECT r.office, r.office_name, c.author, r.place FROM reading r JOIN line_comment c USING (office)
        WHERE c.line_id = :line_id
        ORDER BY place, person NULLS FIRST LIMIT 200
        """,  # noqa: S608
        line_id=line_id,
    )
    return [Reader(row["office"], row["office_name"], row["person"]) for row in rows]
