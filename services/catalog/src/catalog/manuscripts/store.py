"""Every SQL statement about manuscripts and the sheets for them."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from catalog.manuscripts.rules import Entry, Manuscript, stored
from chassis import pages
from chassis.tenancy import RowMapping, Session

LISTED = """
    WITH known AS (
        SELECT z.code, coalesce(p.name, z.name || '实施方案') AS name, 'zone' AS kind, z.code AS zone, p.id,
               p.announced_tasks, coalesce(p.rank, 1999999) AS rank
        FROM zone z LEFT JOIN plan p ON p.zone_id = z.id
        WHERE z.code = :tenant OR CAST(:tenant AS text) IS NULL
        UNION ALL
        SELECT p.code, p.name, p.kind, NULL, p.id, p.announced_tasks, p.rank
        FROM plan p WHERE p.kind IN ('special', 'additional') AND CAST(:tenant AS text) IS NULL
        UNION ALL
        SELECT m.plan, m.name, 'additional', NULL, NULL, NULL, 2000000 + CAST(substr(m.plan, 2) AS bigint)
        FROM manuscript m
        WHERE m.tenant IS NULL AND m.tasks IS NOT NULL AND NOT EXISTS (SELECT FROM plan p WHERE p.code = m.plan)
    )
    SELECT k.code AS plan, coalesce(m.name, k.name) AS name, k.kind, k.zone, k.announced_tasks,
           (SELECT count(*) FROM task_content c WHERE c.plan_id = k.id AND c.until IS NULL) AS published_tasks,
           jsonb_array_length(m.tasks) AS written_tasks,
           CASE WHEN m.tasks IS NOT NULL THEN m.updated_at END AS updated_at,
           CASE WHEN m.tasks IS NOT NULL THEN m.updated_by END AS updated_by,
           k.rank AS _rank
    FROM known k LEFT JOIN manuscript m ON m.plan = k.code AND m.tasks IS NOT NULL
"""


async def page(db: Session, tenant: str | None, *, limit: int, cursor: str | None) -> bytes:
    """The plans that may be written: the zone's own one, or with None all."""
    rank, code = pages.decode(cursor, int, str) or (None, None)
    return await pages.page(
        db,
        LISTED
        + """
        WHERE CAST(:rank AS bigint) IS NULL OR (k.rank, k.code) > (CAST(:rank AS bigint), CAST(:code AS text))
        ORDER BY k.rank, k.code LIMIT :limit
        """,
        limit=limit,
        cursor_columns=("_rank", "plan"),
        tenant=tenant,
        rank=rank,
        code=code,
    )


async def get(db: Session, plan: str, *, lock: bool) -> RowMapping | None:
    return await db.row(f"SELECT * FROM manuscript WHERE plan = :plan {'FOR UPDATE' if lock else ''}", plan=plan)  # noqa: S608


async def put(
    db: Session, manuscript: Manuscript, entries: Sequence[Entry] | None, tenant: str | None, updated_by: str
) -> UUID:
    """Keeps the manuscript with these tasks, or with None as one that nobody has begun; its version rises."""
    put: UUID = await db.value(
        """
        INSERT INTO manuscript (plan, tenant, name, zones, tasks, updated_by)
        VALUES (:plan, :tenant, :name, :zones, CAST(CAST(:tasks AS text) AS jsonb), :updated_by)
        ON CONFLICT (plan) DO UPDATE SET name = excluded.name, zones = excluded.zones, tasks = excluded.tasks,
            import_id = NULL, version = manuscript.version + 1, updated_at = now(), updated_by = excluded.updated_by
        RETURNING id
        """,
        plan=manuscript.plan.code,
        tenant=tenant,
        name=manuscript.plan.name,
        zones=list(manuscript.plan.zones),
        tasks=None if entries is None else json.dumps([stored(entry) for entry in entries], ensure_ascii=False),
        updated_by=updated_by,
    )
    return put


async def submitted(db: Session, plan: str, import_id: UUID) -> None:
    await db.run("UPDATE manuscript SET import_id = :import_id WHERE plan = :plan", plan=plan, import_id=import_id)


async def published(db: Session, import_id: UUID) -> None:
    """What was submitted as this import and not written on since is no manuscript any more."""
    await db.run(
        "UPDATE manuscript SET tasks = NULL, import_id = NULL, version = version + 1 WHERE import_id = :import_id",
        import_id=import_id,
    )


async def returned(db: Session, edition: RowMapping, remarks: str, by: str) -> None:
    """The zone's plan is its own to write on, with the remarks; not when it has submitted a later one already."""
    await db.run(
        """
        INSERT INTO manuscript (plan, tenant, name, zones, updated_by, returned_at, returned_by, remarks)
        VALUES (:plan, :plan, :name, '{}', :by, now(), :by, :remarks)
        ON CONFLICT (plan) DO UPDATE SET import_id = NULL, version = manuscript.version + 1, returned_at = now(),
            returned_by = excluded.returned_by, remarks = excluded.remarks
        WHERE manuscript.import_id IS NULL OR manuscript.import_id = :import_id
        """,
        plan=edition["tenant"],
        name=edition["document"],
        import_id=edition["import_id"],
        remarks=remarks,
        by=by,
    )


async def answered(db: Session, plans: Sequence[str]) -> None:
    """What was remarked on these plans is done with: they were handed in anew, or published."""
    await db.run(
        """
        UPDATE manuscript SET returned_at = NULL, returned_by = NULL, remarks = NULL
        WHERE plan = ANY(CAST(:plans AS text[])) AND remarks IS NOT NULL
        """,
        plans=list(plans),
    )


async def codes(db: Session) -> frozenset[str]:
    """The codes of plans that somebody has begun to write, as far as the caller may see them."""
    return frozenset(row["plan"] for row in await db.rows("SELECT plan FROM manuscript"))


async def put_sheet(
    db: Session, plan: str, tenant: str | None, filename: str, sha256: str, rows: list[dict[str, Any]], created_by: str
) -> UUID:
    """Keeps a sheet as it was read; the same file for the same plan is kept once."""
    sheet_id: UUID = await db.value(
        """
        INSERT INTO sheet (plan, tenant, filename, sha256, rows, created_by)
        VALUES (:plan, :tenant, :filename, :sha256, CAST(CAST(:rows AS text) AS jsonb), :created_by)
        ON CONFLICT (plan, sha256) DO UPDATE SET rows = excluded.rows RETURNING id
        """,
        plan=plan,
        tenant=tenant,
        filename=filename,
        sha256=sha256,
        rows=json.dumps(rows, ensure_ascii=False),
        created_by=created_by,
    )
    return sheet_id


async def sheet(db: Session, plan: str, sheet_id: UUID) -> RowMapping | None:
    return await db.row("SELECT * FROM sheet WHERE id = :id AND plan = :plan", id=sheet_id, plan=plan)
