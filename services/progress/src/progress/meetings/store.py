"""Every SQL statement about meetings and decisions."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.closing.store import CLOSED_ZONES
from progress.meetings import rules
from progress.meetings.rules import Standing, Status
from progress.periods.rules import Reminder

_MEETING = """
    SELECT m.id, m.status, m.title, m.held_on, m.agenda, m.prepared_by, m.prepared_at,
           (SELECT count(*) FROM decision d WHERE d.meeting_id = m.id) AS decisions, m.version
"""
_DECISION = """
    SELECT d.id, d.meeting_id, d.meeting_title, d.held_on, d.number, d.text, d.office, d.due, d.status, d.line_id,
           (SELECT o.id FROM orders o WHERE o.id = d.order_id) AS order_id, d.plan, d.task_title, d.outcome, d.done_by,
           d.done_at, d.version
"""
_DUE = "coalesce((SELECT o.deadline FROM orders o WHERE o.id = d.order_id), d.due)"
_ACTIONS = "CAST(:actions AS jsonb)"
_SHOWN = f"""
    {_DECISION}, {_ACTIONS} -> d.status AS actions,
    coalesce((SELECT name FROM zone WHERE d.office = 'zone:' || code),
             (SELECT name FROM unit WHERE d.office = 'unit:' || code), d.office) AS office_name,
    CASE WHEN d.status = 'done' THEN 'done' WHEN {_DUE} < :today THEN 'overdue' ELSE 'open' END AS standing,
    (SELECT json_build_object('id', o.id, 'number', '〔' || o.year || '〕' || o.serial || '号', 'state', o.state,
                              'deadline', o.deadline) FROM orders o WHERE o.id = d.order_id) AS order,
    (SELECT t.code FROM task t WHERE t.plan = d.plan AND t.title = d.task_title AND NOT t.withdrawn
     ORDER BY t.number LIMIT 1) AS task
    FROM decision d
