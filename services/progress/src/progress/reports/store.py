"""Every SQL statement about reports."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.pagination import bigint
from progress.reports.rules import COUNTS, Report, Status

SHOWN = """
    SELECT r.id, r.line_id, r.number, r.status, r.percent, r.done, r.problems, r.next_steps, r.finished, r.office,
           r.submitted_by, r.submitted_at, r.decided_by, r.decided_at, r.remark, r.reason, r.review, r.version
    FROM report r
"""


async def page_of_line(db: Session, line_id: UUID, *, limit: int, cursor: str | None) -> bytes:
    """The line's reports, newest first."""
    before = pages.decode(cursor, bigint)
    condition = "AND r.number < :before" if before else ""
    return await pages.page(
        db,
        f"{SHOWN} WHERE r.line_id = :line_id {condition} ORDER BY r.number DESC LIMIT :limit",
        limit=limit,
        cursor_columns=("number",),
        line_id=line_id,
        **({"before": before[0]} if before else {}),
    )


async def shown(db: Session, report_id: UUID) -> bytes | None:
    return await db.json_one(f"{SHOWN} WHERE r.id = :id", id=report_id)


async def get(db: Session, line_id: UUID, report_id: UUID) -> RowMapping | None:
    return await db.row(f"{SHOWN} WHERE r.id = :id AND r.line_id = :line_id", id=report_id, line_id=line_id)


async def get_all(db: Session, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    return {row["id"]: dict(row) for row in await db.rows(f"{SHOWN} WHERE r.id = ANY(:ids)", ids=list(ids))}


async def shown_all(db: Session, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    body = await db.json(f"{SHOWN} WHERE r.id = ANY(:ids)", ids=list(ids))
    return {UUID(report["id"]): report for report in json.loads(body)}


async def counting(db: Session, line_ids: Sequence[UUID]) -> dict[UUID, Report]:
    """The last report of each line that counts, of those that have one."""
    rows = await db.rows(
        """
        SELECT r.line_id, r.status, r.percent, r.finished FROM unnest(CAST(:ids AS uuid[])) given (id)
        CROSS JOIN LATERAL (SELECT * FROM report WHERE line_id = given.id AND status = ANY(:statuses)
                            ORDER BY number DESC LIMIT 1) r
        """,
        ids=list(line_ids),
        statuses=list(COUNTS),
    )
    return {row["line_id"]: Report(Status(row["status"]), row["percent"], row["finished"]) for row in rows}


async def undecided(db: Session, line_id: UUID) -> RowMapping | None:
    return await db.row(f"{SHOWN} WHERE r.line_id = :line_id AND r.status = 'submitted'", line_id=line_id)


async def replace(db: Session, report_id: UUID) -> None:
    await db.run("UPDATE report SET status = 'replaced', version = version + 1 WHERE id = :id", id=report_id)


async def replace_undecided(db: Session, line_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """The reports of lines that waited for a decision, as they were."""
    rows = await db.rows(
        f"{SHOWN} WHERE r.line_id = ANY(:ids) AND r.status = 'submitted' ORDER BY r.id", ids=list(line_ids)
    )
    await db.run(
        "UPDATE report SET status = 'replaced', version = version + 1 WHERE id = ANY(:ids)",
        ids=[row["id"] for row in rows],
    )
    return [dict(row) for row in rows]


async def add(db: Session, line_id: UUID, given: Mapping[str, Any], office: str, name: str) -> UUID:
    report_id = uuid7()
    await db.run(
        """
        INSERT INTO report (id, line_id, number, percent, done, problems, next_steps, finished, office, submitted_by)
        VALUES (:id, :line_id, (SELECT coalesce(max(number), 0) + 1 FROM report WHERE line_id = :line_id),
                :percent, :done, :problems, :next_steps, :finished, :office, :name)
        """,
        id=report_id,
        line_id=line_id,
        office=office,
        name=name,
        **given,
    )
    return report_id


async def add_confirmed(db: Session, given: Sequence[Mapping[str, Any]], *, by: str, remark: str) -> None:
    """Reports that the province has decided on by another way: as filings of a period."""
    await db.run_all(
        """
        INSERT INTO report (id, line_id, number, status, percent, done, problems, next_steps, finished, office,
                            submitted_by, decided_by, decided_at, remark)
        VALUES (:id, :line_id, (SELECT coalesce(max(number), 0) + 1 FROM report WHERE line_id = :line_id), 'confirmed',
                :percent, :done, :problems, :next_steps, :finished, :office, :name, :by, clock_timestamp(), :remark)
        """,
        [{"by": by, "remark": remark, **each} for each in given],
    )


async def last_confirmed(db: Session, line_id: UUID) -> UUID | None:
    found: UUID | None = await db.value(
        "SELECT id FROM report WHERE line_id = :id AND status = 'confirmed' ORDER BY number DESC LIMIT 1", id=line_id
    )
    return found


async def decide(
    db: Session, report_id: UUID, status: Status, name: str, *, remark: str | None = None, reason: str | None = None
) -> None:
    await db.run(
        """
        UPDATE report SET status = :status, decided_by = :name, decided_at = clock_timestamp(), remark = :remark,
               reason = :reason, version = version + 1 WHERE id = :id
        """,
        id=report_id,
        status=status,
        name=name,
        remark=remark,
        reason=reason,
    )


async def review(db: Session, report_id: UUID, review: Mapping[str, Any]) -> None:
    await db.run(
        "UPDATE report SET review = CAST(:review AS jsonb), version = version + 1 WHERE id = :id",
        id=report_id,
        review=json.dumps(review, ensure_ascii=False),
    )
