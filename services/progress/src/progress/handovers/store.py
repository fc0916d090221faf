"""Every SQL statement about responsible persons and handovers."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import Session
from progress.handovers.rules import Named, Person
from progress.offices import NAME

UNTOUCHED = 1
_DATA = f"""
    SELECT h.id, h.office, {NAME.format("h.office")} AS office_name, h.giver, h.giver_account,
           h.receiver, h.receiver_account, h.reason,
           jsonb_array_length(h.things) AS count, h.made_by, h.made_at, h.version
"""
_OPEN = """
    SELECT 'line' AS kind, l.id, CAST(NULL AS uuid) AS within, t.title, (
        SELECT r.submitted_by FROM report r WHERE r.line_id = l.id AND r.office = :office ORDER BY r.number DESC LIMIT 1
    ) AS person
    FROM line l JOIN task t ON t.code = l.task WHERE NOT l.withdrawn AND l.state <> 'confirmed'
    UNION ALL SELECT 'filing', f.id, NULL, e.title || '：' || t.title, coalesce(f.saved_by, (
        SELECT s.actor FROM filing_step s WHERE s.filing_id = f.id AND s.office = :office
        ORDER BY s.position DESC LIMIT 1))
    FROM filing f JOIN period e ON e.id = f.period_id JOIN line l ON l.id = f.line_id JOIN task t ON t.code = l.task
    WHERE f.office = :office AND f.state <> 'approved' AND NOT l.withdrawn
    UNION ALL SELECT 'filing', f.id, NULL, e.title || '：' || t.title, p.written_by
    FROM filing_part p JOIN filing f ON f.id = p.filing_id JOIN period e ON e.id = f.period_id
    JOIN line l ON l.id = f.line_id JOIN task t ON t.code = l.task
    WHERE 'unit:' || p.unit = :office AND f.office <> :office AND f.state <> 'approved' AND NOT l.withdrawn
    UNION ALL SELECT 'order', o.id, NULL, o.title, (
        SELECT e.actor FROM order_entry e WHERE e.thing_id = o.id AND e.office = :office ORDER BY e.number DESC LIMIT 1)
    FROM orders o WHERE o.ended_on IS NULL
    UNION ALL SELECT 'problem', q.id, NULL, q.title, (
        SELECT e.actor FROM problem_entry e WHERE e.thing_id = q.id AND e.office = :office
        ORDER BY e.number DESC LIMIT 1)
    FROM problem q WHERE q.ended_on IS NULL
    UNION ALL SELECT 'case', c.id, NULL, c.title, c.drafted_by
    FROM innovation_case c WHERE 'zone:' || c.zone = :office AND c.state NOT IN ('published', 'rejected', 'retracted')
    UNION ALL SELECT 'replication', r.id, r.case_id, c.title, r.moved_by
    FROM replication r JOIN innovation_case c ON c.id = r.case_id
    WHERE 'zone:' || r.zone = :office AND r.state IN ('planned', 'under_way')
      AND c.state = 'published'
    UNION ALL SELECT 'objection', b.id, b.assessment_id, a.title || '：' || left(b.text, 60), b.raised_by
    FROM objection b JOIN assessment a ON a.id = b.assessment_id WHERE b.office = :office AND b.answer IS NULL
"""
"""What is open, with who last worked on it for the office: its person while no name was put to it."""
_NAMED = """
    SELECT 'line' AS kind, line_id AS id, person FROM line_person WHERE office = :office
    UNION ALL SELECT kind, thing_id, person FROM thing_person WHERE office = :office
"""
_KNOWN = """
    SELECT person AS name FROM line_person WHERE office = :office
    UNION SELECT person FROM thing_person WHERE office = :office
    UNION SELECT submitted_by FROM report WHERE office = :office
    UNION SELECT saved_by FROM filing WHERE office = :office AND saved_by IS NOT NULL
    UNION SELECT actor FROM order_entry WHERE office = :office
    UNION SELECT actor FROM problem_entry WHERE office = :office
    UNION SELECT drafted_by FROM innovation_case WHERE 'zone:' || zone = :office
    UNION SELECT raised_by FROM objection WHERE office = :office
