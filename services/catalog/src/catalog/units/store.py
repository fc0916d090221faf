"""Every SQL statement about units."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from catalog.units.rules import Unit
from chassis import pages
from chassis.tenancy import RowMapping, Session

SHOWN = """
    SELECT id, code, name, kind, aliases, version,
           CASE WHEN (SELECT current_setting('app.scope', true)) = 'all'
                THEN CAST('["edit"]' AS json) ELSE CAST('[]' AS json) END AS actions
    FROM unit
"""


async def page(db: Session, *, kind: str | None, q: str | None, limit: int, cursor: str | None) -> bytes:
    """Units by code; ``q`` stands in the name or an alias."""
    after = pages.decode(cursor, str) or (None,)
    return await pages.page(
        db,
        SHOWN
        + """
        WHERE (CAST(:kind AS text) IS NULL OR kind = :kind)
          AND (CAST(:q AS text) IS NULL OR strpos(name, :q) > 0
               OR EXISTS (SELECT FROM unnest(aliases) alias WHERE strpos(alias, :q) > 0))
          AND (CAST(:after AS text) IS NULL OR code > :after)
        ORDER BY code LIMIT :limit
        """,
        limit=limit,
        cursor_columns=("code",),
        kind=kind,
        q=q,
        after=after[0],
    )


async def shown(db: Session, code: str) -> bytes | None:
    return await db.json_one(SHOWN + "WHERE code = :code", code=code)


async def get(db: Session, code: str) -> RowMapping | None:
    return await db.row("SELECT id, code, name, kind, aliases, version FROM unit WHERE code = :code", code=code)


async def get_named(db: Session, name: str) -> RowMapping | None:
    """The unit with this code, name or alias, in this order."""
    return await db.row(
        """
        SELECT id, code, name, kind, aliases, version FROM unit
        WHERE code = :name OR name = :name OR aliases @> ARRAY[CAST(:name AS text)]
        ORDER BY code = :name DESC, name = :name DESC LIMIT 1
        """,
        name=name,
    )


async def everyone(db: Session) -> list[Unit]:
    rows = await db.rows("SELECT code, name, kind, aliases FROM unit ORDER BY code")
    return [Unit(row["code"], row["name"], row["kind"], tuple(row["aliases"])) for row in rows]


async def ids(db: Session) -> dict[str, UUID]:
    return {row["code"]: row["id"] for row in await db.rows("SELECT code, id FROM unit")}


async def taken_names(db: Session, names: Sequence[str], *, but: str | None = None) -> list[str]:
    """Which of the names belong to units other than the one with the code ``but``."""
    rows = await db.rows(
        """
        SELECT DISTINCT used.name FROM unit, unnest(array_append(aliases, unit.name)) used(name)
        WHERE used.name = ANY(:names) AND code IS DISTINCT FROM CAST(:but AS text) ORDER BY used.name
        """,
        names=list(names),
        but=but,
    )
    return [row["name"] for row in rows]


async def add(db: Session, unit: Unit) -> dict[str, Any]:
    row = await db.row(
        """
        INSERT INTO unit (code, name, kind, aliases) VALUES (:code, :name, :kind, :aliases)
        RETURNING id, code, name, kind, aliases, version
        """,
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        aliases=list(unit.aliases),
    )
    return dict(row or {})


async def change(db: Session, code: str, name: str, kind: str, aliases: Sequence[str]) -> dict[str, Any]:
    row = await db.row(
        """
        UPDATE unit SET name = :name, kind = :kind, aliases = :aliases, version = version + 1 WHERE code = :code
        RETURNING id, code, name, kind, aliases, version
        """,
        code=code,
        name=name,
        kind=kind,
        aliases=list(aliases),
    )
    return dict(row or {})
