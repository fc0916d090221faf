"""Every SQL statement about sheets."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.filings import store as filings
from progress.offices import NAME
from progress.sheets.rules import Named


async def named(db: Session, period_id: UUID, office: str | None) -> list[Named]:
    """The filings of a period by plan and task; of one office, or with None all that the caller sees."""
    rows = await db.rows(
        f"""
        SELECT f.id, n.name AS plan, t.number, t.title, coalesce(z.name, '省级') AS place,
               {NAME.format("f.office")} AS office,
               (SELECT count(*) FROM attachment a WHERE a.thing_id = f.id AND a.removed_at IS NULL) AS attachments
        FROM filing f JOIN line l ON l.id = f.line_id JOIN task t ON t.code = l.task JOIN plan n ON n.code = l.plan
             LEFT JOIN zone z ON z.code = l.jurisdiction
        WHERE f.period_id = :id AND (f.office = :office OR CAST(:office AS text) IS NULL) ORDER BY f.id
        """,  # noqa: S608
        id=period_id,
        office=office,
    )
    held = await filings.get_all(db, [row["id"] for row in rows])
    lasts = await filings.lasts(db, list(held))
    return [
        Named(
            held[row["id"]],
            row["plan"],
            str(row["number"]),
            row["title"],
            row["place"],
            row["office"],
            lasts.get(row["id"]),
            row["attachments"],
        )
        for row in rows
    ]


async def periods_of(db: Session, ids: Sequence[UUID], period_id: UUID, office: str | None) -> dict[UUID, str]:
    """The titles of the other periods that filings of the office are of, or with None any that the caller sees."""
    rows = await db.rows(
        """
        SELECT f.id, p.title FROM filing f JOIN period p ON p.id = f.period_id
        WHERE f.id = ANY(:ids) AND f.period_id <> :period_id AND (f.office = :office OR CAST(:office AS text) IS NULL)
        """,
        ids=list(ids),
        period_id=period_id,
        office=office,
    )
    return {row["id"]: row["title"] for row in rows}


async def put(
    db: Session, period_id: UUID, office: str, filename: str, sha256: str, rows: Sequence[dict[str, Any]], name: str
) -> UUID:
    """Keeps a sheet as it was read; the same file of an office for a period is kept once."""
    sheet_id: UUID = await db.value(
        """
        INSERT INTO filing_sheet (id, period_id, office, filename, sha256, rows, created_by)
        VALUES (:id, :period_id, :office, :filename, :sha256, CAST(CAST(:rows AS text) AS jsonb), :name)
        ON CONFLICT (period_id, office, sha256) DO UPDATE SET rows = excluded.rows RETURNING id
        """,
        id=uuid7(),
        period_id=period_id,
        office=office,
        filename=filename,
        sha256=sha256,
        rows=json.dumps(list(rows), ensure_ascii=False),
        name=name,
    )
    return sheet_id


async def get(db: Session, period_id: UUID, sheet_id: UUID) -> RowMapping | None:
    return await db.row(
        """
        SELECT id, period_id, office, filename, rows, created_by, created_at FROM filing_sheet
        WHERE id = :id AND period_id = :period_id
        """,
        id=sheet_id,
        period_id=period_id,
    )
