"""Every SQL statement about entries and what people have read of them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.tenancy import Session
from notify.inbox import sections
from notify.inbox.rules import Entry
from notify.inbox.sections import Section
from notify.inbox.settling import Settled


def _unread(entry: str) -> str:
    return f"""
    ({entry}.position > coalesce((SELECT until FROM reader WHERE sub = :sub), 0)
     AND NOT EXISTS (SELECT FROM reading r
                     WHERE r.sub = :sub AND r.entry_id = {entry}.id AND r.position >= {entry}.position))
    """  # noqa: S608


UNREAD = _unread("e")
_OF_THING = "FROM entry o WHERE o.audience = e.audience AND o.thing = e.thing"
COLUMNS = f"""
    e.id, e.kind,
    CASE WHEN e.grouped THEN replace(e.title, '{{count}}', CAST(e.count AS text)) ELSE e.title END AS title,
    CASE WHEN e.grouped THEN replace(e.body, '{{count}}', CAST(e.count AS text)) ELSE e.body END AS body,
    CASE WHEN e.grouped THEN replace(e.title_en, '{{count}}', CAST(e.count AS text)) ELSE e.title_en END AS title_en,
    CASE WHEN e.grouped THEN replace(e.body_en, '{{count}}', CAST(e.count AS text)) ELSE e.body_en END AS body_en,
    e.href, e.tenant, e.count, e.at, NOT {UNREAD} AS read, e.thing, e.late,
    (SELECT count(*) {_OF_THING}) AS entries,
    (SELECT count(*) {_OF_THING} AND {_unread("o")}) AS unread_entries
"""
ROOM = 2
_CURRENTLY_LATE = "e.late AND e.position >= :late_from"
SECTIONS = {
    Section.TODAY: f"e.position >= :today_from AND NOT ({_CURRENTLY_LATE})",
    Section.OVERDUE: _CURRENTLY_LATE,
    Section.EARLIER: f"e.position < :today_from AND NOT ({_CURRENTLY_LATE})",
}


@dataclass(frozen=True)
class Told:
    """An entry at its position; ``late`` unless what it tells of was settled since."""

    entry: Entry
    position: int
    late: bool = False


async def next_position(db: Session, events: int = 1) -> int:
    """The position of the news of one event, or of the first of several; each has ``ROOM``: the one after it is free
    for its change.

    Later ones are greater, and wait for this transaction to end, so positions become visible in their order. They
    are microseconds of Unix time: a counter would tell every reader how much happens elsewhere.
    """
    return int(
        await db.value(
            """
            UPDATE news_clock
            SET position = greatest(position + CAST(:room AS bigint),
                                    CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint))
            RETURNING position - CAST(:room AS bigint) + 1
            """,
            room=ROOM * events,
        )
    )


async def put(db: Session, told: Sequence[Told]) -> list[UUID]:
    """Adds the entries, in the order of their positions, each the newest of its thing; a grouped one that is there
    already counts one more, and is news again. Their ids.

    Whoever comes here holds the clock of ``next_position``, so there is one newest at any time.
    """
    given = json.dumps(_columns(told), ensure_ascii=False)
    await db.run(
        """
        UPDATE entry e SET latest = false
        FROM jsonb_to_recordset(CAST(:given AS jsonb)) AS given (audience text, thing text)
        WHERE e.latest AND e.audience = given.audience AND e.thing = given.thing
        """,
        given=given,
    )
    rows = await db.rows(
        """
        INSERT INTO entry (audience, key, kind, tenant, title, body, title_en, body_en, href, grouped, count,
                           thing, late, level, latest, position)
        SELECT audience, key, kind, tenant, title, body, title_en, body_en, href, grouped, count, thing, late, level,
               latest, position
        FROM jsonb_to_recordset(CAST(:given AS jsonb)) AS given (
            audience text, key text, kind text, tenant text, title text, body text, title_en text, body_en text,
            href text, grouped boolean, count bigint, thing text, late boolean, level text, latest boolean,
            position bigint
        )
        ORDER BY position, audience
        ON CONFLICT (audience, key) DO UPDATE
        SET count = entry.count + excluded.count, title = excluded.title, body = excluded.body,
            title_en = excluded.title_en, body_en = excluded.body_en, href = excluded.href, late = excluded.late,
            latest = excluded.latest, at = clock_timestamp(), position = excluded.position
        RETURNING id
        """,
        given=given,
    )
    return [row["id"] for row in rows]


def _columns(told: Sequence[Told]) -> list[dict[str, Any]]:
    """A row for each key of an audience: as it was told last, and how often."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for each in told:
        entry = each.entry
        before = rows.pop((entry.audience, entry.key), {"count": 0})
        columns: dict[str, Any] = {**asdict(entry), **asdict(entry.texts), "thing": entry.about, "late": each.late}
        rows[entry.audience, entry.key] = columns | {"position": each.position, "count": before["count"] + 1}
    newest = {(row["audience"], row["thing"]): row["key"] for row in rows.values()}
    return [row | {"latest": newest[row["audience"], row["thing"]] == row["key"]} for row in rows.values()]


