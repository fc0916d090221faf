"""Every SQL statement about sessions and begun logins."""

from datetime import datetime

from chassis.tenancy import Session
from portal.session.rules import IDLE, LOGIN_WITHIN, LONGEST, Login, Tokens, WebSession

ENDED = "session_ended"


async def add(db: Session, session: WebSession) -> None:
    await db.run(
        """
        INSERT INTO session (key, csrf, access_token, access_until, refresh_token, id_token, begun_at, seen_at, sid,
                             sub)
        VALUES (:key, :csrf, :access, :access_until, :refresh, :id, :begun_at, :seen_at, :sid, :sub)
        """,
        key=session.key,
        csrf=session.csrf,
        begun_at=session.begun_at,
        seen_at=session.seen_at,
        sid=session.tokens.sid,
        sub=session.tokens.sub,
        **vars(session.tokens),
    )


async def get(db: Session, key: bytes) -> WebSession | None:
    return await _one(db, key, "")


async def lock(db: Session, key: bytes) -> WebSession | None:
    """The session as it is now, unchanged by others until the transaction ends."""
    return await _one(db, key, "FOR UPDATE")


async def _one(db: Session, key: bytes, locking: str) -> WebSession | None:
    row = await db.row(f"SELECT * FROM session WHERE key = :key {locking}", key=key)  # noqa: S608 - a constant
    if row is None:
        return None
    tokens = Tokens(row["access_token"], row["access_until"], row["refresh_token"], row["id_token"])
    return WebSession(row["key"], row["csrf"], tokens, row["begun_at"], row["seen_at"], row["acting_for"])


async def seen(db: Session, key: bytes, now: datetime) -> None:
    await db.run("UPDATE session SET seen_at = :now WHERE key = :key", key=key, now=now)


async def renew(db: Session, key: bytes, tokens: Tokens) -> None:
    await db.run(
        """
        UPDATE session SET access_token = :access, access_until = :access_until, refresh_token = :refresh,
               id_token = :id WHERE key = :key
        """,
        key=key,
        **vars(tokens),
    )


async def outdate(db: Session, sub: str, until: datetime) -> None:
    """The access tokens of somebody's sessions end then, if not before; their pages look."""
    rows = await db.rows(
        "UPDATE session SET access_until = least(access_until, :until) WHERE sub = :sub RETURNING key",
        sub=sub,
        until=until,
    )
    for row in rows:
        await tell(db, row["key"])


async def act_for(db: Session, key: bytes, absent: str | None) -> None:
    await db.run("UPDATE session SET acting_for = :absent WHERE key = :key", key=key, absent=absent)


async def remove(db: Session, key: bytes) -> None:
    """Forgets a session, and tells of it."""
    await db.run("DELETE FROM session WHERE key = :key", key=key)
    await tell(db, key)


async def tell(db: Session, key: bytes) -> None:
    """Has all processes of the portal look at a session, once this is committed."""
    await db.run("SELECT pg_notify(:channel, :key)", channel=ENDED, key=key.hex())


async def remove_of(db: Session, sid: str) -> None:
    """Forgets what began with this session of Keycloak's, and tells all processes."""
    await db.run(
        """
        WITH ended AS (DELETE FROM session WHERE sid = :sid RETURNING key)
        SELECT pg_notify(:channel, encode(key, 'hex')) FROM ended
        """,
        channel=ENDED,
        sid=sid,
    )


async def add_login(db: Session, state_key: bytes, browser_key: bytes, login: Login, now: datetime) -> None:
    await db.run(
        """
        INSERT INTO login (state_key, browser_key, nonce, verifier, next, begun_at)
        VALUES (:state_key, :browser_key, :nonce, :verifier, :next, :now)
        """,
        state_key=state_key,
        browser_key=browser_key,
        now=now,
        **vars(login),
    )


async def take_login(db: Session, state_key: bytes, browser_key: bytes, now: datetime) -> Login | None:
    """The login that this browser has begun, once: it is gone afterwards."""
    row = await db.row(
        """
        DELETE FROM login WHERE state_key = :state_key AND browser_key = :browser_key AND begun_at > :since
        RETURNING nonce, verifier, next
        """,
        state_key=state_key,
        browser_key=browser_key,
        since=now - LOGIN_WITHIN,
    )
    return Login(**row) if row else None


async def remove_ended(db: Session, now: datetime) -> None:
    """Forgets sessions and logins whose time is over."""
    await db.run(
        "DELETE FROM session WHERE seen_at <= :idle OR begun_at <= :oldest", idle=now - IDLE, oldest=now - LONGEST
    )
    await db.run("DELETE FROM login WHERE begun_at <= :since", since=now - LOGIN_WITHIN)
