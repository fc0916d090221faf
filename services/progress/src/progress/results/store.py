"""What was filed in a period, as far as the caller sees it."""

from typing import Any
from uuid import UUID

from chassis.tenancy import Session
from progress.offices import NAME


async def period(db: Session, period_id: UUID) -> dict[str, Any] | None:
    found = await db.row("SELECT title, starts, ends, due, grace FROM period WHERE id = :id", id=period_id)
    return dict(found) if found else None


async def filings(db: Session, period_id: UUID) -> list[dict[str, Any]]:
    """By plan and task, with the standing approved version; its columns are null before the first approval."""
    rows = await db.rows(
        f"""
        SELECT n.name AS plan, t.number, t.title, coalesce(z.name, '省级') AS place,
               {NAME.format("f.office")} AS office, f.state, f.received_on, f.on_time, f.excused, f.approved, v.percent,
               v.done, v.problems, v.next_steps, v.confidence, v.approved_by, v.approved_at
        FROM filing f JOIN line l ON l.id = f.line_id JOIN task t ON t.code = l.task JOIN plan n ON n.code = l.plan
             LEFT JOIN zone z ON z.code = l.jurisdiction
             LEFT JOIN filing_version v ON v.filing_id = f.id AND v.number = f.approved
        WHERE f.period_id = :id ORDER BY n.number, n.code, t.number, place, f.id
        """,  # noqa: S608
        id=period_id,
    )
    return [dict(row) for row in rows]
