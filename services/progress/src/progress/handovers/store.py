"""Every SQL statement about responsible persons and handovers."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import Session
from progress.offices import NAME

UNTOUCHED = 1
_DATA = f"""
    SELECT h.id, h.office, {NAME.format("h.office")} AS office_name, h.giver, h.receiver, h.reason,
           jsonb_array_length(h.things) AS count, h.made_by, h.made_at, h.version
"""
_BELONGINGS = """
    SELECT 'line' AS kind, l.id, t.title FROM line l JOIN task t ON t.code = l.task
    LEFT JOIN line_person p ON p.line_id = l.id AND p.office = :office
    WHERE NOT l.withdrawn AND l.state <> 'confirmed' AND coalesce(p.person, (
        SELECT r.submitted_by FROM report r WHERE r.line_id = l.id AND r.office = :office ORDER BY r.number DESC LIMIT 1
    )) = :person
    UNION ALL SELECT 'filing', f.id, e.title || '：' || t.title FROM filing f JOIN period e ON e.id = f.period_id
    JOIN line l ON l.id = f.line_id JOIN task t ON t.code = l.task
    WHERE f.office = :office AND f.state <> 'approved' AND NOT l.withdrawn AND (f.saved_by = :person OR EXISTS (
        SELECT FROM filing_step s WHERE s.filing_id = f.id AND s.office = :office AND s.actor = :person))
    UNION ALL SELECT 'order', o.id, o.title FROM orders o WHERE o.ended_on IS NULL AND EXISTS (
        SELECT FROM order_entry e WHERE e.thing_id = o.id AND e.office = :office AND e.actor = :person)
    UNION ALL SELECT 'problem', q.id, q.title FROM problem q WHERE q.ended_on IS NULL AND (
        q.raiser = :office AND q.raised_by = :person OR EXISTS (
            SELECT FROM problem_entry e WHERE e.thing_id = q.id AND e.office = :office AND e.actor = :person))
"""
"""A line is whose name was put to it; while there is none, of who last reported on it."""


async def persons(db: Session, office: str) -> bytes:
    """The names under which the office's people are known here: who is responsible, or has written something."""
    return await db.json(
        """
        SELECT name FROM (
            SELECT person AS name FROM line_person WHERE office = :office
            UNION SELECT submitted_by FROM report WHERE office = :office
            UNION SELECT saved_by FROM filing WHERE office = :office AND saved_by IS NOT NULL
            UNION SELECT actor FROM order_entry WHERE office = :office
            UNION SELECT raised_by FROM problem WHERE raiser = :office
            UNION SELECT receiver FROM handover WHERE office = :office) known ORDER BY name LIMIT 500
        """,
        office=office,
    )


async def belongings(db: Session, office: str, person: str) -> list[dict[str, Any]]:
    """The open things of a person within an office, lines first."""
    rows = await db.rows(
        f"SELECT kind, id, title FROM ({_BELONGINGS}) own ORDER BY kind <> 'line', kind, id",  # noqa: S608
        office=office,
        person=person,
    )
    return [dict(row) for row in rows]


async def of_line(db: Session, line_id: UUID, office: str) -> dict[str, Any]:
    """Nobody, in its first version, while no name was put to it."""
    row = await db.row(
        """
        SELECT line_id, person, changed_by, changed_at, version FROM line_person
        WHERE line_id = :line_id AND office = :office
        """,
        line_id=line_id,
        office=office,
    )
    nobody = {"line_id": line_id, "person": None, "changed_by": None, "changed_at": None, "version": UNTOUCHED}
    return dict(row) if row else nobody


async def put(db: Session, lines: Sequence[UUID], office: str, person: str, name: str) -> None:
    await db.run(
        """
        INSERT INTO line_person (line_id, office, person, version, changed_by)
        SELECT line_id, :office, :person, :first, :name FROM unnest(CAST(:lines AS uuid[])) line_id ORDER BY line_id
        ON CONFLICT (line_id, office) DO UPDATE SET person = excluded.person, version = line_person.version + 1,
            changed_by = excluded.changed_by, changed_at = clock_timestamp()
        """,
        lines=list(lines),
        office=office,
        person=person,
        first=UNTOUCHED + 1,
        name=name,
    )


async def hold(db: Session, office: str) -> None:
    """Persons of an office are changed one after the other until the transaction ends."""
    await db.value("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))", key=f"line_person/{office}")


async def add(db: Session, office: str, given: Mapping[str, Any], things: Sequence[Mapping[str, Any]], by: str) -> UUID:
    handover_id = uuid7()
    await db.run(
        """
        INSERT INTO handover (id, office, giver, receiver, reason, things, made_by)
        VALUES (:id, :office, :giver, :receiver, :reason, CAST(:things AS jsonb), :by)
        """,
        id=handover_id,
        office=office,
        things=json.dumps(list(things), ensure_ascii=False, default=str),
        by=by,
        **given,
    )
    return handover_id


async def get(db: Session, handover_id: UUID) -> dict[str, Any] | None:
    row = await db.row(f"{_DATA}, h.things FROM handover h WHERE h.id = :id", id=handover_id)
    return dict(row) if row else None


async def page(db: Session, *, limit: int, cursor: str | None) -> bytes:
    """The handovers that the caller may see, newest first."""
    before = pages.decode(cursor, UUID)
    return await pages.page(
        db,
        f"{_DATA} FROM handover h {'WHERE h.id < :before' if before else ''} ORDER BY h.id DESC LIMIT :limit",
        limit=limit,
        cursor_columns=("id",),
        **({"before": before[0]} if before else {}),
    )
