"""Every SQL statement about filings: reading them, and what happens to one on its way."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from chassis.events import uuid7
from chassis.tenancy import Session
from progress.filings.rules import Content, Doubt, Filing, State

DATA = """
    SELECT f.id, f.period_id, f.line_id, f.office, f.state, f.percent, f.done, f.problems, f.next_steps, f.finished,
           f.unchanged, f.remarks, f.received_on, f.on_time, f.approved, f.version
"""
_COLUMNS = """
    SELECT f.id, f.period_id, f.line_id, f.jurisdiction, f.office, f.state, f.percent, f.done, f.problems, f.next_steps,
           f.finished, f.unchanged, f.saved_by, f.reopened_until, f.received_on, f.returns, f.approved, f.version,
           p.grace, p.locks, p.takeover, l.units, l.withdrawn, l.state = 'suspended' AS suspended
    FROM filing f JOIN period p ON p.id = f.period_id JOIN line l ON l.id = f.line_id
"""
_CONTENT = ("percent", "done", "problems", "next_steps", "finished")
LAST = """
    SELECT r.percent, r.done, r.problems, r.next_steps, r.finished, r.decided_at FROM report r
    WHERE r.line_id = {line_id} AND r.status = 'confirmed'
      AND NOT EXISTS (SELECT FROM filing_version v WHERE v.filing_id = {id} AND v.report_id = r.id)
    ORDER BY r.number DESC LIMIT 1
"""


def _filing(row: RowMapping) -> Filing:
    given = {name: value for name, value in row.items() if name not in _CONTENT}
    content = Content(*(row[name] for name in _CONTENT))
    return Filing(**given | {"state": State(row["state"]), "units": tuple(row["units"]), "content": content})


async def get(db: Session, filing_id: UUID) -> Filing | None:
    row = await db.row(f"{_COLUMNS} WHERE f.id = :id", id=filing_id)
    return _filing(row) if row else None


async def get_all(db: Session, ids: Sequence[UUID]) -> dict[UUID, Filing]:
    return {row["id"]: _filing(row) for row in await db.rows(f"{_COLUMNS} WHERE f.id = ANY(:ids)", ids=list(ids))}


async def lock(db: Session, ids: Sequence[UUID]) -> dict[UUID, Filing]:
    """Those of the filings that the caller may change, unchanged by others until the transaction ends."""
    rows = await db.rows("SELECT id FROM filing WHERE id = ANY(:ids) ORDER BY id FOR UPDATE", ids=list(ids))
    return await get_all(db, [row["id"] for row in rows])


async def ids_of_period(db: Session, period_id: UUID) -> dict[UUID, UUID]:
    """The filings of a period that the caller sees, by the lines that they are of: what an importer looks up."""
    rows = await db.rows("SELECT line_id, id FROM filing WHERE period_id = :id", id=period_id)
    return {row["line_id"]: row["id"] for row in rows}


async def last(db: Session, filing: Filing) -> Content | None:
    """What was confirmed of the line last, apart from this filing's own versions."""
    sql = LAST.format(line_id=":line_id", id=":id")
    row = await db.row(sql, line_id=filing.line_id, id=filing.id)
    return Content(*(row[name] for name in _CONTENT)) if row else None


async def lasts(db: Session, period_id: UUID) -> dict[UUID, Content]:
    """``last`` of every filing of a period that the caller sees and that has such."""
    sql = LAST.format(line_id="f.line_id", id="f.id")
    rows = await db.rows(
        f"SELECT f.id AS filing_id, x.* FROM filing f CROSS JOIN LATERAL ({sql}) x WHERE f.period_id = :id",  # noqa: S608
        id=period_id,
    )
    return {row["filing_id"]: Content(*(row[name] for name in _CONTENT)) for row in rows}


