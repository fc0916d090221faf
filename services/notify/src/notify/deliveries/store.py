"""Every SQL statement about deliveries but those of the worker that sends, which stand in ``queue``."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis import pages
from chassis.tenancy import RowMapping, Session

SHOWN = """
    id, channel, masked AS address, state, attempts, created_at, next_try, held_until, error,
    CASE WHEN state = 'sent' THEN settled_at END AS sent_at
"""


@dataclass(frozen=True)
class Letter:
    """A message to one address. A second one with the same ``key`` is none; ``due``: not before then.

    ``shown`` stands for the address wherever people look, by default the address with its name masked.
    """

    channel: str
    address: str
    key: str
    title: str
    body: str
    href: str
    at: datetime
    due: datetime | None = None
    shown: str | None = None


async def deliver(db: Session, letters: Sequence[Letter]) -> None:
    """Sends the letters, each once."""
    given = [
        {
            "channel": letter.channel,
            "address": letter.address,
            "shown": letter.shown,
            "key": letter.key,
            "title": letter.title,
            "body": letter.body,
            "href": letter.href,
            "at": letter.at.isoformat(),
            "due": letter.due.isoformat() if letter.due else None,
        }
        for letter in letters
    ]
    await db.run(
        r"""
        INSERT INTO delivery (channel, address, masked, key, title, body, href, at, since, next_try)
        SELECT channel, address, coalesce(shown, regexp_replace(address, '^(.)[^@]*', '\1***')), key, title, body,
               href, at, coalesce(due, clock_timestamp()), coalesce(due, clock_timestamp())
        FROM jsonb_to_recordset(CAST(:given AS jsonb)) AS given (
            channel text, address text, shown text, key text, title text, body text, href text, at timestamptz,
            due timestamptz
        )
        ON CONFLICT DO NOTHING
        """,
        given=json.dumps(given, ensure_ascii=False),
    )


async def page(
    db: Session, *, channel: str | None, state: str | None, limit: int, cursor: str | None
) -> list[RowMapping]:
    """Deliveries, newest first; nothing of what they say. One more than the page has when there are more."""
    after = pages.decode(cursor, UUID) or (None,)
    return list(
        await db.rows(
            f"""
            SELECT {SHOWN} FROM delivery
            WHERE (CAST(:channel AS text) IS NULL OR channel = :channel)
              AND (CAST(:state AS text) IS NULL OR state = :state)
              AND (CAST(:after AS uuid) IS NULL OR id < :after)
            ORDER BY id DESC LIMIT :limit
            """,  # noqa: S608
            channel=channel,
            state=state,
            after=after[0],
            limit=limit + 1,
        )
    )


async def get(db: Session, delivery_id: UUID, *, lock: bool = False) -> RowMapping | None:
    """None for one that is not there."""
    held = "FOR UPDATE" if lock else ""
    return await db.row(f"SELECT {SHOWN} FROM delivery WHERE id = :id {held}", id=delivery_id)  # noqa: S608


async def attempts(db: Session, delivery_id: UUID) -> list[RowMapping]:
    """The newest tries, first the last one."""
    return list(
        await db.rows(
            """
            SELECT number, at, milliseconds, outcome, reason, detail FROM delivery_attempt
            WHERE delivery_id = :id ORDER BY number DESC LIMIT 100
            """,
            id=delivery_id,
        )
    )


async def retry(db: Session, delivery_id: UUID) -> None:
    """It is due at once, and has a day anew."""
    await db.run(
        """
        UPDATE delivery SET state = 'created', tries = 0, since = clock_timestamp(), next_try = clock_timestamp(),
                            settled_at = NULL
        WHERE id = :id
        """,
        id=delivery_id,
    )
