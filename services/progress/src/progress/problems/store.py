"""Every SQL statement about problems."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import Session
from progress.closing.store import CLOSED_ZONES, offered
from progress.lines.rules import Actor
from progress.offices import NAME
from progress.problems.rules import WAITS_FOR, WORKFLOW, Capacity, Problem, Reminder, State

_TOLD = f"""
    p.title, p.description,
           json_build_object('office', p.raiser, 'name', {NAME.format("p.raiser")}) AS raiser,
           json_build_object('office', p.addressee, 'name', {NAME.format("p.addressee")}) AS addressee,
           p.answer_due, p.state, p.answered_on, p.outcome, p.ended_on, p.raised_by, p.raised_at, p.updated_at,
           p.version
"""
_DATA = f"SELECT p.id, p.jurisdiction, p.line_id, {_TOLD}"
_SEES_LINE = "EXISTS (SELECT FROM line l WHERE l.id = p.line_id)"
_CAPACITY = """
    CASE WHEN CAST(:scope AS text) = 'all'
             THEN CASE WHEN p.addressee = 'role:province' THEN 'asked_province' ELSE 'province' END
         WHEN p.raiser = :office THEN 'raiser' WHEN p.addressee = :office THEN 'addressee' ELSE 'reader' END
"""
OVERDUE = "(p.state = 'open' AND p.answer_due < CAST(:today AS date))"
_LONG_OVERDUE = "(p.state = 'open' AND p.reminded = 'long_overdue')"
_SHOWN = f"""
    SELECT p.id, CASE WHEN p.line_id IS NULL OR {_SEES_LINE} THEN p.jurisdiction
                      WHEN p.raiser LIKE 'zone:%' THEN split_part(p.raiser, ':', 2) ELSE 'province' END AS jurisdiction,
           CASE WHEN {_SEES_LINE} THEN p.line_id END AS line_id, {_TOLD},
    {OVERDUE} AS overdue, {_LONG_OVERDUE} AS long_overdue,
    (SELECT json_build_object('id', l.id, 'title', t.title, 'number', t.number, 'jurisdiction_name',
                              coalesce(z.name, '省级'))
     FROM line l JOIN task t ON t.code = l.task LEFT JOIN zone z ON z.code = l.jurisdiction
     WHERE l.id = p.line_id) AS line,
    {offered("p.jurisdiction", f"coalesce(CAST(:actions AS jsonb) -> ({_CAPACITY} || '/' || p.state), '[]')")}
"""  # noqa: S608
_TURN = f"""
    p.ended_on IS NULL AND ((:scope = 'all' AND (p.state = ANY(:of_province) OR {_LONG_OVERDUE}))
                            OR (p.raiser = :office AND p.state = ANY(:of_raiser))
                            OR (p.addressee = :office AND p.state = ANY(:of_addressee)))
"""
FILTERS = {
    "state": "p.state = :state",
    "line": f"p.line_id = CAST(:line AS uuid) AND {_SEES_LINE}",
    "party": "(p.raiser = :party OR p.addressee = :party)",
    "open": "(p.ended_on IS NULL) = :open",
    "overdue": f"{OVERDUE} = :overdue",
    "long_overdue": f"{_LONG_OVERDUE} = :long_overdue",
    "waiting": f"({_TURN}) = :waiting",
}
_COLUMNS = """
    id, jurisdiction, line_id, raiser, addressee, state, answer_due, version, answered_on, outcome, ended_on,
    reminded