async def follows_takeovers(db: Session, filing: Filing) -> bool:
    """Whether all that was ever reported of the line was taken over from periods before this one."""
    found: bool = await db.value(
        """
        SELECT NOT EXISTS (
            SELECT FROM report r WHERE r.line_id = :line_id AND r.status IN ('confirmed', 'submitted') AND NOT EXISTS (
                SELECT FROM filing_version v JOIN filing f ON f.id = v.filing_id JOIN period p ON p.id = f.period_id
                WHERE v.report_id = r.id AND v.taken_over
                  AND p.ends < (SELECT ends FROM period WHERE id = :period_id)))
        """,
        line_id=filing.line_id,
        period_id=filing.period_id,
    )
    return found


async def data(db: Session, filing_id: UUID) -> dict[str, Any]:
    """The filing as events carry it."""
    row = await db.row(f"{DATA} FROM filing f WHERE f.id = :id", id=filing_id)
    return dict(row or {})


async def save(db: Session, filing_id: UUID, content: Content, *, unchanged: bool, name: str) -> int:
    """Saves a draft; the filing's new version."""
    version: int = await db.value(
        """
        UPDATE filing SET percent = :percent, done = :done, problems = :problems, next_steps = :next_steps,
               finished = :finished, unchanged = :unchanged, saved_by = :name, saved_at = clock_timestamp(),
               version = version + 1 WHERE id = :id RETURNING version
        """,
        id=filing_id,
        unchanged=unchanged,
        name=name,
        **vars(content),
    )
    return version


async def move(db: Session, filing_id: UUID, state: State, remarks: Sequence[Mapping[str, str]] | None) -> None:
    """``remarks`` stand at the fields until the next step; None leaves those that are there."""
    await db.run(
        """
        UPDATE filing SET state = :state, remarks = coalesce(CAST(:remarks AS jsonb), remarks), version = version + 1
        WHERE id = :id
        """,
        id=filing_id,
        state=state,
        remarks=None if remarks is None else json.dumps(list(remarks), ensure_ascii=False),
    )


async def receive(db: Session, filing_id: UUID, on: date | None, on_time: bool | None) -> None:
    """Notes when it came to the province, or (None) that it did not after all. What came is not excused any more."""
    await db.run(
        """
        UPDATE filing SET received_on = :on, on_time = :on_time, excused = excused AND CAST(:on AS date) IS NULL
        WHERE id = :id
        """,
        id=filing_id,
        on=on,
        on_time=on_time,
    )


async def count_return(db: Session, filing_id: UUID) -> None:
    await db.run("UPDATE filing SET returns = returns + 1 WHERE id = :id", id=filing_id)


async def reopen(db: Session, filing_id: UUID, until: date) -> None:
    await db.run("UPDATE filing SET reopened_until = :until WHERE id = :id", id=filing_id, until=until)


async def note(
    db: Session,
    filing_id: UUID,
    action: str,
    office: str,
    remark: str,
    remarks: Sequence[Mapping[str, str]] = (),
    until: date | None = None,
) -> None:
    """One step of its way: who and when."""
    await db.run(
        """
        INSERT INTO filing_step (filing_id, action, actor, office, remark, remarks, until)
        VALUES (:id, :action, :actor, :office, :remark, CAST(:remarks AS jsonb), :until)
        """,
        id=filing_id,
        action=action,
        actor=db.caller.name if db.caller else "system",
        office=office,
        remark=remark,
        remarks=json.dumps(list(remarks), ensure_ascii=False),
        until=until,
    )


async def reopening_reason(db: Session, filing_id: UUID) -> str:
    """Why it was reopened last; empty when it never was."""
    found = await db.value(
        "SELECT remark FROM filing_step WHERE filing_id = :id AND action = 'reopen' ORDER BY position DESC LIMIT 1",
        id=filing_id,
    )
    return str(found or "")


