"""Every SQL statement about exports. ``export_task`` is the queue and says nothing of what is in a list; an ``export``
is its owner's alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from portal.exports.rules import AT_ONCE, HELD, KEPT, MOST_KEPT, Export, pause

_SHOWN = """
    SELECT e.id, e.list, e.query, t.asked_at, e.ended_at, t.session_key IS NOT NULL AS making, e.done, e.expected,
           octet_length(e.content) AS size, e.failure, e.seen
    FROM export e JOIN export_task t USING (id)
"""
_MINE = "id = :id AND tries = :tries AND session_key IS NOT NULL"


async def all_of(db: Session) -> list[Export]:
    """The caller's, newest first."""
    return [Export(**row) for row in await db.rows(f"{_SHOWN} ORDER BY e.id DESC")]


async def hold(db: Session) -> None:
    """The caller asks for one after the other until the transaction ends."""
    await db.value("SELECT pg_advisory_xact_lock(hashtextextended('export/' || current_setting('app.sub'), 0))")


async def add(db: Session, owner: str, session_key: bytes, name: str, query: str, language: str, now: datetime) -> bool:
    """Asks for a list, unless the same is being made; False when the caller has as many as may be made at once."""
    making = await db.rows(
        """
        SELECT e.list, e.query, e.language FROM export e JOIN export_task t USING (id)
        WHERE t.session_key IS NOT NULL
        """
    )
    wanted: Mapping[str, str] = {"list": name, "query": query, "language": language}
    if any(dict(each) == wanted for each in making):
        return True
    if len(making) >= AT_ONCE:
        return False
    given = {"id": uuid7(), "owner": owner}
    await db.run(
        "INSERT INTO export_task (id, owner, asked_at, session_key) VALUES (:id, :owner, :now, :session_key)",
        **given,
        now=now,
        session_key=session_key,
    )
    await db.run(
        """
        INSERT INTO export (id, owner, list, query, language, expected)
        VALUES (:id, :owner, :list, :query, :language,
                (SELECT done FROM export WHERE list = :list AND query = :query AND content IS NOT NULL
                 ORDER BY id DESC LIMIT 1))
        """,
        **given,
        **wanted,
    )
    await db.run(
        """
        DELETE FROM export_task WHERE owner = :owner AND session_key IS NULL
           AND id NOT IN (SELECT id FROM export_task WHERE owner = :owner ORDER BY id DESC LIMIT :most)
        """,
        owner=owner,
        most=MOST_KEPT,
    )
    return True


async def get(db: Session, export_id: UUID) -> RowMapping | None:
    """What is to be made, or was: of the caller."""
    return await db.row("SELECT list, query, language, content FROM export WHERE id = :id", id=export_id)


async def see(db: Session, export_ids: Sequence[UUID]) -> int:
    """Notes that the caller has seen what became of these; how many of them are the caller's."""
    return await db.run("UPDATE export SET seen = true WHERE id = ANY(:ids)", ids=list(export_ids))


async def take(db: Session, worker: str, now: datetime, *, left: bool) -> RowMapping | None:
    """Takes the oldest that nobody holds; with ``left`` one that the worker held when it was ended, too."""
    return await db.row(
        """
        UPDATE export_task SET tries = tries + 1, worker = :worker, held_until = :until
        WHERE id = (SELECT id FROM export_task
                    WHERE session_key IS NOT NULL
                      AND (held_until IS NULL OR held_until <= :now OR CAST(:left AS boolean) AND worker = :worker)
                    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id, owner, session_key, tries
        """,
        worker=worker,
        now=now,
        until=now + HELD,
        left=left,
    )


async def go_on(db: Session, task: RowMapping, done: int, now: datetime) -> int:
    """Notes how far it is; 0 when it is this try's no longer."""
    held = await db.run(
        f"UPDATE export_task SET held_until = :until WHERE {_MINE}",  # noqa: S608
        id=task["id"],
        tries=task["tries"],
        until=now + HELD,
    )
    if held:
        await db.run("UPDATE export SET done = :done WHERE id = :id", id=task["id"], done=done)
    return held


async def give_back(db: Session, task: RowMapping) -> None:
    """Another process may take it at once."""
    await db.run(
        f"UPDATE export_task SET worker = NULL, held_until = NULL WHERE {_MINE}",  # noqa: S608
        id=task["id"],
        tries=task["tries"],
    )


async def postpone(db: Session, task: RowMapping, now: datetime) -> None:
    await db.run(
        f"UPDATE export_task SET worker = NULL, held_until = :until WHERE {_MINE}",  # noqa: S608
        id=task["id"],
        tries=task["tries"],
        until=now + pause(task["tries"]),
    )


async def end(
    db: Session, task: RowMapping, now: datetime, *, content: bytes | None = None, failure: str | None = None
) -> int:
    """With its file or with why there is none; 0 when it is this try's no longer."""
    ended = await db.run(
        f"UPDATE export_task SET session_key = NULL, worker = NULL, held_until = NULL WHERE {_MINE}",  # noqa: S608
        id=task["id"],
        tries=task["tries"],
    )
    if ended:
        await db.run(
            "UPDATE export SET content = :content, failure = :failure, ended_at = :now WHERE id = :id",
            id=task["id"],
            content=content,
            failure=failure,
            now=now,
        )
    return ended


async def forget(db: Session, now: datetime) -> None:
    """Deletes what was kept long enough, files and all."""
    await db.run("DELETE FROM export_task WHERE asked_at <= :oldest", oldest=now - KEPT)
