"""Every SQL statement about mails that are asked for, that wait for their time, and about digests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chassis.tenancy import RowMapping, Session
from notify.inbox.levels import Level
from notify.mail.rules import GROUPED_SETTLE_SECONDS, JOINED_FOR, SETTLE_SECONDS
from notify.mail.wording import News

LONGEST_SETTLING = 60
_JOINED = f"{int(JOINED_FOR.total_seconds())} seconds"
NOT_HELD = f"""
    NOT EXISTS (SELECT FROM mail_request o
                WHERE o.thing = r.thing AND o.addressed_at > clock_timestamp() - interval '{_JOINED}')
"""
NEWS = ", ".join(
    (
        *("e.id", "e.audience", "e.kind", "e.thing", "e.level", "e.href", "e.at", "e.position"),
        *(
            f"replace(e.{name}, CASE WHEN e.grouped THEN '{{count}}' ELSE '' END, CAST(e.count AS text)) AS {name}"
            for name in ("title", "body", "title_en", "body_en")
        ),
    )
)


@dataclass(frozen=True)
class Collected:
    """News that wait for a person's digest, the oldest since ``since``; ``last`` is the day of the latest digest."""

    sub: str
    audiences: Sequence[str]
    since: datetime
    last: date | None


async def request(db: Session, entry_ids: Sequence[UUID]) -> None:
    """Asks for a mail per entry, once it has been still for a while and none has just gone out about its thing; one
    that has gone out is not repeated.
    """
    await db.run(
        f"""
        INSERT INTO mail_request AS r (entry_id, thing, due_at)
        SELECT id, thing, greatest(
                   still,
                   (SELECT max(addressed_at) FROM mail_request o WHERE o.thing = t.thing) + interval '{_JOINED}')
        FROM (SELECT e.id, CASE WHEN NOT e.grouped THEN e.audience || ' ' || e.thing END AS thing,
                     clock_timestamp() + CASE WHEN e.grouped THEN interval '{GROUPED_SETTLE_SECONDS} seconds'
                                              ELSE interval '{SETTLE_SECONDS} seconds' END AS still
              FROM entry e WHERE e.id = ANY(:ids)) t
        ON CONFLICT (entry_id) DO UPDATE SET due_at = least(
            excluded.due_at, greatest(r.due_at, r.created_at + interval '{LONGEST_SETTLING} seconds'))
        WHERE r.addressed_at IS NULL AND r.attempts = 0
        """,  # noqa: S608
        ids=list(entry_ids),
    )


async def due(db: Session, limit: int) -> Sequence[RowMapping]:
    """The first request of each thing whose time has come, but for things of which a mail has just gone out."""
    return await db.rows(
        f"""
        SELECT entry_id, thing, attempts, audience
        FROM (SELECT DISTINCT ON (coalesce(r.thing, CAST(r.entry_id AS text)))
                     r.entry_id, r.thing, r.attempts, r.due_at, e.audience
              FROM mail_request r JOIN entry e ON e.id = r.entry_id
              WHERE r.addressed_at IS NULL AND r.due_at <= now() AND {NOT_HELD}
              ORDER BY coalesce(r.thing, CAST(r.entry_id AS text)), r.due_at) first
        ORDER BY due_at LIMIT :limit
        """,  # noqa: S608
        limit=limit,
    )


async def claim(db: Session, entry_id: UUID, thing: str | None) -> list[News]:
    """What a mail about the thing tells: the news of a request and of all others of its thing, taken off the list;
    nothing when another worker has them or the entry has grown meanwhile.
    """
    rows = await db.rows(
        f"""
        WITH mine AS (
            SELECT r.entry_id FROM mail_request r
            WHERE r.addressed_at IS NULL AND {NOT_HELD}
              AND (r.thing = :thing OR r.entry_id = :entry_id AND r.due_at <= clock_timestamp())
            FOR UPDATE SKIP LOCKED
        ), taken AS (
            UPDATE mail_request SET addressed_at = clock_timestamp(), error = NULL
            WHERE entry_id IN (SELECT entry_id FROM mine) RETURNING entry_id
        )
        SELECT {NEWS} FROM taken JOIN entry e ON e.id = taken.entry_id
        """,  # noqa: S608
        entry_id=entry_id,
        thing=thing,
    )
    return [_news(row) for row in rows]


async def postpone(db: Session, entry_id: UUID, pause: int, reason: str) -> None:
    await db.run(
        """
        UPDATE mail_request SET attempts = attempts + 1, error = :reason,
               due_at = clock_timestamp() + CAST(:pause AS integer) * interval '1 second'
        WHERE entry_id = :entry_id AND addressed_at IS NULL
        """,
        entry_id=entry_id,
        pause=pause,
        reason=reason,
    )


async def wait(db: Session, waiting: Sequence[tuple[str, News, datetime | None]]) -> None:
    """Keeps news for people until an instant, or without one for their digests."""
    await db.run_all(
        """
        INSERT INTO waiting (sub, entry_id, since, due) VALUES (:sub, :entry_id, :since, :due)
        ON CONFLICT (sub, entry_id) DO UPDATE SET due = excluded.due
        """,
        [{"sub": sub, "entry_id": news.id, "since": news.at, "due": due} for sub, news, due in waiting],
    )


async def waited(db: Session, now: datetime, limit: int) -> list[tuple[str, Sequence[str]]]:
    """People some of whose news have waited until now, each with the audiences of these."""
    rows = await db.rows(
        """
        SELECT w.sub, array_agg(DISTINCT e.audience) AS audiences FROM waiting w JOIN entry e ON e.id = w.entry_id
        WHERE w.due <= :now GROUP BY w.sub ORDER BY min(w.due) LIMIT :limit
        """,
        now=now,
        limit=limit,
    )
    return [(row["sub"], row["audiences"]) for row in rows]


async def take_waited(db: Session, sub: str, now: datetime) -> list[News]:
    rows = await db.rows(
        f"""
        DELETE FROM waiting w USING entry e
        WHERE w.entry_id = e.id AND w.sub = :sub AND w.due <= :now RETURNING {NEWS}
        """,  # noqa: S608
        sub=sub,
        now=now,
    )
    return [_news(row) for row in rows]


async def collected(db: Session) -> list[Collected]:
    """People for whose digest some news wait."""
    rows = await db.rows(
        """
        SELECT w.sub, array_agg(DISTINCT e.audience) AS audiences, min(w.since) AS since, d.day AS last
        FROM waiting w JOIN entry e ON e.id = w.entry_id LEFT JOIN digest d ON d.sub = w.sub
        WHERE w.due IS NULL GROUP BY w.sub, d.day
        """
    )
    return [Collected(**row) for row in rows]


async def take_digest(db: Session, sub: str, moment: datetime) -> list[News]:
    """What had happened when the digest of a day was due; nothing when that day's was made already."""
    first = await db.run(
        """
        INSERT INTO digest AS d (sub, day) VALUES (:sub, :day)
        ON CONFLICT (sub) DO UPDATE SET day = excluded.day WHERE d.day < excluded.day
        """,
        sub=sub,
        day=moment.date(),
    )
    if not first:
        return []
    rows = await db.rows(
        f"""
        DELETE FROM waiting w USING entry e
        WHERE w.entry_id = e.id AND w.sub = :sub AND w.due IS NULL AND w.since < :moment RETURNING {NEWS}
        """,  # noqa: S608
        sub=sub,
        moment=moment,
    )
    return [_news(row) for row in rows]


def _news(row: RowMapping) -> News:
    columns = {str(name): value for name, value in row.items()}
    return News(**columns | {"level": Level(row["level"]) if row["level"] else None})
