"""Every SQL statement of the API of webhooks; what the worker says stands in ``queue``."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from notify.webhooks.rules import OLD_SECRET_KEPT

COLUMNS = """
    w.id, w.integrator, w.url, w.types, w.tenants, w.ordering, w.paused, w.failing_since, w.version, w.created_at,
    (SELECT count(*) FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'waiting') AS waiting,
    (SELECT count(*) FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'failed') AS failed
"""
DELIVERY = """
    d.id, d.message_id, d.type, d.subject, d.tenant, d.state, d.attempts, d.created_at, d.next_try, d.settled_at,
    (SELECT a.reason FROM webhook_attempt a WHERE a.delivery_id = d.id ORDER BY a.number DESC LIMIT 1) AS reason
"""
ATTEMPT = """
    a.number, a.at, a.url, a.headers, a.address, a.milliseconds, a.status, a.reason, a.detail,
    r.type AS answer_type, r.body AS answer
"""
AGAIN = "state = 'waiting', next_try = clock_timestamp(), since = NULL, tries = 0, settled_at = NULL"
IN_HAND = "state = 'waiting' AND held_until > clock_timestamp()"


async def count(db: Session, client: str) -> int:
    """How many webhooks a client has; who counts at the same time waits."""
    await db.value("SELECT pg_advisory_xact_lock(hashtext('webhook'), hashtext(:client))", client=client)
    return int(await db.value("SELECT count(*) FROM webhook WHERE integrator = :client", client=client))


async def add(db: Session, client: str, given: Mapping[str, Any]) -> UUID:
    """It begins with what happens from now on."""
    added: UUID = await db.value(
        """
        INSERT INTO webhook (integrator, url, types, tenants, ordering)
        VALUES (:client, :url, CAST(:types AS text[]), CAST(:tenants AS text[]), :ordering) RETURNING id
        """,
        client=client,
        **given,
    )
    return added


async def change(db: Session, webhook_id: UUID, given: Mapping[str, Any]) -> None:
    await db.run(
        """
        UPDATE webhook SET url = :url, types = CAST(:types AS text[]), tenants = CAST(:tenants AS text[]),
                           ordering = :ordering, resting_until = NULL, version = version + 1
        WHERE id = :id
        """,
        id=webhook_id,
        **given,
    )


async def remove(db: Session, webhook_id: UUID) -> None:
    await db.run("DELETE FROM webhook WHERE id = :id", id=webhook_id)


async def get(db: Session, webhook_id: UUID, *, lock: bool = False) -> RowMapping | None:
    """None for one that the caller may not see."""
    held = "FOR UPDATE OF w" if lock else ""
    return await db.row(f"SELECT {COLUMNS} FROM webhook w WHERE w.id = :id {held}", id=webhook_id)  # noqa: S608


async def page(db: Session, *, integrator: str | None, limit: int, cursor: str | None) -> list[RowMapping]:
    """Webhooks, newest first; one more than the page has when there are more."""
    after = pages.decode(cursor, UUID) or (None,)
    return list(
        await db.rows(
            f"""
            SELECT {COLUMNS} FROM webhook w
            WHERE (CAST(:integrator AS text) IS NULL OR integrator = :integrator)
              AND (CAST(:after AS uuid) IS NULL OR id < :after)
            ORDER BY id DESC LIMIT :limit
            """,  # noqa: S608
            integrator=integrator,
            after=after[0],
            limit=limit + 1,
        )
    )


async def put_secret(db: Session, webhook_id: UUID, secret: str) -> None:
    """Makes it the present one; the one before it signs beside it for a day."""
    await db.run(
        """
        UPDATE webhook_secret SET until = clock_timestamp() + CAST(:kept AS interval)
        WHERE webhook_id = :id AND until IS NULL
        """,
        id=webhook_id,
        kept=OLD_SECRET_KEPT,
    )
    await db.run("INSERT INTO webhook_secret (webhook_id, secret) VALUES (:id, :secret)", id=webhook_id, secret=secret)


async def touch(db: Session, webhook_id: UUID) -> None:
    await db.run("UPDATE webhook SET version = version + 1 WHERE id = :id", id=webhook_id)


async def pause(db: Session, webhook_id: UUID, why: str) -> None:
    await db.run("UPDATE webhook SET paused = :why, version = version + 1 WHERE id = :id", id=webhook_id, why=why)


async def wake(db: Session, webhook_id: UUID) -> None:
    """It rests no more."""
    await db.run("UPDATE webhook SET resting_until = NULL WHERE id = :id", id=webhook_id)


async def resume(db: Session, webhook_id: UUID) -> None:
    """Lets it begin anew, what waits too."""
    await db.run(
        """
        UPDATE webhook SET paused = NULL, failing_since = NULL, resting_until = NULL, version = version + 1
        WHERE id = :id
        """,
        id=webhook_id,
    )
    await db.run(
        f"""
        UPDATE webhook_delivery SET {AGAIN}
        WHERE webhook_id = :id AND state = 'waiting' AND ({IN_HAND}) IS NOT TRUE
        """,  # noqa: S608
        id=webhook_id,
    )


async def add_test(db: Session, webhook_id: UUID, type_: str) -> UUID:
    added: UUID = await db.value(
        """
        INSERT INTO webhook_delivery (webhook_id, position, message_id, type, subject, next_try)
        VALUES (:webhook, CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint), :message, :type,
                :subject, clock_timestamp())
        RETURNING id
        """,
        webhook=webhook_id,
        subject=str(webhook_id),
        message=str(uuid7()),
        type=type_,
    )
    return added


async def replay_since(db: Session, webhook_id: UUID, position: int) -> None:
    """Sends all that is kept from a position on once more, the events that were never sent too."""
    await db.run(
        "UPDATE webhook SET after = least(after, :position) WHERE id = :id", id=webhook_id, position=position - 1
    )


async def replay_failed(db: Session, webhook_id: UUID, position: int) -> None:
    """Tries at once what was given up or waits to be tried again, from a position on."""
    await db.run(
        f"""
        UPDATE webhook_delivery SET {AGAIN}
        WHERE webhook_id = :id AND state IN ('failed', 'waiting') AND position >= :position AND ({IN_HAND}) IS NOT TRUE
        """,  # noqa: S608
        id=webhook_id,
        position=position,
    )


async def replay(db: Session, delivery_id: UUID) -> None:
    """Unless it is being sent right now."""
    await db.run(f"UPDATE webhook_delivery SET {AGAIN} WHERE id = :id AND ({IN_HAND}) IS NOT TRUE", id=delivery_id)  # noqa: S608


async def deliveries(
    db: Session, webhook_id: UUID, *, state: str | None, limit: int, cursor: str | None
) -> list[RowMapping]:
    """Of a webhook, newest first; one more than the page has when there are more."""
    after = pages.decode(cursor, UUID) or (None,)
    return list(
        await db.rows(
            f"""
            SELECT {DELIVERY} FROM webhook_delivery d
            WHERE webhook_id = :webhook AND (CAST(:state AS text) IS NULL OR state = :state)
              AND (CAST(:after AS uuid) IS NULL OR id < :after)
            ORDER BY id DESC LIMIT :limit
            """,  # noqa: S608
            webhook=webhook_id,
            state=state,
            after=after[0],
            limit=limit + 1,
        )
    )


async def delivery(db: Session, webhook_id: UUID, delivery_id: UUID) -> RowMapping | None:
    """With the body of its event, for who may read that."""
    return await db.row(
        f"""
        SELECT {DELIVERY}, e.body FROM webhook_delivery d
        LEFT JOIN event e ON e.tenant = d.tenant AND e.position = d.position
        WHERE d.id = :id AND d.webhook_id = :webhook
        """,  # noqa: S608
        id=delivery_id,
        webhook=webhook_id,
    )


async def attempts(db: Session, delivery_id: UUID) -> list[RowMapping]:
    """The newest tries, first the last one; what was answered, for who may read that."""
    return list(
        await db.rows(
            f"""
            SELECT {ATTEMPT} FROM webhook_attempt a LEFT JOIN webhook_answer r ON r.attempt_id = a.id
            WHERE a.delivery_id = :id ORDER BY a.number DESC LIMIT 100
            """,  # noqa: S608
            id=delivery_id,
        )
    )
