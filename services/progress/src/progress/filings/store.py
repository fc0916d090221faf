"""Every SQL statement about filings: reading them, and what happens to one on its way."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
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
FIRST = "coalesce((SELECT min(v.approved_at) FROM filing_version v WHERE v.filing_id = {id}), 'infinity')"
"""When a filing was approved first, if ever: what came after it is of later ones."""
LAST = f"""
    SELECT r.percent, r.done, r.problems, r.next_steps, r.finished, r.decided_at FROM report r
    WHERE r.line_id = {{line_id}} AND r.status = 'confirmed' AND r.decided_at < {FIRST.format(id="{id}")}
      AND NOT EXISTS (SELECT FROM filing_version v WHERE v.filing_id = {{id}} AND v.report_id = r.id)
    ORDER BY r.number DESC LIMIT 1
"""  # noqa: S608
PARTS = """
    SELECT coalesce(jsonb_agg(jsonb_build_object('unit', g.unit, 'unit_name', coalesce(u.name, g.unit), 'text', g.text,
        'written_by', g.written_by, 'written_at', g.written_at) ORDER BY g.written_at), '[]')
    FROM filing_part g LEFT JOIN unit u ON u.code = g.unit WHERE g.filing_id = {id}
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


async def hold(db: Session, filing_id: UUID) -> None:
    """Nobody takes a step with it until the transaction ends, whether or not the caller may change it."""
    await db.run("SELECT filing_hold(:id)", id=filing_id)


async def ids_of_period(db: Session, period_id: UUID) -> dict[UUID, UUID]:
    """The filings of a period that the caller sees, by the lines that they are of: what an importer looks up."""
    rows = await db.rows("SELECT line_id, id FROM filing WHERE period_id = :id", id=period_id)
    return {row["line_id"]: row["id"] for row in rows}


async def lasts(db: Session, ids: Sequence[UUID]) -> dict[UUID, Content]:
    """What was confirmed last of the lines of filings before a filing's own versions; of each that has such."""
    sql = LAST.format(line_id="f.line_id", id="f.id")
    rows = await db.rows(
        f"SELECT f.id AS filing_id, x.* FROM filing f CROSS JOIN LATERAL ({sql}) x WHERE f.id = ANY(:ids)",  # noqa: S608
        ids=list(ids),
    )
    return {row["filing_id"]: Content(*(row[name] for name in _CONTENT)) for row in rows}