async def give_part(db: Session, filing_id: UUID, unit: str, text: str, name: str) -> None:
    await db.run(
        """
        INSERT INTO filing_part (filing_id, unit, text, written_by) VALUES (:id, :unit, :text, :name)
        ON CONFLICT (filing_id, unit)
        DO UPDATE SET text = excluded.text, written_by = excluded.written_by, written_at = clock_timestamp()
        """,
        id=filing_id,
        unit=unit,
        text=text,
        name=name,
    )


async def ask(db: Session, filing_id: UUID, doubts: Mapping[Doubt, str]) -> None:
    """Opens a query for each doubt that is new, or about other numbers than before; open ones that ask for what is not
    doubted any more lapse.
    """
    await db.run(
        """
        UPDATE filing_query SET status = 'lapsed'
        WHERE filing_id = :id AND status = 'open' AND question <> ALL(CAST(:questions AS text[]))
        """,
        id=filing_id,
        questions=list(doubts.values()),
    )
    for kind, question in doubts.items():
        await db.run(
            """
            INSERT INTO filing_query (id, filing_id, kind, question) VALUES (:query_id, :id, :kind, :question)
            ON CONFLICT (filing_id, kind, question) WHERE status <> 'lapsed' DO NOTHING
            """,
            query_id=uuid7(),
            id=filing_id,
            kind=kind,
            question=question,
        )


async def query(db: Session, filing_id: UUID, query_id: UUID) -> RowMapping | None:
    return await db.row(
        "SELECT id, status, question FROM filing_query WHERE id = :query_id AND filing_id = :id",
        query_id=query_id,
        id=filing_id,
    )


async def answer(db: Session, query_id: UUID, text: str, name: str) -> int:
    """1 when it was open, else 0."""
    return await db.run(
        """
        UPDATE filing_query SET status = 'answered', answer = :text, answered_by = :name,
               answered_at = clock_timestamp() WHERE id = :id AND status = 'open'
        """,
        id=query_id,
        text=text,
        name=name,
    )


async def unanswered(db: Session, filing_id: UUID) -> int:
    sql = "SELECT count(*) FROM filing_query WHERE filing_id = :id AND status = 'open'"
    return int(await db.value(sql, id=filing_id))


async def version(db: Session, filing_id: UUID, number: int) -> RowMapping | None:
    return await db.row(
        """
        SELECT number, percent, done, problems, next_steps, finished, report_id, approved_at
        FROM filing_version WHERE filing_id = :id AND number = :number
        """,
        id=filing_id,
        number=number,
    )


async def add_version(db: Session, filing_id: UUID, number: int, content: Content, **given: Any) -> None:
    """Freezes what is approved."""
    await db.run(
        """
        INSERT INTO filing_version (filing_id, number, percent, done, problems, next_steps, finished, expected_percent,
                                    confidence, disagrees, remark, reason, report_id, taken_over, approved_by)
        VALUES (:id, :number, :percent, :done, :problems, :next_steps, :finished, :expected_percent, :confidence,
                :disagrees, :remark, :reason, :report_id, :taken_over, :approved_by)
        """,
        id=filing_id,
        number=number,
        **vars(content),
        **given,
    )
    await db.run("UPDATE filing SET approved = :number WHERE id = :id", id=filing_id, number=number)


async def approved(db: Session, period_id: UUID) -> Sequence[RowMapping]:
    """The standing approved version of each line of a period, by task: what overview, bulletin and assessment read."""
    return await db.rows(
        """
        SELECT f.id, f.line_id, f.jurisdiction, f.plan, f.office, f.received_on, f.on_time,
               (SELECT s.actor FROM filing_step s WHERE s.filing_id = f.id AND s.action = 'check'
                ORDER BY s.position DESC LIMIT 1) AS sent_by, v.number, v.percent, v.done,
               v.problems, v.next_steps, v.finished, v.confidence, v.disagrees, v.approved_by, v.approved_at
        FROM filing f JOIN filing_version v ON v.filing_id = f.id AND v.number = f.approved
        WHERE f.period_id = :id ORDER BY f.id
        """,
        id=period_id,
    )