"""  # noqa: S608
_STANDING = {
    Standing.DONE: "d.status = 'done'",
    Standing.OPEN: f"d.status <> 'done' AND {_DUE} >= :today",
    Standing.OVERDUE: f"d.status <> 'done' AND {_DUE} < :today",
}


async def meetings(db: Session, scope: str, *, limit: int, cursor: str | None) -> bytes:
    """The latest first."""
    before = pages.decode(cursor, date.fromisoformat, UUID) or (None, None)
    return await pages.page(
        db,
        f"""
        {_MEETING}, {_ACTIONS} -> m.status AS actions FROM meeting m
        WHERE CAST(:before AS date) IS NULL OR (m.held_on, m.id) < (CAST(:before AS date), CAST(:id AS uuid))
        ORDER BY m.held_on DESC, m.id DESC LIMIT :limit
        """,
        limit=limit,
        cursor_columns=("held_on", "id"),
        before=before[0],
        id=before[1],
        actions=json.dumps(rules.meeting_actions(scope)),
    )


async def meeting_shown(db: Session, scope: str, meeting_id: UUID) -> bytes | None:
    return await db.json_one(
        f"{_MEETING}, {_ACTIONS} -> m.status AS actions FROM meeting m WHERE m.id = :id",
        id=meeting_id,
        actions=json.dumps(rules.meeting_actions(scope)),
    )


async def meeting(db: Session, meeting_id: UUID, *, lock: bool = False) -> RowMapping | None:
    if lock:
        await db.value("SELECT true FROM meeting WHERE id = :id FOR UPDATE", id=meeting_id)
    return await db.row(f"{_MEETING} FROM meeting m WHERE m.id = :id", id=meeting_id)


async def add_meeting(db: Session, given: Mapping[str, Any], name: str) -> UUID:
    meeting_id = uuid7()
    await db.run(
        """
        INSERT INTO meeting (id, title, held_on, agenda, prepared_by)
        VALUES (:id, :title, :held_on, :agenda, :name)
        """,
        id=meeting_id,
        name=name,
        **given,
    )
    return meeting_id


async def edit_meeting(db: Session, meeting_id: UUID, given: Mapping[str, Any]) -> None:
    await db.run(
        """
        UPDATE meeting SET title = :title, held_on = :held_on, agenda = :agenda, version = version + 1 WHERE id = :id
        """,
        id=meeting_id,
        **given,
    )


async def conclude(db: Session, meeting_id: UUID) -> None:
    await db.run("UPDATE meeting SET status = 'held', version = version + 1 WHERE id = :id", id=meeting_id)


async def decisions(
    db: Session, scope: str, today: date, filters: Mapping[str, Any], *, limit: int, cursor: str | None
) -> bytes:
    """The newest first. ``filters`` may name ``meeting``, ``before`` (meetings of earlier days) and ``standing``."""
    before = pages.decode(cursor, UUID)
    conditions = {
        "meeting": "d.meeting_id = :meeting",
        "before": "d.held_on < :before",
        "standing": _STANDING.get(filters.get("standing", Standing.OPEN), ""),
    }
    wanted = [conditions[name] for name in filters] + (["d.id < :last"] if before else [])
    given = {name: value for name, value in filters.items() if name != "standing"}
    return await pages.page(
        db,
        f"{_SHOWN} WHERE {' AND '.join(wanted) or 'true'} ORDER BY d.id DESC LIMIT :limit",
        limit=limit,
        cursor_columns=("id",),
        today=today,
        actions=json.dumps(rules.actions(scope)),
        **given,
        **({"last": before[0]} if before else {}),
    )


async def shown(db: Session, scope: str, today: date, decision_id: UUID) -> bytes | None:
    return await db.json_one(
        f"{_SHOWN} WHERE d.id = :id", id=decision_id, today=today, actions=json.dumps(rules.actions(scope))
    )


async def get(db: Session, decision_id: UUID, *, lock: bool = False) -> RowMapping | None:
    if lock:
        await db.value("SELECT true FROM decision WHERE id = :id FOR UPDATE", id=decision_id)
    return await db.row(f"{_DECISION} FROM decision d WHERE d.id = :id", id=decision_id)


async def decide(db: Session, meeting: Mapping[str, Any], given: Mapping[str, Any]) -> UUID:
    """Adds a decision; the caller has locked the meeting, so its number is the next one."""
    decision_id = uuid7()
    await db.run(
        """
        INSERT INTO decision (id, meeting_id, meeting_title, held_on, number, text, office, due)
        VALUES (:id, :meeting_id, :meeting_title, :held_on, :number, :text, :office, :due)
        """,
        id=decision_id,
        meeting_id=meeting["id"],
        meeting_title=meeting["title"],
        held_on=meeting["held_on"],
        number=meeting["decisions"] + 1,
        **given,
    )
    return decision_id


async def note(db: Session, decision_id: UUID, line_id: UUID) -> None:
    await db.run(
        "UPDATE decision SET status = :status, line_id = :line_id, version = version + 1 WHERE id = :id",
        id=decision_id,
        status=Status.NOTED,
        line_id=line_id,
    )


async def propose(db: Session, decision_id: UUID, plan: str, title: str) -> None:
    await db.run(
        """
        UPDATE decision SET status = :status, plan = :plan, task_title = :title, version = version + 1 WHERE id = :id
        """,
        id=decision_id,
        status=Status.PROPOSED,
        plan=plan,
        title=title,
    )


async def order(db: Session, decision_id: UUID, order_id: UUID) -> None:
    await db.run(
        "UPDATE decision SET status = :status, order_id = :order_id, version = version + 1 WHERE id = :id",
        id=decision_id,
        status=Status.ORDERED,
        order_id=order_id,
    )


async def of_order(db: Session, order_id: UUID) -> RowMapping | None:
    """The decision that became this order, locked."""
    found = await db.value("SELECT id FROM decision WHERE order_id = :id FOR UPDATE", id=order_id)
    return await get(db, found) if found else None


async def reopen(db: Session, decision_id: UUID) -> None:
    """As it was before it became an order; the trail keeps which."""
    await db.run(
        "UPDATE decision SET status = :status, order_id = NULL, version = version + 1 WHERE id = :id",
        id=decision_id,
        status=Status.OPEN,
    )


async def complete(db: Session, decision_id: UUID, outcome: str, name: str) -> None:
    await db.run(
        """
        UPDATE decision SET status = :status, outcome = :outcome, done_by = :name, done_at = clock_timestamp(),
               version = version + 1 WHERE id = :id
        """,
        id=decision_id,
        status=Status.DONE,
        outcome=outcome,
        name=name,
    )


async def lock_unreminded(db: Session, before: date) -> list[RowMapping]:
    """Decisions that are due by a day, not done, and of which not all has been said; with the day they were made."""
    return list(
        await db.rows(
            f"""
            {_DECISION}, d.reminded,
            CAST(uuid_extract_timestamp(d.id) AT TIME ZONE 'Asia/Shanghai' AS date) AS made_on FROM decision d
            WHERE d.status <> 'done' AND d.reminded <> 'overdue' AND d.due <= :before
              AND d.office <> ALL(SELECT 'zone:' || code FROM ({CLOSED_ZONES}) z) ORDER BY d.id FOR UPDATE
            """,  # noqa: S608
            before=before,
        )
    )


async def remind(db: Session, decision_id: UUID, reminder: Reminder) -> int:
    """The decision's new version."""
    version: int = await db.value(
        "UPDATE decision SET reminded = :reminder, version = version + 1 WHERE id = :id RETURNING version",
        id=decision_id,
        reminder=reminder,
    )
    return version


async def has_plan(db: Session, code: str) -> bool:
    return bool(await db.value("SELECT true FROM plan WHERE code = :code", code=code))
