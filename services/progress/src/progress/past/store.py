"""Every SQL statement about days: what lines left behind, the cells that were kept, and the days that are closed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from chassis.tenancy import RowMapping, Session
from progress.lines.rules import Light, State

_OF_LIGHTS_AND_STATES = ", ".join(
    f"count(*) FILTER (WHERE {field} = '{value}') AS {value}"
    for field, values in (("state", State), ("light", Light))
    for value in values
)
FIGURES = ("lines", "percent_sum", *State, *Light)
_COLUMNS = ", ".join(FIGURES)
_NOW, _WAS = (", ".join(f"coalesce({kept}.{figure}, 0)" for figure in FIGURES) for kept in ("now", "was"))
_SUMS = ", ".join(f"CAST(coalesce(sum({figure}), 0) AS bigint) AS {figure}" for figure in FIGURES)

_MOVED = ", ".join(f"{figure} - lag({figure}, 1, 0) OVER cell AS {figure}" for figure in FIGURES)
_OF_CELL = "d.jurisdiction = k.jurisdiction AND d.plan = k.plan AND d.unit = k.unit"

CELLS_ON = """
    SELECT d.* FROM overview_cell k CROSS JOIN LATERAL (
        SELECT * FROM day_cell d
        WHERE d.jurisdiction = k.jurisdiction AND d.plan = k.plan AND d.unit = k.unit AND d.day <= :on
        ORDER BY d.day DESC LIMIT 1) d
    WHERE k.unit = :unit
"""
"""The cells as they were when the day ``:on`` ended: the last that was kept of each, one look into the index."""


async def first_entry(db: Session) -> datetime | None:
    found: datetime | None = await db.value("SELECT at FROM line_history ORDER BY position LIMIT 1")
    return found


async def first(db: Session) -> date | None:
    """The first day of which there is an overview: closed, or the present one as long as none is."""
    found: date | None = await db.value(
        """
        SELECT coalesce((SELECT min(day) FROM closed_day),
                        (SELECT CAST(at AT TIME ZONE 'Asia/Shanghai' AS date)
                         FROM line_history ORDER BY position LIMIT 1))
        """
    )
    return found


async def last_closed(db: Session) -> date | None:
    found: date | None = await db.value("SELECT max(day) FROM closed_day")
    return found


async def is_reconstructed(db: Session, day: date) -> bool:
    return bool(await db.value("SELECT reconstructed FROM closed_day WHERE day = :day", day=day))


async def claim(db: Session, day: date, *, reconstructed: bool) -> bool:
    """Whether the day is this transaction's to close; another one's is waited for."""
    return bool(
        await db.run(
            "INSERT INTO closed_day (day, reconstructed) VALUES (:day, :reconstructed) ON CONFLICT DO NOTHING",
            day=day,
            reconstructed=reconstructed,
        )
    )


async def wait_for_writers(db: Session) -> None:
    """Returns when every change of a line that was begun before is committed; gives up rather than stop the others."""
    await db.run("SET LOCAL lock_timeout = '500ms'")
    await db.run("LOCK TABLE line IN SHARE MODE")


async def keep_cells(db: Session, day: date, end: datetime) -> None:
    """Keeps those cells that differ from what was kept of them last, as the history says that they were."""
    await db.run(
        f"""
        WITH stood AS (
            SELECT l.jurisdiction, h.at, was.* FROM line l
            CROSS JOIN LATERAL (SELECT at, stood FROM line_history WHERE line_id = l.id AND at < :end
                                ORDER BY at DESC, position DESC LIMIT 1) h
            CROSS JOIN LATERAL jsonb_to_record(h.stood)
                was(plan text, units text[], state text, percent bigint, light text, withdrawn boolean)
            WHERE NOT was.withdrawn),
        now AS (
            SELECT jurisdiction, plan, unit, count(*) AS lines, sum(percent) AS percent_sum, {_OF_LIGHTS_AND_STATES},
                   max(at) AS last_change
            FROM stood CROSS JOIN unnest(array_append(units, '')) unit GROUP BY jurisdiction, plan, unit)
        INSERT INTO day_cell (day, jurisdiction, plan, unit, last_change, {_COLUMNS})
        SELECT :on, k.jurisdiction, k.plan, k.unit, coalesce(now.last_change, was.last_change),
               {_NOW}
        FROM overview_cell k
        LEFT JOIN now USING (jurisdiction, plan, unit)
        LEFT JOIN LATERAL (
            SELECT * FROM day_cell d
            WHERE d.jurisdiction = k.jurisdiction AND d.plan = k.plan AND d.unit = k.unit
            ORDER BY d.day DESC LIMIT 1) was ON true
        WHERE ({_NOW}) <> ({_WAS}) OR now.last_change <> was.last_change
        """,  # noqa: S608
        on=day,
        end=end,
    )


async def trend(
    db: Session, days: Sequence[date], today: date, unit: str, plan: str | None, jurisdiction: str | None
) -> list[RowMapping]:
    """Figures of each of the days that is closed, and of today as it is now: how it stood on the first, and by how much
    cells were moved since.
    """
    rows = await db.rows(
        f"""
        WITH k AS (
            SELECT * FROM overview_cell WHERE unit = :unit AND plan = coalesce(:plan, plan)
                                          AND jurisdiction = coalesce(:jurisdiction, jurisdiction)),
        kept AS (
            SELECT k.jurisdiction, k.plan, d.* FROM k CROSS JOIN LATERAL (
                SELECT * FROM (SELECT CAST(:since AS date) AS day, {_COLUMNS} FROM day_cell d
                               WHERE {_OF_CELL} AND d.day <= :since ORDER BY d.day DESC LIMIT 1) before
                UNION ALL
                SELECT day, {_COLUMNS} FROM day_cell d
                WHERE {_OF_CELL} AND d.day > :since AND d.day < :today) d),
        moved AS (SELECT day, {_MOVED} FROM kept WINDOW cell AS (PARTITION BY jurisdiction, plan ORDER BY day)),
        c AS (
            SELECT p.day, p.reconstructed, {_COLUMNS}
            FROM closed_day p LEFT JOIN (SELECT day, {_SUMS} FROM moved GROUP BY day) m ON m.day <= p.day
            WHERE p.day = ANY(CAST(:days AS date[])) AND p.day < :today
            UNION ALL
            SELECT CAST(:today AS date), false, {_COLUMNS}
            FROM (SELECT WHERE :today = ANY(CAST(:days AS date[]))) t LEFT JOIN k ON true)
        SELECT day, reconstructed, {_SUMS}
        FROM c GROUP BY day, reconstructed ORDER BY day
        """,  # noqa: S608
        days=list(days),
        since=days[0],
        today=today,
        unit=unit,
        plan=plan,
        jurisdiction=jurisdiction,
    )
    return list(rows)


async def totals(db: Session, day: date) -> list[dict[str, Any]]:
    """Figures of each jurisdiction when a closed day ended."""
    rows = await db.rows(
        f"""
        SELECT c.jurisdiction, {_SUMS} FROM ({CELLS_ON}) c GROUP BY c.jurisdiction ORDER BY c.jurisdiction
        """,  # noqa: S608
        on=day,
        unit="",
    )
    return [dict(row) for row in rows]
