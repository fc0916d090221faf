"""Every SQL statement about replications. A zone that has not answered has no row, and is told as ``unanswered``."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.cases.store import acting
from progress.closing.store import CLOSED_ZONES, offered
from progress.lines.rules import Actor
from progress.pagination import code
from progress.replications import rules
from progress.replications.rules import REMIND_AFTER, Reminder, Replication, State

_CASE = """
    json_build_object('id', c.id, 'title', c.title, 'zone', c.zone, 'zone_name', coalesce(o.name, c.zone),
                      'level', c.level) AS case
"""
_REFUSALS = """
    coalesce((SELECT json_agg(json_build_object('reason', f.reason, 'on', f.refused_on, 'by', f.refused_by)
                              ORDER BY f.refused_on, f.id)
              FROM replication_refusal f WHERE f.case_id = c.id AND f.zone = z.code), '[]') AS refusals
"""
_EMPTY = ", ".join(
    f"coalesce(r.{name}, '') AS {name}"
    for name in ("plan", "differences", "reason", "progress", "result", "effect_before", "effect_after")
)
_SHOWN = f"""
    SELECT {_CASE}, {_REFUSALS}, z.code AS zone, z.name AS zone_name, coalesce(r.state, 'unanswered') AS state,
           {_EMPTY}, r.due, coalesce(r.figures, '[]') AS figures, r.answered_on, r.started_on, r.adopted_on,
           r.moved_by, r.updated_at,
           coalesce(r.version, 1) AS version, c.state = 'retracted' AS retracted,
           {
    offered(
        "z.code",
        '''coalesce(CASE WHEN c.state = 'published' THEN
               CAST(:actions AS jsonb) -> concat_ws('/', coalesce(r.state, 'unanswered'),
               CASE WHEN :scope = 'tenant' AND z.code = :tenant THEN 'zone' ELSE 'reader' END) END, '[]')''',
    )
}
"""
_FROM = """
    FROM innovation_case c JOIN zone z ON z.code <> c.zone LEFT JOIN zone o ON o.code = c.zone
    LEFT JOIN replication r ON r.case_id = c.id AND r.zone = z.code
"""
_KNOWN = """
    (c.state = 'published' AND (r.id IS NOT NULL OR :scope IN ('all', 'audit')
                                OR (:scope = 'tenant' AND :tenant IN (c.zone, z.code)))
     OR c.state = 'retracted' AND r.state <> 'unanswered')
"""
"""Whether a zone has answered is known to the province, the zone of origin and itself; what it adopted to all. Of a
case that was taken from the public list there is what zones had made of it."""
_ASKED = "(r.id IS NOT NULL OR (c.level <> 'zone' AND z.closed_on IS NULL))"
"""Nobody waits for an answer to what is good for a zone alone, nor for that of a closed zone."""
FILTERS = {
    "case": "c.id = :case",
    "zone": "z.code = :zone",
    "state": "coalesce(r.state, 'unanswered') = :state",
    "waiting": """(coalesce(r.state, 'unanswered') = 'unanswered' AND c.state = 'published'
                   AND :scope = 'tenant' AND z.code = :tenant) = :waiting""",
}


async def page(db: Session, actor: Actor, filters: Mapping[str, Any], *, limit: int, cursor: str | None) -> bytes:
    """Replications of published cases, the newest case first, by zone. ``filters`` by the names in ``FILTERS``."""
    after = pages.decode(cursor, UUID, code)
    conditions = [_KNOWN, _ASKED, *(FILTERS[name] for name in filters)]
    given = dict(filters)
    if after:
        conditions.append("(c.id < :after OR (c.id = :after AND z.code > :after_zone))")
        given |= {"after": after[0], "after_zone": after[1]}
    sql = f"{_SHOWN}, c.id AS _case {_FROM} WHERE {' AND '.join(conditions)} ORDER BY c.id DESC, z.code LIMIT :limit"
    columns = ("_case", "zone")
    return await pages.page(db, sql, limit=limit, cursor_columns=columns, **given, **acting(actor, rules.table()))


async def shown(db: Session, actor: Actor, case_id: UUID, zone: str) -> bytes | None:
    """The replication as the API gives it; None for one that the caller may not see."""
    sql = f"{_SHOWN} {_FROM} WHERE {_KNOWN} AND c.id = :case AND z.code = :zone"
    return await db.json_one(sql, case=case_id, zone=zone, **acting(actor, rules.table()))


async def lock(db: Session, case_id: UUID, zone: str) -> Replication | None:
    """The zone's own replication as it is now, with a row of its own from now on; None for a case of its own."""
    await db.run(
        """
        INSERT INTO replication (id, case_id, zone, origin)
        SELECT :id, c.id, :zone, c.zone FROM innovation_case c
        WHERE c.id = :case_id AND c.state = 'published' AND c.zone <> :zone
        ON CONFLICT (case_id, zone) DO NOTHING
        """,
        id=uuid7(),
        case_id=case_id,
        zone=zone,
    )
    await db.value(
        "SELECT true FROM replication WHERE case_id = :case_id AND zone = :zone FOR UPDATE",
        case_id=case_id,
        zone=zone,
    )
    row = await db.row(
        """
        SELECT r.case_id, r.zone, r.origin, r.state, r.version, c.state = 'published' AS open
        FROM replication r JOIN innovation_case c ON c.id = r.case_id WHERE r.case_id = :case_id AND r.zone = :zone
        """,
        case_id=case_id,
        zone=zone,
    )
    return Replication(**{**row, "state": State(row["state"])}) if row else None


