"""Every SQL statement about imports."""

import json
from typing import Any
from uuid import UUID

from chassis.tenancy import RowMapping, Session


async def put(
    db: Session, filename: str, sha256: str, text: str, notice: dict[str, Any], tenant: str | None, created_by: str
) -> UUID:
    """Keeps a notice; the same file of the same office is kept once, as it was read last."""
    imported: UUID = await db.value(
        """
        INSERT INTO import (filename, sha256, text, notice, tenant, created_by)
        VALUES (:filename, :sha256, :text, CAST(CAST(:notice AS text) AS jsonb), :tenant, :created_by)
        ON CONFLICT (sha256, tenant) DO UPDATE SET notice = excluded.notice, text = excluded.text
        RETURNING id
        """,
        filename=filename,
        sha256=sha256,
        text=text,
        notice=json.dumps(notice, ensure_ascii=False),
        tenant=tenant,
        created_by=created_by,
    )
    return imported


async def get(db: Session, import_id: object) -> RowMapping | None:
    return await db.row("SELECT * FROM import WHERE id = :id", id=import_id)
