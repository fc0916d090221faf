"""Every SQL statement about attachments."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.attachments.rules import DAYS_LOOSE, DAYS_REMOVED, Attachment, Kind
from progress.lines.rules import Actor
from progress.offices import NAME

_FROZEN = "EXISTS (SELECT FROM attachment_set s WHERE s.attachment_id = a.id)"
_SHOWN = f"""
    SELECT a.id, a.kind, a.thing_id, a.name, a.type, a.size, a.sha256, a.office,
           {NAME.format("a.office")} AS office_name, a.added_by, a.added_at, a.removed_by, a.removed_at,
           a.removal_reason, {_FROZEN} AS frozen, a.version,
           CASE WHEN CAST(:now AS boolean) AND a.removed_at IS NULL AND a.office = :office
                THEN CAST('["remove"]' AS jsonb) ELSE '[]' END AS actions
    FROM attachment a
"""  # noqa: S608
SET = """
    coalesce((SELECT json_agg(json_build_object('id', a.id, 'name', a.name, 'type', a.type, 'size', a.size,
                                                'sha256', a.sha256) ORDER BY a.id)
              FROM attachment_set s JOIN attachment a ON a.id = s.attachment_id
              WHERE s.thing_id = {thing} AND s.number = {number}), '[]')
"""
"""The set that was frozen with a thing under a number, to be formatted with both."""


async def of_thing(db: Session, actor: Actor, kind: Kind, thing_id: UUID, *, now: bool) -> bytes:
    """The attachments that the caller sees, in the order they came; ``now``: it may change them now."""
    return await db.json(
        f"{_SHOWN} WHERE a.thing_id = :thing_id AND a.kind = :kind ORDER BY a.id",
        thing_id=thing_id,
        kind=kind,
        now=now,
        office=actor.office,
    )


async def shown(db: Session, actor: Actor, attachment_id: UUID, *, now: bool) -> bytes | None:
    return await db.json_one(f"{_SHOWN} WHERE a.id = :id", id=attachment_id, now=now, office=actor.office)


async def get(db: Session, attachment_id: UUID) -> Attachment | None:
    row = await db.row(
        f"""
        SELECT a.id, a.kind, a.thing_id, a.name, a.type, a.size, a.sha256, a.office, a.removed_at, {_FROZEN} AS frozen,
               a.version FROM attachment a WHERE a.id = :id
        """,  # noqa: S608
        id=attachment_id,
    )
    return Attachment(**{**row, "kind": Kind(row["kind"])}) if row else None


async def data(db: Session, thing_id: UUID, offices: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Those that the thing has now, as events carry them; of some offices alone, if any are named."""
    rows = await db.rows(
        """
        SELECT id, name, type, size, sha256 FROM attachment
        WHERE thing_id = :thing_id AND removed_at IS NULL
              AND (CAST(:offices AS text[]) IS NULL OR office = ANY(CAST(:offices AS text[])))
        ORDER BY id
        """,
        thing_id=thing_id,
        offices=None if offices is None else list(offices),
    )
    return [dict(row) for row in rows]


async def count(db: Session, thing_id: UUID, office: str | None = None) -> tuple[int, int]:
    """How many the thing has, and how many it ever had; of one office, if it is named."""
    row = await db.row(
        """
        SELECT count(*) FILTER (WHERE removed_at IS NULL) AS present, count(*) AS ever
        FROM attachment WHERE thing_id = :thing_id AND office = coalesce(:office, office)
        """,
        thing_id=thing_id,
        office=office,
    )
    assert row is not None  # noqa: S101 - an aggregate
    return row["present"], row["ever"]


async def add(db: Session, given: dict[str, Any]) -> None:
    await db.run(
        """
        INSERT INTO attachment (id, kind, thing_id, name, type, size, sha256, office, added_by)
        VALUES (:id, :kind, :thing_id, :name, :type, :size, :sha256, :office, :added_by)
        """,
        **given,
    )


async def remove(db: Session, attachment_id: UUID, name: str, reason: str) -> int:
    """0 when it is removed already, else 1."""
    return await db.run(
        """
        UPDATE attachment SET removed_by = :name, removed_at = clock_timestamp(), removal_reason = :reason,
               version = version + 1 WHERE id = :id AND removed_at IS NULL
        """,
        id=attachment_id,
        name=name,
        reason=reason,
    )


async def of_things(db: Session, ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """``data`` of many things, for each that has some."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await db.rows(
        """
        SELECT thing_id, id, name, type, size, sha256 FROM attachment
        WHERE thing_id = ANY(:ids) AND removed_at IS NULL ORDER BY id
        """,
        ids=list(ids),
    ):
        found.setdefault(row["thing_id"], []).append({name: row[name] for name in row if name != "thing_id"})
    return found


async def freeze(db: Session, kind: Kind, thing_id: UUID, number: int) -> None:
    """Keeps the set that the thing has now, for good."""
    await freeze_all(db, kind, {thing_id: number})


async def freeze_all(db: Session, kind: Kind, numbers: Mapping[UUID, int]) -> None:
    """Keeps the sets that things have now, each under its number."""
    await db.run_all(
        """
        INSERT INTO attachment_set (attachment_id, kind, thing_id, number)
        SELECT id, kind, thing_id, :number FROM attachment
        WHERE thing_id = :thing_id AND kind = :kind AND removed_at IS NULL
        """,
        [{"kind": kind, "thing_id": thing_id, "number": number} for thing_id, number in numbers.items()],
    )


async def expect(db: Session) -> UUID:
    """The name for content that is to come; it goes again unless ``claim`` follows within a day."""
    return await _loosen(db, uuid7(), DAYS_LOOSE)


async def release(db: Session, attachment_id: UUID) -> None:
    """The content of a removed attachment goes after a while."""
    await _loosen(db, attachment_id, DAYS_REMOVED)


async def _loosen(db: Session, name: UUID, days: int) -> UUID:
    await db.run(
        "INSERT INTO loose_content (id, until) VALUES (:id, now() + make_interval(days => :days))", id=name, days=days
    )
    return name


async def claim(db: Session, name: UUID) -> int:
    """1 when the content is there to stay, 0 when it is gone."""
    return await db.run("DELETE FROM loose_content WHERE id = :id", id=name)


async def take_loose(db: Session, limit: int) -> list[UUID]:
    """Content that nothing refers to any more, forgotten when the transaction commits."""
    rows: Sequence[RowMapping] = await db.rows(
        """
        DELETE FROM loose_content WHERE id IN (
            SELECT id FROM loose_content WHERE until < now() ORDER BY until LIMIT :limit)
        RETURNING id
        """,
        limit=limit,
    )
    return [row["id"] for row in rows]
