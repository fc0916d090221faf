"""Every SQL statement about milestones, first deadlines and extensions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.milestones.rules import Decision

SHOWN = "SELECT id, line_id, title, due, weight, done_on, note, done_by, version FROM milestone"
_EXTENSION = """
    SELECT id, line_id, number, status, before, deadline, cause, office, asked_by, asked_at, decided_by, decided_at,
           remark, version
    FROM extension
"""


async def of_line(db: Session, line_id: UUID) -> list[RowMapping]:
    """By due date."""
    return list(await db.rows(f"{SHOWN} WHERE line_id = :line_id ORDER BY due, position", line_id=line_id))


async def get(db: Session, line_id: UUID, milestone_id: UUID) -> RowMapping | None:
    return await db.row(f"{SHOWN} WHERE id = :id AND line_id = :line_id", id=milestone_id, line_id=line_id)


async def first_deadline(db: Session, line_id: UUID) -> date | None:
    found: date | None = await db.value("SELECT first_deadline FROM schedule WHERE line_id = :id", id=line_id)
    return found


async def keep_first_deadline(db: Session, line_id: UUID, deadline: date) -> None:
    """Nothing overwrites one that there is."""
    await db.run(
        "INSERT INTO schedule (line_id, first_deadline) VALUES (:id, :deadline) ON CONFLICT DO NOTHING",
        id=line_id,
        deadline=deadline,
    )


async def remove(db: Session, milestone_id: UUID) -> None:
    await db.run("DELETE FROM milestone WHERE id = :id", id=milestone_id)


async def add(db: Session, line_id: UUID, position: int, given: Mapping[str, Any]) -> UUID:
    milestone_id = uuid7()
    await db.run(
        """
        INSERT INTO milestone (id, line_id, position, title, due, weight)
        VALUES (:id, :line_id, :position, :title, :due, :weight)
        """,
        id=milestone_id,
        line_id=line_id,
        position=position,
        **given,
    )
    return milestone_id


async def change(db: Session, milestone_id: UUID, position: int, given: Mapping[str, Any]) -> None:
    """Its version tells of what is shown of it; on another day it may be reminded of anew."""
    await db.run(
        """
        UPDATE milestone SET position = :position, title = :title, due = :due, weight = :weight,
               reminded_on = CASE WHEN due = :due THEN reminded_on END,
               version = version + CAST((title, due, weight) <> (:title, :due, :weight) AS integer)
        WHERE id = :id
        """,
        id=milestone_id,
        position=position,
        **given,
    )


async def move(db: Session, milestone_id: UUID, due: date) -> None:
    await db.run(
        "UPDATE milestone SET due = :due, reminded_on = NULL, version = version + 1 WHERE id = :id",
        id=milestone_id,
        due=due,
    )


async def complete(db: Session, milestone_id: UUID, on: date, note: str, name: str) -> None:
    await db.run(
        """
        UPDATE milestone SET done_on = :on, note = :note, done_by = :name, recorded_at = clock_timestamp(),
               version = version + 1 WHERE id = :id
        """,
        id=milestone_id,
        on=on,
        note=note,
        name=name,
    )


async def extensions(db: Session, line_id: UUID) -> list[RowMapping]:
    return list(await db.rows(f"{_EXTENSION} WHERE line_id = :line_id ORDER BY number", line_id=line_id))


async def extension(db: Session, line_id: UUID, extension_id: UUID) -> RowMapping | None:
    return await db.row(f"{_EXTENSION} WHERE id = :id AND line_id = :line_id", id=extension_id, line_id=line_id)


_ADD = """
    INSERT INTO extension (id, line_id, number, status, before, deadline, cause, office, asked_by, decided_by,
                           decided_at)
    VALUES (:id, :line_id, (SELECT coalesce(max(number), 0) + 1 FROM extension WHERE line_id = :line_id), :status,
            :before, :deadline, :cause, :office, :name, CASE WHEN :status = 'moved' THEN :name END,
            CASE WHEN :status = 'moved' THEN clock_timestamp() END)
"""


async def extended(db: Session, line_id: UUID) -> bool:
    """Whether the line's deadline was changed by somebody, or by an edition of the catalog."""
    sql = "SELECT EXISTS (SELECT FROM extension WHERE line_id = :line_id AND status = ANY(:changed))"
    return bool(await db.value(sql, line_id=line_id, changed=[Decision.APPROVED, Decision.MOVED]))


async def add_extension(
    db: Session, line_id: UUID, status: Decision, given: Mapping[str, Any], before: date, office: str, name: str
) -> UUID:
    """Asked for, or moved by the province: what it does itself is decided."""
    extension_id = uuid7()
    await db.run(
        _ADD, id=extension_id, line_id=line_id, status=status, before=before, office=office, name=name, **given
    )
    return extension_id


async def decide(db: Session, extension_id: UUID, status: Decision, remark: str, name: str) -> None:
    await db.run(
        """
        UPDATE extension SET status = :status, remark = :remark, decided_by = :name, decided_at = clock_timestamp(),
               version = version + 1 WHERE id = :id
        """,
        id=extension_id,
        status=status,
        remark=remark,
        name=name,
    )


async def lock_overdue(db: Session, today: date, limit: int) -> list[RowMapping]:
    """Milestones past their day that nobody was reminded of, of lines that are worked on; their lines are locked."""
    lines = await db.rows(
        """
        SELECT id FROM line WHERE NOT withdrawn AND state IN ('not_started', 'in_progress', 'submitted') AND id IN (
            SELECT line_id FROM milestone WHERE done_on IS NULL AND reminded_on IS NULL AND due < :today)
        ORDER BY id LIMIT :limit FOR UPDATE
        """,
        today=today,
        limit=limit,
    )
    return list(
        await db.rows(
            f"""{SHOWN} WHERE line_id = ANY(:ids) AND done_on IS NULL AND reminded_on IS NULL AND due < :today
                ORDER BY line_id, due, position""",
            ids=[line["id"] for line in lines],
            today=today,
        )
    )


async def reminded(db: Session, milestone_id: UUID, today: date) -> None:
    await db.run(
        "UPDATE milestone SET reminded_on = :today, version = version + 1 WHERE id = :id", id=milestone_id, today=today
    )


def plain(rows: Sequence[RowMapping]) -> list[str]:
    """Milestones as a line's history tells them."""
    return [f"{row['title']}（{row['due']}）" for row in rows]