"""


async def persons(db: Session, office: str) -> bytes:
    """The office's people: who has used the platform, then names under which something is known here."""
    return await db.json(
        f"""
        SELECT name, account, seen_on FROM person WHERE office = :office
        UNION ALL SELECT name, NULL, NULL FROM ({_KNOWN}) known
        WHERE NOT EXISTS (SELECT FROM person p WHERE p.office = :office AND p.name = known.name)
        ORDER BY account NULLS LAST, name LIMIT 500
        """,  # noqa: S608
        office=office,
    )


async def people(db: Session, office: str) -> list[Person]:
    """Those of the office who have used the platform."""
    rows = await db.rows("SELECT account, name FROM person WHERE office = :office ORDER BY account", office=office)
    return [Person(**row) for row in rows]


async def belongings(db: Session, office: str, person: str) -> list[dict[str, Any]]:
    """The open things of a person within an office, lines first."""
    rows = await db.rows(
        f"""
        SELECT own.kind, own.id, own.within, own.title
        FROM ({_OPEN}) own LEFT JOIN ({_NAMED}) named ON (named.kind, named.id) = (own.kind, own.id)
        WHERE coalesce(named.person, own.person) = :person ORDER BY own.kind <> 'line', own.kind, own.id
        """,  # noqa: S608
        office=office,
        person=person,
    )
    return [dict(row) for row in rows]


async def of_line(db: Session, line_id: UUID, office: str) -> dict[str, Any]:
    """Nobody, in its first version, while no name was put to it."""
    row = await db.row(
        """
        SELECT line_id, person, account, changed_by, changed_at, version FROM line_person
        WHERE line_id = :line_id AND office = :office
        """,
        line_id=line_id,
        office=office,
    )
    nobody = dict.fromkeys(("person", "account", "changed_by", "changed_at"))
    nobody |= {"line_id": line_id, "version": UNTOUCHED}
    return dict(row) if row else nobody


async def put(db: Session, lines: Sequence[UUID], office: str, person: Named, name: str) -> None:
    """Puts a name to lines within an office."""
    await db.run(
        """
        INSERT INTO line_person (line_id, office, person, account, version, changed_by)
        SELECT line_id, :office, :person, :account, :first, :name
        FROM unnest(CAST(:lines AS uuid[])) line_id ORDER BY line_id
        ON CONFLICT (line_id, office) DO UPDATE SET person = excluded.person, account = excluded.account,
            version = line_person.version + 1, changed_by = excluded.changed_by, changed_at = clock_timestamp()
        """,
        lines=list(lines),
        office=office,
        person=person.name,
        account=person.account,
        first=UNTOUCHED + 1,
        name=name,
    )


async def entrust(db: Session, things: Sequence[Mapping[str, Any]], office: str, person: Named, name: str) -> None:
    """Puts a name to other things within an office; their histories stay as they are."""
    await db.run(
        """
        INSERT INTO thing_person (kind, thing_id, office, person, account, changed_by)
        SELECT kind, thing_id, :office, :person, :account, :name
        FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) thing (kind, thing_id) ORDER BY kind, thing_id
        ON CONFLICT (office, kind, thing_id) DO UPDATE SET person = excluded.person, account = excluded.account,
            changed_by = excluded.changed_by, changed_at = clock_timestamp()
        """,
        kinds=[thing["kind"] for thing in things],
        ids=[thing["id"] for thing in things],
        office=office,
        person=person.name,
        account=person.account,
        name=name,
    )


async def hold(db: Session, office: str) -> None:
    """Persons of an office are changed one after the other until the transaction ends."""
    await db.value("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))", key=f"line_person/{office}")


async def add(db: Session, office: str, given: Mapping[str, Any], things: Sequence[Mapping[str, Any]], by: str) -> UUID:
    handover_id = uuid7()
    await db.run(
        """
        INSERT INTO handover (id, office, giver, giver_account, receiver, receiver_account, reason, things, made_by)
        VALUES (:id, :office, :giver, :giver_account, :receiver, :receiver_account, :reason, CAST(:things AS jsonb),
                :by)
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
