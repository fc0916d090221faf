"""Every SQL statement about zones."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.tenancy import RowMapping, Session

SHOWN = """
    SELECT z.id, z.code, z.name, z.kind,
           CASE WHEN u.id IS NULL THEN NULL ELSE json_build_object('code', u.code, 'name', u.name) END AS city,
           z.area_km2, z.bonded_area_km2, z.positioning, z.industries,
           CASE WHEN p.id IS NULL OR p.announced_aspects IS NULL AND p.announced_tasks IS NULL THEN NULL
                ELSE json_build_object('aspects', p.announced_aspects, 'tasks', p.announced_tasks) END AS announced,
           z.closed_on, z.closed_reason, z.version,
           CAST(CASE WHEN (SELECT current_setting('app.scope', true)) <> 'all' THEN '[]'
                     WHEN z.closed_on IS NULL THEN '["edit", "close"]' ELSE '["reopen"]' END AS json) AS actions
    FROM zone z LEFT JOIN unit u ON u.id = z.city_id LEFT JOIN plan p ON p.zone_id = z.id
"""

WHOLE = """
    SELECT z.id, z.code, z.name, z.kind, z.city_id, u.code AS city_code, u.name AS city_name, z.area_km2,
           z.bonded_area_km2, z.positioning, z.industries, z.closed_on, z.closed_reason, z.version
    FROM zone z LEFT JOIN unit u ON u.id = z.city_id
"""


async def page(db: Session, *, limit: int, cursor: str | None) -> bytes:
    """Zones by the time they were added."""
    after = pages.decode(cursor, UUID) or (None,)
    return await pages.page(
        db,
        SHOWN + "WHERE CAST(:after AS uuid) IS NULL OR z.id > :after ORDER BY z.id LIMIT :limit",
        limit=limit,
        cursor_columns=("id",),
        after=after[0],
    )


async def shown(db: Session, code: str) -> bytes | None:
    return await db.json_one(SHOWN + "WHERE z.code = :code", code=code)


async def get(db: Session, code: str) -> dict[str, Any] | None:
    row = await db.row(WHOLE + "WHERE z.code = :code", code=code)
    return None if row is None else dict(row)


async def everyone(db: Session) -> list[dict[str, Any]]:
    return [dict(row) for row in await db.rows(WHOLE + "ORDER BY z.id")]


async def of_city(db: Session, city_id: UUID) -> list[dict[str, Any]]:
    """The zone of a city, after its version was raised, because what is shown of it has changed."""
    await db.run("UPDATE zone SET version = version + 1 WHERE city_id = :city_id", city_id=city_id)
    return [dict(row) for row in await db.rows(WHOLE + "WHERE z.city_id = :city_id", city_id=city_id)]


async def in_the_way(db: Session, code: str, name: str, *, but: str | None = None) -> RowMapping | None:
    """A zone or plan that has the code, or another zone that has the name."""
    return await db.row(
        """
        SELECT code, name FROM zone WHERE (code = :code OR name = :name) AND code IS DISTINCT FROM CAST(:but AS text)
        UNION ALL
        SELECT code, name FROM plan WHERE code = :code AND CAST(:but AS text) IS NULL
        LIMIT 1
        """,
        code=code,
        name=name,
        but=but,
    )


async def add(db: Session, zone: Mapping[str, Any], city_id: UUID | None) -> None:
    await db.run(
        """
        INSERT INTO zone (code, name, kind, city_id, area_km2, bonded_area_km2, positioning, industries)
        VALUES (:code, :name, :kind, :city_id, :area_km2, :bonded_area_km2, :positioning, :industries)
        """,
        **zone,
        city_id=city_id,
    )


async def change(db: Session, code: str, zone: Mapping[str, Any]) -> None:
    await db.run(
        """
        UPDATE zone SET name = :name, kind = :kind, area_km2 = :area_km2, bonded_area_km2 = :bonded_area_km2,
               positioning = :positioning, industries = :industries, version = version + 1
        WHERE code = :code
        """,
        code=code,
        **zone,
    )


async def close(db: Session, code: str, today: date | None, reason: str | None) -> None:
    """Closed on a day, or open again."""
    await db.run(
        """
        UPDATE zone SET closed_on = :today, closed_reason = :reason, version = version + 1 WHERE code = :code
        """,
        code=code,
        today=today,
        reason=reason,
    )
