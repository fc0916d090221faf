"""Every SQL statement about changes, and about waking the processes that stream them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from chassis.tenancy import RowMapping, Session
from notify.inbox.store import COLUMNS

CHANNEL = "news"


@dataclass(frozen=True)
class Change:
    """Something that happened to a thing; ``units`` are those that may see it beside the province and the zone."""

    position: int
    type: str
    thing: str
    thing_id: str
    jurisdiction: str
    units: list[str]


async def add(db: Session, changes: Sequence[Change]) -> None:
    await db.run_all(
        """
        INSERT INTO change (position, type, thing, thing_id, jurisdiction, units)
        VALUES (:position, :type, :thing, :thing_id, :jurisdiction, :units)
        """,
        [asdict(change) for change in changes],
    )


async def wake(db: Session, audiences: Sequence[str]) -> None:
    """Names the audiences that have news to those who listen, once this transaction has committed."""
    await db.run(
        "SELECT pg_notify(:channel, audience) FROM unnest(CAST(:audiences AS text[])) audience",
        channel=CHANNEL,
        audiences=list(audiences),
    )


async def newest(db: Session) -> int:
    """The position of the newest thing that the caller may see; 0 when there is none."""
    return int(
        await db.value("SELECT greatest((SELECT max(position) FROM entry), (SELECT max(position) FROM change), 0)")
    )


async def oldest_kept(db: Session, limit: int) -> int:
    """The position before the newest ``limit`` things that the caller may see; 0 when there are fewer."""
    found = await db.value(
        """
        (SELECT position FROM entry ORDER BY position DESC LIMIT :limit + 1)
        UNION ALL
        (SELECT position FROM change ORDER BY position DESC LIMIT :limit + 1)
        ORDER BY position DESC OFFSET :limit LIMIT 1
        """,
        limit=limit,
    )
    return int(found or 0)


async def since(db: Session, sub: str, position: int, limit: int) -> Sequence[RowMapping]:
    """The first ``limit`` entries and changes after a position that the caller may see, as JSON; of a thing, its newest
    entry alone.

    One statement, so that nothing can become visible between the two.
    """
    return await db.rows(
        f"""
        (SELECT t._position AS position, true AS is_entry, CAST(to_jsonb(t) - '_position' AS text) AS body
         FROM (SELECT {COLUMNS}, e.position AS _position FROM entry e
               WHERE e.latest AND e.position > :position ORDER BY e.position LIMIT :limit) t)
        UNION ALL
        (SELECT position, false, CAST(json_build_object('thing', thing, 'id', thing_id, 'jurisdiction', jurisdiction,
                                                        'type', type) AS text)
         FROM change WHERE position > :position ORDER BY position LIMIT :limit)
        ORDER BY position LIMIT :limit
        """,  # noqa: S608
        sub=sub,
        position=position,
        limit=limit,
    )


async def forget(db: Session, minutes: int) -> int:
    """Deletes changes that are older; the number of them."""
    return await db.run(
        "DELETE FROM change WHERE at < now() - CAST(:minutes AS integer) * interval '1 minute'", minutes=minutes
    )
