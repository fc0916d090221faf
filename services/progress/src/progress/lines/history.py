"""The story of a line (历程): one entry per thing that happened to it, in the transaction in which it happened."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.tenancy import Session
from progress.access import actor
from progress.pagination import bigint


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What differs, field by field, in the order of ``after``."""
    return [
        {"field": field, "before": before.get(field), "after": value}
        for field, value in after.items()
        if before.get(field) != value
    ]


async def add(
    db: Session,
    line_id: UUID,
    what: str,
    changed: list[dict[str, Any]],
    *,
    office: str | None = None,
    reason: str | None = None,
    report_id: UUID | None = None,
    edition: int | None = None,
) -> None:
    """``office`` for entries without a caller: what part of the system acts."""
    await add_all(db, what, [(line_id, changed, report_id)], office=office, reason=reason, edition=edition)


async def add_all(
    db: Session,
    what: str,
    happened: Sequence[tuple[UUID, list[dict[str, Any]], UUID | None]],
    *,
    office: str | None = None,
    reason: str | None = None,
    edition: int | None = None,
) -> None:
    """The same happened to many lines: what changed of each, and by which report."""
    caller = db.caller
    common = {
        "what": what,
        "actor": caller.name if caller else "system",
        "office": actor(caller).office if caller else office,
        "edition": edition,
        "reason": reason,
    }
    await db.run_all(
        """
        INSERT INTO line_history (line_id, what, actor, office, report_id, edition, reason, changes)
        VALUES (:line_id, :what, :actor, :office, :report_id, :edition, :reason, CAST(:changes AS jsonb))
        """,
        [
            common
            | {
                "line_id": line_id,
                "report_id": report_id,
                "changes": json.dumps(changed, ensure_ascii=False, default=str),
            }
            for line_id, changed, report_id in happened
        ],
    )


async def page(db: Session, line_id: UUID, *, limit: int, cursor: str | None) -> bytes:
    """The line's story from its beginning. Cursors count its own entries: positions would tell of other lines."""
    after = pages.decode(cursor, bigint) or (0,)
    return await pages.page(
        db,
        """
        SELECT * FROM (
            SELECT at, what, actor, office, report_id, edition, reason, changes,
                   row_number() OVER (ORDER BY position) AS _number
            FROM line_history WHERE line_id = :line_id) story
        WHERE _number > :after ORDER BY _number LIMIT :limit
        """,
        limit=limit,
        cursor_columns=("_number",),
        line_id=line_id,
        after=after[0],
    )
