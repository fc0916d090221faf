"""Every SQL statement about saved views."""

from collections.abc import Sequence
from uuid import UUID

from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session

_OWN = "owner = current_setting('app.sub', true)"


async def all_of(db: Session) -> Sequence[RowMapping]:
    """The caller's own, then those that others of the office share."""
    return await db.rows(f"""
        SELECT id, name, query, shared, standard, owner_name, {_OWN} AS own FROM saved_view
        ORDER BY NOT {_OWN}, name, id
    """)  # noqa: S608


async def standard(db: Session) -> str | None:
    """The query of the view with which the caller's list opens."""
    found: str | None = await db.value(f"SELECT query FROM saved_view WHERE standard AND {_OWN}")  # noqa: S608
    return found


async def hold(db: Session) -> None:
    """The caller's views are changed one after the other until the transaction ends."""
    await db.value("SELECT pg_advisory_xact_lock(hashtextextended('saved_view/' || current_setting('app.sub'), 0))")


async def others(db: Session, name: str) -> int:
    """How many views of other names the caller has."""
    return int(await db.value(f"SELECT count(*) FROM saved_view WHERE {_OWN} AND name <> :name", name=name))  # noqa: S608


async def put(db: Session, name: str, query: str, owner_name: str, *, shared: bool) -> None:
    """A name that the caller has given before gets the new query."""
    await db.run(
        """
        INSERT INTO saved_view (id, owner_name, name, query, shared)
        VALUES (:id, :owner_name, :name, :query, :shared)
        ON CONFLICT (owner, name) DO UPDATE SET query = excluded.query, shared = excluded.shared,
            office = excluded.office
        """,
        id=uuid7(),
        owner_name=owner_name,
        name=name,
        query=query,
        shared=shared,
    )


async def named(db: Session, name: str) -> UUID | None:
    """The caller's view of this name."""
    found: UUID | None = await db.value(f"SELECT id FROM saved_view WHERE {_OWN} AND name = :name", name=name)  # noqa: S608
    return found


async def rename(db: Session, view_id: UUID, name: str) -> int:
    return await db.run("UPDATE saved_view SET name = :name WHERE id = :id", id=view_id, name=name)


async def share(db: Session, view_id: UUID, *, shared: bool) -> int:
    """With those of the office that the caller belongs to now."""
    sql = "UPDATE saved_view SET shared = :shared, office = DEFAULT WHERE id = :id"
    return await db.run(sql, id=view_id, shared=shared)


async def open_with(db: Session, view_id: UUID, *, standard: bool) -> int:
    """Whether the caller's list opens with this view, and so with no other."""
    await db.run(f"UPDATE saved_view SET standard = false WHERE standard AND {_OWN}")  # noqa: S608
    return await db.run("UPDATE saved_view SET standard = :standard WHERE id = :id", id=view_id, standard=standard)


async def remove(db: Session, view_id: UUID) -> int:
    return await db.run("DELETE FROM saved_view WHERE id = :id", id=view_id)
