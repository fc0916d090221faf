"""Every SQL statement about plans."""

from typing import Any

from catalog.plans.rules import Plan
from chassis import pages
from chassis.tenancy import Session

SHOWN = """
    SELECT p.id, p.code, p.number, p.name, p.kind, z.code AS zone, p.announced_aspects, p.announced_tasks, p.zones,
           (SELECT count(*) FROM task_content c WHERE c.plan_id = p.id AND c.until IS NULL) AS tasks,
           p.version, CAST('[]' AS json) AS actions, p.rank AS _rank
    FROM plan p LEFT JOIN zone z ON z.id = p.zone_id
"""


async def page(db: Session, *, kind: str | None, limit: int, cursor: str | None) -> bytes:
    """Special plans, then the zones', then further ones, each by number."""
    rank, code = pages.decode(cursor, int, str) or (None, None)
    return await pages.page(
        db,
        SHOWN
        + """
        WHERE (CAST(:kind AS text) IS NULL OR p.kind = :kind)
          AND (CAST(:rank AS bigint) IS NULL OR (p.rank, p.code) > (CAST(:rank AS bigint), CAST(:code AS text)))
        ORDER BY p.rank, p.code LIMIT :limit
        """,
        limit=limit,
        cursor_columns=("_rank", "code"),
        kind=kind,
        rank=rank,
        code=code,
    )


async def shown(db: Session, code: str) -> bytes | None:
    return await db.json_one(SHOWN.replace(", p.rank AS _rank", "") + "WHERE p.code = :code", code=code)


async def everyone(db: Session) -> list[Plan]:
    rows = await db.rows(
        """
        SELECT p.code, p.number, p.name, p.kind, z.code AS zone, p.announced_aspects, p.announced_tasks, p.zones
        FROM plan p LEFT JOIN zone z ON z.id = p.zone_id ORDER BY p.rank, p.code
        """
    )
    return [Plan(**{**row, "zones": tuple(row["zones"])}) for row in rows]


async def put(db: Session, plan: Plan) -> dict[str, Any]:
    """Adds the plan, or brings it to this state."""
    row = await db.row(
        """
        INSERT INTO plan (code, number, name, kind, zone_id, announced_aspects, announced_tasks, zones)
        VALUES (:code, :number, :name, :kind, (SELECT id FROM zone WHERE code = CAST(:zone AS text)),
                :announced_aspects, :announced_tasks, :zones)
        ON CONFLICT (code) DO UPDATE
        SET number = excluded.number, name = excluded.name, kind = excluded.kind, zone_id = excluded.zone_id,
            announced_aspects = excluded.announced_aspects, announced_tasks = excluded.announced_tasks,
            zones = excluded.zones,
            version = plan.version + 1
        RETURNING id, version
        """,
        **{**vars(plan), "zones": list(plan.zones)},
    )
    return vars(plan) | dict(row or {})
