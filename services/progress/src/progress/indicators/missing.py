"""Every SQL statement about values that are owed and not recorded."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.indicators.owing import Owed
from progress.pagination import code
from progress.periods.rules import Reminder

_OFFICE = """
    CASE WHEN i.unit IS NOT NULL THEN 'unit:' || i.unit WHEN p.place = 'province' THEN 'role:province'
         ELSE 'zone:' || p.place END
"""
_MISSING = f"""
    SELECT i.code AS indicator, i.name AS indicator_name, i.name_en AS indicator_name_en, i.unit,
           u.name AS unit_name, p.place AS jurisdiction, coalesce(z.name, '省级') AS jurisdiction_name,
           s.label AS period, s.due, {_OFFICE} AS office
"""
_FROM = """
    FROM unnest(CAST(:every AS text[]), CAST(:starts AS date[]), CAST(:ends AS date[]), CAST(:labels AS text[]),
                CAST(:dues AS date[]), CAST(:reminders AS text[])) s(every, start, ends, label, due, reminder)
    JOIN indicator i ON i.period = s.every AND i.status = 'confirmed' AND i.formula IS NULL
                        AND i.confirmed_on <= s.ends
    CROSS JOIN unnest(CAST(:places AS text[])) p(place)
    LEFT JOIN zone z ON z.code = p.place LEFT JOIN unit u ON u.code = i.unit
"""
_OWED = """
    (p.place <> 'province' OR i.aggregation = 'none') AND z.closed_on IS NULL
    AND NOT EXISTS (SELECT FROM indicator_value v
                    WHERE v.indicator = i.code AND v.jurisdiction = p.place AND v.start = s.start)
"""
FILTERS = {
    "indicator": "i.code = :indicator",
    "jurisdiction": "p.place = :jurisdiction",
    "waiting": f"({_OFFICE} = :office) = :waiting",
}
BATCH = 200


def _asked(owed: Sequence[Owed], places: Sequence[str]) -> dict[str, list[Any]]:
    return {
        "every": [str(each.every) for each in owed],
        "starts": [each.slot.start for each in owed],
        "ends": [each.slot.end for each in owed],
        "labels": [each.slot.label for each in owed],
        "dues": [each.due for each in owed],
        "reminders": [str(each.reminder) for each in owed],
        "places": list(places),
    }


async def page(
    db: Session,
    owed: Sequence[Owed],
    places: Sequence[str],
    office: str,
    filters: Mapping[str, Any],
    *,
    limit: int,
    cursor: str | None,
) -> bytes:
    """Those that the caller may know of, the longest due first. ``filters`` by the names in ``FILTERS``."""
    after = pages.decode(cursor, date.fromisoformat, code, code)
    conditions = [_OWED, *(FILTERS[name] for name in filters)]
    given = _asked(owed, places) | dict(filters)
    if "waiting" in filters:
        given["office"] = office
    if after:
        conditions.append("(s.due, i.code, p.place) > (CAST(:after AS date), :after_code, :after_place)")
        given |= dict(zip(("after", "after_code", "after_place"), after, strict=True))
    return await pages.page(
        db,
        f"""{_MISSING}, s.reminder = 'overdue' AS overdue {_FROM} WHERE {" AND ".join(conditions)}
            ORDER BY s.due, i.code, p.place LIMIT :limit""",
        limit=limit,
        cursor_columns=("due", "indicator", "jurisdiction"),
        **given,
    )


async def unreminded(db: Session, owed: Sequence[Owed], places: Sequence[str]) -> list[RowMapping]:
    """Some of those whose office was not told yet what there is to say of them today."""
    return list(
        await db.rows(
            f"""
            {_MISSING}, s.start, s.reminder, r.id AS told {_FROM}
            LEFT JOIN value_reminder r ON r.indicator = i.code AND r.jurisdiction = p.place AND r.start = s.start
            WHERE {_OWED} AND coalesce(r.reminded, '') NOT IN (s.reminder, 'overdue')
            ORDER BY s.due, i.code, p.place LIMIT {BATCH}
            """,
            **_asked(owed, places),
        )
    )


async def remind(db: Session, row: Mapping[str, Any], reminder: Reminder) -> RowMapping:
    """Notes what is said of a value; the reminder's id and version."""
    kept = await db.row(
        """
        INSERT INTO value_reminder (indicator, jurisdiction, start, id, reminded)
        VALUES (:indicator, :jurisdiction, :start, :id, :reminder)
        ON CONFLICT (indicator, jurisdiction, start) DO UPDATE
        SET reminded = excluded.reminded, version = value_reminder.version + 1
        RETURNING id, version
        """,
        id=uuid7(),
        reminder=reminder,
        **{name: row[name] for name in ("indicator", "jurisdiction", "start")},
    )
    assert kept is not None  # noqa: S101 - it returns what it wrote
    return kept