async def settle(db: Session, settled: Collection[Settled]) -> None:
    """What was told of these is late no longer."""
    if settled:
        given = json.dumps([asdict(each) for each in settled], ensure_ascii=False)
        await db.run(
            """
            UPDATE entry SET late = false
            FROM jsonb_to_recordset(CAST(:given AS jsonb)) AS settled (thing text, audience text)
            WHERE late AND entry.thing = settled.thing
              AND (settled.audience IS NULL OR settled.audience = entry.audience)
            """,
            given=given,
        )


@dataclass(frozen=True)
class Choice:
    """What is asked of an inbox: rows that are (not) read, of a section of a day, or all entries of one thing."""

    unread: bool | None = None
    section: Section | None = None
    thing: str | None = None


async def page(db: Session, sub: str, choice: Choice, today: date, *, limit: int, cursor: str | None) -> bytes:
    """The newest entry of each thing, newest first; of one thing, all its entries."""
    after = pages.decode(cursor, int)
    conditions = ["e.latest" if choice.thing is None else "e.thing = :thing"]
    if choice.unread is not None:
        conditions.append(f"{UNREAD} = :unread")
    if choice.section:
        conditions.append(SECTIONS[choice.section])
    if after:
        conditions.append("e.position < :after")
    given = asdict(choice) | sections.bounds(today) | {"after": after[0] if after else None}
    return await pages.page(
        db,
        f"SELECT {COLUMNS}, e.position AS _position FROM entry e WHERE {' AND '.join(conditions)} "  # noqa: S608
        "ORDER BY e.position DESC LIMIT :limit",
        limit=limit,
        cursor_columns=("_position",),
        sub=sub,
        **{name: value for name, value in given.items() if any(f":{name}" in each for each in conditions)},
    )


async def unread(db: Session, sub: str) -> int:
    """How many things of the caller's audience have news that the person has not read."""
    return int(await db.value(f"SELECT count(*) FROM entry e WHERE e.latest AND {UNREAD}", sub=sub))  # noqa: S608


async def overdue(db: Session, today: date) -> int:
    """How many things the caller's audience was told of as late, and not yet as settled."""
    late_from = sections.bounds(today)["late_from"]
    sql = f"SELECT count(*) FROM entry e WHERE e.latest AND {_CURRENTLY_LATE}"  # noqa: S608
    return int(await db.value(sql, late_from=late_from))


async def exists(db: Session, entry_id: UUID) -> bool:
    """Whether there is such an entry among those that the caller may see."""
    return bool(await db.value("SELECT EXISTS (SELECT FROM entry WHERE id = :id)", id=entry_id))


async def mark(db: Session, sub: str, entry_id: UUID) -> None:
    """Notes that the person has read of the entry's thing all that was told up to it."""
    await db.run(
        f"""
        INSERT INTO reading (sub, entry_id, position)
        SELECT :sub, e.id, e.position
        FROM entry shown JOIN entry e ON e.audience = shown.audience AND e.thing = shown.thing
        WHERE shown.id = :entry_id AND e.position <= shown.position AND {UNREAD}
        ON CONFLICT (sub, entry_id) DO UPDATE SET position = greatest(reading.position, excluded.position)
        """,  # noqa: S608
        sub=sub,
        entry_id=entry_id,
    )


async def mark_until(db: Session, sub: str, until: datetime) -> None:
    """Notes that the person has read all entries up to an instant; marks of single ones that it covers go."""
    await db.run(
        """
        INSERT INTO reader (sub, until)
        SELECT :sub, max(position) FROM entry WHERE at <= :until HAVING max(position) IS NOT NULL
        ON CONFLICT (sub) DO UPDATE SET until = greatest(reader.until, excluded.until)
        """,
        sub=sub,
        until=until,
    )
    await db.run(
        "DELETE FROM reading WHERE sub = :sub AND position <= (SELECT until FROM reader WHERE sub = :sub)", sub=sub
    )
