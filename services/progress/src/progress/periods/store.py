"""Every SQL statement about periods and their counts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.periods.rules import Reminder

_DATA = """
    SELECT p.id, p.kind, p.title, p.starts, p.ends, p.due, p.grace, p.locks, p.plans, p.reason, p.takeover,
           p.opened_by, p.opened_at, p.version
"""
_COUNTS = """
    json_build_object('expected', coalesce(sum(c.expected), 0), 'received', coalesce(sum(c.received), 0),
        'on_time', coalesce(sum(c.on_time), 0), 'approved', coalesce(sum(c.approved), 0))
"""
_SHOWN = f"{_DATA}, (SELECT {_COUNTS} FROM period_cell c WHERE c.period_id = p.id) AS counts"  # noqa: S608
OFFICE_NAME = """
    coalesce((SELECT name FROM zone WHERE 'zone:' || code = {0}),
             (SELECT name FROM unit WHERE 'unit:' || code = {0}), {0})
"""
_OFFICIAL = "NOT l.withdrawn AND l.plan = ANY(:plans) AND l.units <> '{}'"
"""Lines of which somebody reports."""
_ASKED = f"{_OFFICIAL} AND l.state NOT IN ('confirmed', 'suspended')"
"""Those that have something to report."""
REPORTING_OFFICE = "CASE WHEN l.jurisdiction = 'province' THEN 'unit:' || l.leads[1] ELSE 'zone:' || l.jurisdiction END"
"""Who reports for a line."""


async def page(db: Session, *, limit: int, cursor: str | None) -> bytes:
    """The periods that the caller has to do with, newest first."""
    before = pages.decode(cursor, UUID)
    return await pages.page(
        db,
        f"{_SHOWN} FROM period p {'WHERE p.id < :before' if before else ''} ORDER BY p.id DESC LIMIT :limit",
        limit=limit,
        cursor_columns=("id",),
        **({"before": before[0]} if before else {}),
    )


async def shown(db: Session, period_id: UUID) -> bytes | None:
    return await db.json_one(
        f"""
        {_SHOWN}, coalesce((
            SELECT json_agg(cell) FROM (
                SELECT c.office, {OFFICE_NAME.format("c.office")} AS office_name, c.plan, n.name AS plan_name,
                       c.expected, c.received, c.on_time, c.approved
                FROM period_cell c JOIN plan n ON n.code = c.plan
                WHERE c.period_id = p.id ORDER BY n.rank, c.office) cell), '[]') AS cells
        FROM period p WHERE p.id = :id
        """,  # noqa: S608
        id=period_id,
    )


async def get(db: Session, period_id: UUID) -> RowMapping | None:
    return await db.row(f"{_DATA} FROM period p WHERE p.id = :id", id=period_id)


async def lock_lines(db: Session, plans: Sequence[str], *, takeover: bool) -> int:
    """Keeps the lines that will be asked for, or taken over, as they are; how many."""
    sql = f"SELECT l.id FROM line l WHERE {_OFFICIAL if takeover else _ASKED} ORDER BY l.id FOR KEY SHARE"  # noqa: S608
    return len(await db.rows(sql, plans=list(plans)))


async def open_period(db: Session, given: Mapping[str, Any], name: str) -> UUID:
    period_id = uuid7()
    await db.run(
        """
        INSERT INTO period (id, kind, title, starts, ends, due, grace, locks, plans, reason, takeover, opened_by)
        VALUES (:id, :kind, :title, :starts, :ends, :due, :grace, :locks, :plans, :reason, :takeover, :name)
        """,
        id=period_id,
        name=name,
        **given,
    )
    return period_id


async def expect_filings(db: Session, period_id: UUID, plans: Sequence[str]) -> None:
    """One filing a line, in the order of plans and tasks, filled with what was confirmed of the line last."""
    await db.run(
        f"""
        INSERT INTO filing (id, period_id, line_id, jurisdiction, plan, office, percent, done, problems, next_steps)
        SELECT uuidv7(), :period_id, l.id, l.jurisdiction, l.plan, {REPORTING_OFFICE}, coalesce(r.percent, l.percent),
               coalesce(r.done, ''), coalesce(r.problems, ''), coalesce(r.next_steps, '')
        FROM line l LEFT JOIN LATERAL (
            SELECT percent, done, problems, next_steps FROM report
            WHERE line_id = l.id AND status = 'confirmed' ORDER BY number DESC LIMIT 1) r ON true
        WHERE {_ASKED} ORDER BY l.plan_rank, l.task_number, l.jurisdiction
        """,  # noqa: S608
        period_id=period_id,
        plans=list(plans),
    )


async def await_takeover(db: Session, period_id: UUID, plans: Sequence[str]) -> None:
    """An empty filing a line, which counts nowhere until it is taken over."""
    await db.run(
        f"""
        INSERT INTO filing (id, period_id, line_id, jurisdiction, plan, office, percent, done, problems, next_steps,
                            excused)
        SELECT uuidv7(), :period_id, l.id, l.jurisdiction, l.plan, {REPORTING_OFFICE}, 0, '', '', '', true
        FROM line l WHERE {_OFFICIAL} ORDER BY l.plan_rank, l.task_number, l.jurisdiction
        """,  # noqa: S608
        period_id=period_id,
        plans=list(plans),
    )


async def unknown_plans(db: Session, plans: Sequence[str]) -> list[str]:
    rows = await db.rows(
        "SELECT p FROM unnest(CAST(:plans AS text[])) p WHERE NOT EXISTS (SELECT FROM plan WHERE code = p)",
        plans=list(plans),
    )
    return [row["p"] for row in rows]


async def count_now(db: Session) -> None:
    """Counts what was opened for those who ask in this transaction; by then it holds the heads of the audit chains."""
    await db.run("SET CONSTRAINTS period_follow_rows IMMEDIATE")


async def owed(
    db: Session, plans: Sequence[str], starts: date, ends: date, week: tuple[date, date]
) -> Sequence[RowMapping]:
    """By office what it would be asked for, what else it owes in a week, what the portal has of it already."""
    return await db.rows(
        f"""
        WITH asked AS (SELECT l.id, {REPORTING_OFFICE} AS office FROM line l WHERE {_ASKED}),
        week AS (SELECT {REPORTING_OFFICE} AS office FROM milestone m JOIN line l ON l.id = m.line_id
                 WHERE m.done_on IS NULL AND m.due BETWEEN :monday AND :sunday AND NOT l.withdrawn
                   AND l.state NOT IN ('confirmed', 'suspended'))
        SELECT a.office, {OFFICE_NAME.format("a.office")} AS office_name, count(*) AS expected,
               (SELECT count(*) FROM filing f JOIN period p ON p.id = f.period_id
                WHERE f.office = a.office AND f.state <> 'approved' AND f.received_on IS NULL AND NOT f.excused
                  AND p.due BETWEEN :monday AND :sunday) AS also_due,
               (SELECT count(*) FROM week w WHERE w.office = a.office) AS milestones,
               (SELECT count(*) FROM orders o WHERE o.lead = a.office AND o.state IN ('issued', 'in_hand', 'extending')
                  AND (o.deadline BETWEEN :monday AND :sunday
                       OR (o.state = 'issued' AND o.sign_due BETWEEN :monday AND :sunday))) AS orders,
               (SELECT count(*) FROM problem q WHERE q.addressee = a.office AND q.state = 'open'
                  AND q.answer_due BETWEEN :monday AND :sunday) AS problems,
               count(k.line_id) AS known
        FROM asked a
        LEFT JOIN LATERAL (SELECT line_id FROM report WHERE line_id = a.id AND status = 'confirmed'
            AND CAST(submitted_at AT TIME ZONE 'Asia/Shanghai' AS date) BETWEEN :starts AND :ends LIMIT 1) k ON true
        GROUP BY a.office ORDER BY a.office
        """,  # noqa: S608
        plans=list(plans),
        starts=starts,
        ends=ends,
        monday=week[0],
        sunday=week[1],
    )


async def counts(db: Session, period_id: UUID) -> Sequence[RowMapping]:
    """Expected, received, on time and approved by office (``zone:…``, ``unit:…``) and plan: what assessments read."""
    return await db.rows(
        "SELECT office, plan, expected, received, on_time, approved FROM period_cell WHERE period_id = :id "
        "ORDER BY office, plan",
        id=period_id,
    )


async def hold(db: Session, period_ids: Sequence[UUID]) -> None:
    """What comes last of an office in these periods sees all that came before: one transaction after the other."""
    for period_id in period_ids:
        await db.value("SELECT pg_advisory_xact_lock(hashtextextended('came/' || :id, 0))", id=str(period_id))


async def outstanding(db: Session, period_id: UUID) -> Sequence[RowMapping]:
    """How many filings have not come, by jurisdiction and office."""
    return await db.rows(
        """
        SELECT jurisdiction, office, count(*) AS filings FROM filing
        WHERE period_id = :id AND received_on IS NULL AND NOT excused
        GROUP BY jurisdiction, office ORDER BY jurisdiction, office
        """,
        id=period_id,
    )


async def overdue_with(db: Session, line_ids: Sequence[UUID]) -> list[UUID]:
    """The periods that were told as overdue and ask for these lines."""
    rows = await db.rows(
        """
        SELECT DISTINCT p.id FROM filing f JOIN period p ON p.id = f.period_id
        WHERE f.line_id = ANY(:ids) AND p.reminded = 'overdue' ORDER BY p.id
        """,
        ids=list(line_ids),
    )
    return [row["id"] for row in rows]


async def quit_by(db: Session, line_ids: Sequence[UUID]) -> Sequence[RowMapping]:
    """By line, which office owes nothing any more for which overdue period, since the line's filing is excused."""
    return await db.rows(
        """
        SELECT f.line_id, f.period_id AS period, f.office FROM filing f JOIN period p ON p.id = f.period_id
        WHERE f.line_id = ANY(:ids) AND f.excused AND f.received_on IS NULL AND p.reminded = 'overdue'
          AND NOT EXISTS (SELECT FROM filing o WHERE o.period_id = f.period_id AND o.office = f.office
                          AND o.received_on IS NULL AND NOT o.excused)
        ORDER BY f.line_id, f.period_id
        """,
        ids=list(line_ids),
    )


async def lock_unreminded(db: Session, before: date) -> Sequence[RowMapping]:
    """Periods that are due by a day, and of which not all has been said."""
    return await db.rows(
        f"""{_DATA}, p.reminded FROM period p WHERE p.reminded <> 'overdue' AND p.due <= :before
            ORDER BY p.id FOR UPDATE""",
        before=before,
    )


async def remind(db: Session, period_id: UUID, reminder: Reminder) -> int:
    version: int = await db.value(
        "UPDATE period SET reminded = :reminder, version = version + 1 WHERE id = :id RETURNING version",
        id=period_id,
        reminder=reminder,
    )
    return version