async def follow_takeovers(db: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the filings of whose lines all that was ever reported was taken over from earlier periods."""
    rows = await db.rows(
        """
        SELECT f.id FROM filing f JOIN period p ON p.id = f.period_id
        WHERE f.id = ANY(:ids) AND NOT EXISTS (
            SELECT FROM report r WHERE r.line_id = f.line_id AND r.status IN ('confirmed', 'submitted') AND NOT EXISTS (
                SELECT FROM filing_version v JOIN filing e ON e.id = v.filing_id JOIN period q ON q.id = e.period_id
                WHERE v.report_id = r.id AND v.taken_over AND q.ends < p.ends))
        """,
        ids=list(ids),
    )
    return {row["id"] for row in rows}


async def data(db: Session, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Filings as events carry them."""
    return {
        row["id"]: dict(row) for row in await db.rows(f"{DATA} FROM filing f WHERE f.id = ANY(:ids)", ids=list(ids))
    }


async def save(db: Session, drafts: Sequence[tuple[UUID, Content, bool]], name: str) -> None:
    """Saves drafts; each says whether it is meant to be unchanged."""
    await db.run_all(
        """
        UPDATE filing SET percent = :percent, done = :done, problems = :problems, next_steps = :next_steps,
               finished = :finished, unchanged = :unchanged, saved_by = :name, saved_at = clock_timestamp(),
               version = version + 1 WHERE id = :id
        """,
        [
            {"id": filing_id, "unchanged": unchanged, "name": name, **vars(content)}
            for filing_id, content, unchanged in drafts
        ],
    )


async def move(db: Session, states: Mapping[UUID, State], remarks: Sequence[Mapping[str, str]] | None) -> None:
    """``remarks`` stand at the fields until the next step; None leaves those that are there."""
    said = None if remarks is None else json.dumps(list(remarks), ensure_ascii=False)
    await db.run_all(
        """
        UPDATE filing SET state = :state, remarks = coalesce(CAST(:remarks AS jsonb), remarks), version = version + 1
        WHERE id = :id
        """,
        [{"id": filing_id, "state": state, "remarks": said} for filing_id, state in states.items()],
    )


async def receive(db: Session, receipts: Mapping[UUID, tuple[date, bool] | None]) -> None:
    """Notes when they came to the province and whether in time, or (None) that they did not after all. What came is
    not excused any more.
    """
    given = [(filing_id, *(receipt or (None, None))) for filing_id, receipt in receipts.items()]
    await db.run_all(
        """
        UPDATE filing SET received_on = :on, on_time = :on_time, excused = excused AND CAST(:on AS date) IS NULL
        WHERE id = :id
        """,
        [{"id": filing_id, "on": on, "on_time": on_time} for filing_id, on, on_time in given],
    )


async def count_return(db: Session, ids: Sequence[UUID]) -> None:
    await db.run("UPDATE filing SET returns = returns + 1 WHERE id = ANY(:ids)", ids=list(ids))


async def reopen(db: Session, ids: Sequence[UUID], until: date) -> None:
    await db.run("UPDATE filing SET reopened_until = :until WHERE id = ANY(:ids)", ids=list(ids), until=until)


async def note(
    db: Session,
    ids: Sequence[UUID],
    action: str,
    office: str,
    remark: str,
    remarks: Sequence[Mapping[str, str]] = (),
    until: date | None = None,
) -> None:
    """One step of their way: who and when."""
    said = {
        "action": action,
        "actor": db.caller.name if db.caller else "system",
        "office": office,
        "remark": remark,
        "remarks": json.dumps(list(remarks), ensure_ascii=False),
        "until": until,
    }
    await db.run_all(
        """
        INSERT INTO filing_step (filing_id, action, actor, office, remark, remarks, until)
        VALUES (:id, :action, :actor, :office, :remark, CAST(:remarks AS jsonb), :until)
        """,
        [{"id": filing_id, **said} for filing_id in ids],
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


async def ask(db: Session, doubts: Mapping[UUID, Mapping[Doubt, str]]) -> None:
    """Opens a query for each doubt that is new, or about other numbers than before; open ones that ask for what is not
    doubted any more lapse.
    """
    await db.run_all(
        """
        UPDATE filing_query SET status = 'lapsed'
        WHERE filing_id = :id AND status = 'open' AND question <> ALL(CAST(:questions AS text[]))
        """,
        [{"id": filing_id, "questions": list(asked.values())} for filing_id, asked in doubts.items()],
    )
    await db.run_all(
        """
        INSERT INTO filing_query (id, filing_id, kind, question) VALUES (:query_id, :id, :kind, :question)
        ON CONFLICT (filing_id, kind, question) WHERE status <> 'lapsed' DO NOTHING
        """,
        [
            {"query_id": uuid7(), "id": filing_id, "kind": kind, "question": question}
            for filing_id, asked in doubts.items()
            for kind, question in asked.items()
        ],
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


async def unanswered(db: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many queries are open, of each filing that has some."""
    rows = await db.rows(
        """
        SELECT filing_id, count(*) AS open FROM filing_query
        WHERE filing_id = ANY(:ids) AND status = 'open' GROUP BY filing_id
        """,
        ids=list(ids),
    )
    return {row["filing_id"]: row["open"] for row in rows}


_VERSION = """
    SELECT number, percent, done, problems, next_steps, finished, report_id, approved_at FROM filing_version
    WHERE filing_id = :id
"""


async def version(db: Session, filing_id: UUID, number: int) -> RowMapping | None:
    return await db.row(f"{_VERSION} AND number = :number", id=filing_id, number=number)


async def versions(db: Session, filing_id: UUID) -> Sequence[RowMapping]:
    """All that were approved, oldest first."""
    return await db.rows(f"{_VERSION} ORDER BY number", id=filing_id)


async def add_versions(db: Session, versions: Sequence[Mapping[str, Any]]) -> None:
    """Freezes what is approved, with the members' parts, each under the filing's next number."""
    await db.run_all(
        f"""
        INSERT INTO filing_version (filing_id, number, percent, done, problems, next_steps, finished, expected_percent,
                                    confidence, disagrees, remark, reason, report_id, taken_over, approved_by, parts)
        VALUES (:id, :number, :percent, :done, :problems, :next_steps, :finished, :expected_percent, :confidence,
                :disagrees, :remark, :reason, :report_id, :taken_over, :approved_by, ({PARTS.format(id=":id")}))
        """,  # noqa: S608
        versions,
    )
    await db.run(
        "UPDATE filing SET approved = approved + 1 WHERE id = ANY(:ids)", ids=[version["id"] for version in versions]
    )


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
