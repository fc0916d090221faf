"""Every SQL statement about group robots."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.tenancy import RowMapping, Session

RECENT = 10
COLUMNS = "id, office, kind, name, shown, signed, groups, paused, version, created_at"


async def all_(db: Session) -> list[RowMapping]:
    """The robots of the caller's office, oldest first."""
    return list(await db.rows(f"SELECT {COLUMNS} FROM robot ORDER BY id"))  # noqa: S608


async def get(db: Session, robot_id: UUID, *, lock: bool = False) -> RowMapping | None:
    """None for one that the caller may not see."""
    held = "FOR UPDATE" if lock else ""
    return await db.row(f"SELECT {COLUMNS} FROM robot WHERE id = :id {held}", id=robot_id)  # noqa: S608


async def count(db: Session, office: str) -> int:
    """How many robots an office has; who counts at the same time waits."""
    await db.value("SELECT pg_advisory_xact_lock(hashtext('robot'), hashtext(:office))", office=office)
    return int(await db.value("SELECT count(*) FROM robot WHERE office = :office", office=office))


async def add(db: Session, office: str, given: Mapping[str, Any]) -> UUID:
    added: UUID = await db.value(
        """
        INSERT INTO robot (office, kind, name, url, shown, secret, groups)
        VALUES (:office, :kind, :name, :url, :shown, :secret, CAST(:groups AS text[])) RETURNING id
        """,
        office=office,
        **given,
    )
    return added


async def change(db: Session, robot_id: UUID, given: Mapping[str, Any]) -> None:
    """``url`` with what is shown of it, and ``secret``: as before when None."""
    await db.run(
        """
        UPDATE robot SET name = :name, groups = CAST(:groups AS text[]), version = version + 1 WHERE id = :id
        """,
        id=robot_id,
        name=given["name"],
        groups=given["groups"],
    )
    if given["url"] is not None:
        await db.run(
            "UPDATE robot SET url = :url, shown = :shown WHERE id = :id",
            id=robot_id,
            url=given["url"],
            shown=given["shown"],
        )
    if given["secret"] is not None:
        await db.run("UPDATE robot SET secret = :secret WHERE id = :id", id=robot_id, secret=given["secret"])


async def pause(db: Session, robot_id: UUID, *, paused: bool) -> None:
    await db.run("UPDATE robot SET paused = :paused, version = version + 1 WHERE id = :id", id=robot_id, paused=paused)


async def remove(db: Session, robot_id: UUID) -> None:
    await db.run("DELETE FROM robot WHERE id = :id", id=robot_id)


async def recent(db: Session, robot_id: UUID) -> list[RowMapping]:
    """What was last sent to a robot, newest first, with what came of the last try."""
    return list(
        await db.rows(
            f"""
            SELECT d.id, d.state, d.attempts, d.created_at, d.next_try,
                   CASE WHEN d.state = 'sent' THEN d.settled_at END AS sent_at,
                   coalesce((SELECT a.detail FROM delivery_attempt a WHERE a.delivery_id = d.id
                             ORDER BY a.number DESC LIMIT 1), '') AS detail
            FROM delivery d WHERE d.address = :address ORDER BY d.id DESC LIMIT {RECENT}
            """,  # noqa: S608
            address=str(robot_id),
        )
    )


async def of_office(db: Session, office: str) -> Sequence[RowMapping]:
    """The robots that get the office's news now."""
    return await db.rows(
        "SELECT id, kind, name, groups FROM robot WHERE office = :office AND NOT paused ORDER BY id", office=office
    )


async def target(db: Session, robot_id: UUID) -> RowMapping | None:
    """Where a robot is and how its messages are signed, for the worker alone; None for one that was removed."""
    return await db.row("SELECT url, secret, paused FROM robot WHERE id = :id", id=robot_id)
