"""Every SQL statement about editions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from catalog.editions.rules import Comparison
from chassis import pages
from chassis.tenancy import RowMapping, Session

Name = int | UUID
"""What an edition is called: its number once it is published, its id from the beginning."""

_STATUS = "CASE WHEN returned_at IS NOT NULL THEN 'returned' ELSE status END"
SHOWN = f"""
    SELECT id, number, {_STATUS} AS status, tenant, document, plans, new, changed, withdrawn, created_at, created_by,
           published_at, published_by, returned_at, returned_by, remarks, version,
           CASE WHEN {_STATUS} <> 'draft' OR (SELECT current_setting('app.scope', true)) <> 'all'
                THEN CAST('[]' AS json)
                WHEN tenant IS NULL THEN CAST('["publish"]' AS json)
                ELSE CAST('["publish", "return"]' AS json) END AS actions
"""
ABOVE_ALL = 2**63 - 1
"""Where drafts, returned ones too, stand in the order of numbers."""


async def page(db: Session, *, status: str | None, limit: int, cursor: str | None) -> bytes:
    """What the caller may see: drafts and returned ones, latest first, then those published, latest number first."""
    number, edition_id = pages.decode(cursor, int, UUID) or (None, None)
    return await pages.page(
        db,
        f"""
        {SHOWN}, coalesce(number, {ABOVE_ALL}) AS _number FROM edition
        WHERE (CAST(:status AS text) IS NULL OR {_STATUS} = :status)
          AND (CAST(:number AS bigint) IS NULL OR (coalesce(number, {ABOVE_ALL}), id) < (:number, CAST(:id AS uuid)))
        ORDER BY _number DESC, id DESC LIMIT :limit
        """,
        limit=limit,
        cursor_columns=("_number", "id"),
        status=status,
        number=number,
        id=edition_id,
    )


async def shown(db: Session, name: Name) -> bytes | None:
    return await db.json_one(f"{SHOWN} FROM edition WHERE {_key(name)} = :name", name=name)


async def get(db: Session, name: Name) -> RowMapping | None:
    return await db.row(f"SELECT * FROM edition WHERE {_key(name)} = :name", name=name)  # noqa: S608


def _key(name: Name) -> str:
    return "number" if isinstance(name, int) else "id"


async def open_draft(db: Session, import_id: UUID) -> RowMapping | None:
    """The latest draft from this import for which nothing was published since that it would replace."""
    return await db.row(
        """
        SELECT id, version FROM edition d WHERE import_id = :import_id AND status = 'draft' AND returned_at IS NULL
          AND NOT EXISTS (SELECT FROM edition e WHERE e.number > d.base AND e.plans && d.plans)
        ORDER BY id DESC LIMIT 1
        """,
        import_id=import_id,
    )


async def stale(db: Session, edition: RowMapping) -> bool:
    """Whether one of the draft's plans was published anew after it was drafted."""
    return bool(
        await db.value(
            "SELECT EXISTS (SELECT FROM edition e WHERE e.number > :base AND e.plans && CAST(:plans AS text[]))",
            base=edition["base"],
            plans=edition["plans"],
        )
    )


async def draft(
    db: Session, imported: RowMapping, plans: Sequence[str], comparison: Comparison, created_by: str
) -> dict[str, Any]:
    row = await db.row(
        """
        INSERT INTO edition (tenant, import_id, document, base, plans, new, changed, withdrawn, created_by)
        VALUES (:tenant, :import_id, :document, (SELECT coalesce(max(number), 0) FROM edition), :plans,
                :new, :changed, :withdrawn, :created_by)
        RETURNING id, tenant, document, plans, new, changed, withdrawn, version
        """,
        tenant=imported["tenant"],
        import_id=imported["id"],
        document=imported["filename"],
        plans=list(plans),
        created_by=created_by,
        **counts(comparison),
    )
    return dict(row or {})


async def publish(db: Session, edition_id: UUID, comparison: Comparison, published_by: str) -> dict[str, Any]:
    """Gives the draft the next number. The caller holds the catalog's lock and sees all editions."""
    row = await db.row(
        """
        UPDATE edition SET number = (SELECT coalesce(max(number), 0) + 1 FROM edition), published_at = now(),
               published_by = :published_by,
               new = :new, changed = :changed, withdrawn = :withdrawn, version = version + 1
        WHERE id = :id RETURNING id, number, published_at, new, changed, withdrawn, version
        """,
        id=edition_id,
        published_by=published_by,
        **counts(comparison),
    )
    return dict(row or {})


async def give_back(db: Session, edition_id: UUID, remarks: str, returned_by: str) -> dict[str, Any]:
    row = await db.row(
        """
        UPDATE edition SET returned_at = now(), returned_by = :returned_by, remarks = :remarks, version = version + 1
        WHERE id = :id RETURNING id, tenant, document, remarks, version
        """,
        id=edition_id,
        returned_by=returned_by,
        remarks=remarks,
    )
    return dict(row or {})


def counts(comparison: Comparison) -> dict[str, int]:
    return {"new": len(comparison.new), "changed": len(comparison.changed), "withdrawn": len(comparison.gone)}