"""


def _acting(actor: Actor, today: date) -> dict[str, Any]:
    return {
        "actions": json.dumps(WORKFLOW.rights()),
        "scope": actor.scope,
        "office": actor.office if actor.scope in ("all", "tenant", "unit") else "",
        "today": today,
    }


async def page(
    db: Session, actor: Actor, today: date, filters: Mapping[str, Any], *, limit: int, cursor: str | None
) -> bytes:
    """Problems, newest first. ``filters`` by the names in ``FILTERS``."""
    after = pages.decode(cursor, UUID)
    given = _acting(actor, today) | dict(filters)
    conditions = ["true", *(FILTERS[name] for name in filters)]
    if after:
        conditions.append("p.id < :after")
        given["after"] = after[0]
    if "waiting" in filters:
        given |= {f"of_{who}": WAITS_FOR[who] for who in (Capacity.PROVINCE, Capacity.RAISER, Capacity.ADDRESSEE)}
    sql = f"{_SHOWN} FROM problem p WHERE {' AND '.join(conditions)} ORDER BY p.id DESC LIMIT :limit"
    return await pages.page(db, sql, limit=limit, cursor_columns=("id",), **given)


async def shown(db: Session, actor: Actor, today: date, problem_id: UUID) -> bytes | None:
    """The problem as the API gives it; None for one that the caller may not see."""
    return await db.json_one(f"{_SHOWN} FROM problem p WHERE p.id = :id", id=problem_id, **_acting(actor, today))


async def data(db: Session, problem_id: UUID) -> dict[str, Any]:
    """The problem as events carry it."""
    body = await db.json_one(f"{_DATA} FROM problem p WHERE p.id = :id", id=problem_id)
    assert body is not None  # noqa: S101 - of a problem that was just changed
    return dict(json.loads(body))


async def get(db: Session, problem_id: UUID) -> Problem | None:
    row = await db.row(f"SELECT {_COLUMNS} FROM problem WHERE id = :id", id=problem_id)  # noqa: S608
    return _problem(dict(row)) if row else None


def _problem(row: Mapping[str, Any]) -> Problem:
    return Problem(**{**row, "state": State(row["state"]), "reminded": Reminder(row["reminded"])})


async def lock(db: Session, problem_id: UUID) -> Problem | None:
    """The problem, unchanged by others until the transaction ends; None when the caller may not change it now."""
    if not await db.value("SELECT true FROM problem WHERE id = :id FOR UPDATE", id=problem_id):
        return None
    return await get(db, problem_id)


async def add(db: Session, given: Mapping[str, Any], jurisdiction: str, raiser: str, name: str) -> UUID:
    problem_id = uuid7()
    await db.run(
        """
        INSERT INTO problem (id, jurisdiction, line_id, title, description, raiser, addressee, answer_due, raised_by)
        VALUES (:id, :jurisdiction, :line_id, :title, :description, :raiser, :addressee, :answer_due, :name)
        """,
        id=problem_id,
        jurisdiction=jurisdiction,
        raiser=raiser,
        name=name,
        **given,
    )
    return problem_id


async def save(db: Session, problem: Problem) -> None:
    values = asdict(problem)
    await db.run(
        """
        UPDATE problem SET state = :state, answer_due = :answer_due, answered_on = :answered_on, outcome = :outcome,
               ended_on = :ended_on, reminded = :reminded, version = :version, updated_at = clock_timestamp()
        WHERE id = :id
        """,
        **{name: values[name] for name in values.keys() - {"jurisdiction", "line_id", "raiser", "addressee"}},
    )


async def lock_unanswered(db: Session, before: date) -> list[tuple[Problem, date]]:
    """Problems whose answer is due by a day, and of which not all has been said, with the day of the last question."""
    rows = await db.rows(
        f"""
        SELECT {_COLUMNS}, CAST(updated_at AT TIME ZONE 'Asia/Shanghai' AS date) AS asked_on FROM problem
        WHERE state = 'open' AND reminded <> 'long_overdue' AND answer_due <= :before
          AND jurisdiction <> ALL(ARRAY({CLOSED_ZONES}))
          AND addressee <> ALL(SELECT 'zone:' || code FROM ({CLOSED_ZONES}) z)
        ORDER BY id FOR UPDATE
        """,  # noqa: S608
        before=before,
    )
    found = [dict(row) for row in rows]
    return [(_problem(row), asked_on) for row in found for asked_on in [row.pop("asked_on")]]


async def remind(db: Session, problem: Problem) -> None:
    await db.run(
        """
        UPDATE problem SET reminded = :reminded, version = :version, updated_at = clock_timestamp() WHERE id = :id
        """,
        id=problem.id,
        reminded=problem.reminded,
        version=problem.version,
    )
