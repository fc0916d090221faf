"""Every SQL statement about reminders."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product

from chassis.tenancy import RowMapping, Session
from progress.closing.store import CLOSED_ZONES
from progress.offices import NAME
from progress.reminders.rules import STEPS

_KEY = ("office", "kind", "thing", "deadline", "step")
_WORKED_ON = "NOT l.withdrawn AND l.state IN ('not_started', 'in_progress')"
_OFFICES = """
    unnest(CASE WHEN l.jurisdiction = 'province' THEN (SELECT array_agg('unit:' || code) FROM unnest(l.leads) code)
                ELSE ARRAY['zone:' || l.jurisdiction] END)
"""
_FOUND = f"""
    SELECT d.kind, l.id AS thing, l.id AS line_id, t.title, office, d.day AS deadline, d.step,
           l.opened_on AS begun, 1 AS count
    FROM reached d JOIN line l ON d.kind = 'line' AND l.due = d.day JOIN task t ON t.code = l.task
    CROSS JOIN LATERAL {_OFFICES} office
    WHERE {_WORKED_ON}
    UNION ALL
    SELECT d.kind, m.id, l.id, t.title || '：' || m.title, office, d.day, d.step,
           CAST(uuid_extract_timestamp(m.id) AT TIME ZONE 'Asia/Shanghai' AS date), 1
    FROM reached d JOIN milestone m ON d.kind = 'milestone' AND m.due = d.day AND m.done_on IS NULL
    JOIN line l ON l.id = m.line_id JOIN task t ON t.code = l.task CROSS JOIN LATERAL {_OFFICES} office
    WHERE {_WORKED_ON} AND m.due IS DISTINCT FROM l.due
    UNION ALL
    SELECT d.kind, p.id, NULL, p.title, f.office, d.day, d.step,
           CAST(p.opened_at AT TIME ZONE 'Asia/Shanghai' AS date), f.count
    FROM reached d JOIN period p ON d.kind = 'period' AND d.day = CASE WHEN d.step < 0 THEN p.due ELSE p.grace END
    CROSS JOIN LATERAL (SELECT office, count(*) FROM filing
                        WHERE period_id = p.id AND received_on IS NULL AND NOT excused GROUP BY office) f
    WHERE p.locks >= :today
    UNION ALL
    SELECT d.kind, o.id, NULL, o.title, o.lead, d.day, d.step, o.issued_on, 1
    FROM reached d JOIN orders o ON d.kind = 'order' AND o.deadline = d.day
    WHERE o.state IN ('issued', 'in_hand') AND o.jurisdiction <> ALL(ARRAY({CLOSED_ZONES}))
"""  # noqa: S608


async def owed(db: Session, reached: Iterable[tuple[date, int]], today: date, limit: int) -> Sequence[RowMapping]:
    """What is not noted yet of deadlines that have reached a step, by office."""
    steps = [(kind, day, step) for kind, (day, step) in product(STEPS, reached) if step in STEPS[kind]]
    kinds, days, numbers = (list(each) for each in zip(*steps, strict=True))
    return await db.rows(
        f"""
        WITH reached AS (SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:days AS date[]), CAST(:steps AS bigint[]))
                         AS reached (kind, day, step))
        SELECT found.*, {NAME.format("office")} AS office_name FROM ({_FOUND}) found
        WHERE NOT EXISTS (SELECT FROM reminder r WHERE r.office = found.office AND r.kind = found.kind
                            AND r.thing = found.thing AND r.deadline = found.deadline AND r.step = found.step)
        ORDER BY office, deadline, kind, title, thing LIMIT :limit
        """,  # noqa: S608
        kinds=kinds,
        days=days,
        steps=numbers,
        today=today,
        limit=limit,
    )


async def note(db: Session, owed: Iterable[RowMapping], today: date) -> set[tuple[object, ...]]:
    """Notes that these are told; the keys of those that nobody else has told meanwhile."""
    rows = await db.rows(
        """
        INSERT INTO reminder (office, kind, thing, deadline, step, said_on)
        SELECT office, kind, thing, deadline, step, :today
        FROM unnest(CAST(:offices AS text[]), CAST(:kinds AS text[]), CAST(:things AS uuid[]), CAST(:days AS date[]),
                    CAST(:steps AS bigint[])) AS given (office, kind, thing, deadline, step)
        ORDER BY office, kind, thing, deadline, step
        ON CONFLICT DO NOTHING RETURNING office, kind, thing, deadline, step
        """,
        today=today,
        **_columns(owed),
    )
    return {key(row) for row in rows}


def key(row: RowMapping) -> tuple[object, ...]:
    """What is told once."""
    return tuple(row[name] for name in _KEY)


def _columns(owed: Iterable[RowMapping]) -> dict[str, list[object]]:
    names = ("offices", "kinds", "things", "days", "steps")
    return dict(zip(names, map(list, zip(*map(key, owed), strict=True)), strict=True))