async def whole(db: Session, replication: Replication) -> dict[str, Any]:
    """Everything that is stored of it, for the audit trail."""
    row = await db.row(
        "SELECT * FROM replication WHERE case_id = :case_id AND zone = :zone",
        case_id=replication.case_id,
        zone=replication.zone,
    )
    return dict(row or {})


async def data(db: Session, replication: Replication) -> dict[str, Any]:
    """The replication as events carry it."""
    body = await db.json_one(
        f"""
        SELECT r.id, {_CASE}, r.zone, coalesce(z.name, r.zone) AS zone_name, r.state, r.reason, r.due, r.version
        FROM replication r JOIN innovation_case c ON c.id = r.case_id LEFT JOIN zone z ON z.code = r.zone
        LEFT JOIN zone o ON o.code = c.zone
        WHERE r.case_id = :case_id AND r.zone = :zone
        """,  # noqa: S608
        case_id=replication.case_id,
        zone=replication.zone,
    )
    assert body is not None  # noqa: S101 - of a replication that was just changed
    return dict(json.loads(body))


async def move(db: Session, replication: Replication, state: State, name: str, **also: Any) -> None:
    """Brings the replication to a state; ``also`` are columns that change with it."""
    if "figures" in also:
        also["figures"] = json.dumps(also["figures"], ensure_ascii=False)
    sets = "".join(
        f"{column} = {f'CAST(:{column} AS jsonb)' if column == 'figures' else f':{column}'}, " for column in also
    )
    await db.run(
        f"""
        UPDATE replication SET state = :state, {sets} moved_by = :name, version = version + 1,
               updated_at = clock_timestamp()
        WHERE case_id = :case_id AND zone = :zone
        """,  # noqa: S608
        case_id=replication.case_id,
        zone=replication.zone,
        state=state,
        name=name,
        **also,
    )


async def unanswered(db: Session, today: date) -> list[RowMapping]:
    """Those that nobody has answered for as many days as there are working days to answer in, the oldest first."""
    return list(
        await db.rows(
            f"""
            SELECT c.id AS case_id, z.code AS zone, c.published_on, r.reminded_on {_FROM}
            WHERE c.state = 'published' AND {_ASKED} AND coalesce(r.state, 'unanswered') = 'unanswered'
              AND z.closed_on IS NULL AND r.escalated_on IS NULL AND coalesce(r.reminded_on, c.published_on) < :before
            ORDER BY c.id, z.code
            """,
            before=today - timedelta(REMIND_AFTER),
        )
    )


async def refuse(db: Session, replication: Replication, reason: str, today: date, name: str) -> None:
    """Keeps why the zone did not take the case over."""
    await db.run(
        """
        INSERT INTO replication_refusal (id, case_id, zone, origin, reason, refused_on, refused_by)
        VALUES (:id, :case_id, :zone, :origin, :reason, :today, :name)
        """,
        id=uuid7(),
        case_id=replication.case_id,
        zone=replication.zone,
        origin=replication.origin,
        reason=reason,
        today=today,
        name=name,
    )


async def late(db: Session, today: date, limit: int) -> list[RowMapping]:
    """Those whose day is over and of which nothing was said, the oldest first."""
    return list(
        await db.rows(
            f"""
            SELECT r.case_id, r.zone, r.due FROM replication r JOIN innovation_case c ON c.id = r.case_id
            WHERE r.state IN ('planned', 'under_way') AND r.due < :today AND r.late_on IS NULL
              AND c.state = 'published' AND r.zone <> ALL(ARRAY({CLOSED_ZONES}))
            ORDER BY r.due, r.case_id, r.zone LIMIT :limit
            """,  # noqa: S608
            today=today,
            limit=limit,
        )
    )


async def remind_late(db: Session, replication: Replication, today: date) -> None:
    await db.run(
        """
        UPDATE replication SET late_on = :today, version = version + 1, updated_at = clock_timestamp()
        WHERE case_id = :case_id AND zone = :zone
        """,
        today=today,
        case_id=replication.case_id,
        zone=replication.zone,
    )


async def remind(db: Session, replication: Replication, reminder: Reminder, today: date) -> bool:
    """Whether this was left to say."""
    column = f"{reminder}_on"
    return bool(
        await db.run(
            f"""
            UPDATE replication SET {column} = :today, version = version + 1, updated_at = clock_timestamp()
            WHERE case_id = :case_id AND zone = :zone AND state = 'unanswered' AND {column} IS NULL
            """,  # noqa: S608
            today=today,
            case_id=replication.case_id,
            zone=replication.zone,
        )
    )
