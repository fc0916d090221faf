"""Every SQL statement about integrators."""

from collections.abc import Iterable, Mapping
from typing import Any

from chassis import pages
from chassis.tenancy import RowMapping, Session
from notify.integrators.rules import Wish

CHANNEL = "integrators"
SYSTEMS = ("keycloak", "kafka")

_STEPS = """
    SELECT coalesce(json_agg(json_build_object(
        'system', s.system,
        'state', CASE WHEN s.error IS NOT NULL AND s.tried >= i.version THEN 'failed'
                      WHEN s.done < i.version THEN 'waiting' ELSE 'in_step' END,
        'done_at', s.done_at,
        'next_try', CASE WHEN s.error IS NOT NULL THEN s.next_try END,
        'error', s.error) ORDER BY s.system), '[]')
    FROM integrator_step s WHERE s.client = i.client
"""
_SHOWN = f"""
    SELECT i.client, i.name, i.contact, i.tenants, i.suspended, i.removed, i.version, i.created_at, i.secret_at,
           ({_STEPS}) AS steps
    FROM integrator i
"""  # noqa: S608 - no input


async def granted(db: Session, client: str) -> frozenset[str]:
    """The tenants whose events a client may have now; none for one that is unknown, suspended or removed."""
    found = await db.value(
        "SELECT tenants FROM integrator WHERE client = :client AND NOT suspended AND NOT removed", client=client
    )
    return frozenset(found or ())


async def standing(db: Session, client: str) -> dict[str, Any] | None:
    """Whether a client may read, and of which tenants."""
    row = await db.row("SELECT tenants, suspended, removed FROM integrator WHERE client = :client", client=client)
    return None if row is None else dict(row)


async def page(db: Session, *, limit: int, cursor: str | None) -> bytes:
    """Integrators by client."""
    after = pages.decode(cursor, str) or (None,)
    return await pages.page(
        db,
        _SHOWN + "WHERE CAST(:after AS text) IS NULL OR i.client > :after ORDER BY i.client LIMIT :limit",
        limit=limit,
        cursor_columns=("client",),
        after=after[0],
    )


async def shown(db: Session, client: str) -> bytes | None:
    return await db.json_one(_SHOWN + "WHERE i.client = :client", client=client)


async def get_for_update(db: Session, client: str) -> dict[str, Any] | None:
    row = await db.row(
        """
        SELECT client, name, contact, tenants, suspended, removed, version
        FROM integrator WHERE client = :client FOR UPDATE
        """,
        client=client,
    )
    return None if row is None else dict(row)


async def add(db: Session, given: Mapping[str, Any], to: Iterable[str] = SYSTEMS) -> bool:
    """Whether the client was still free; ``to`` are the systems that are to know it."""
    added = await db.run(
        """
        INSERT INTO integrator (client, name, contact, tenants) VALUES (:client, :name, :contact, :tenants)
        ON CONFLICT DO NOTHING
        """,
        **given,
    )
    if added:
        await db.run_all(
            "INSERT INTO integrator_step (client, system) VALUES (:client, :system)",
            [{"client": given["client"], "system": system} for system in to],
        )
        await _wake(db)
    return bool(added)


async def change(db: Session, wanted: Mapping[str, Any]) -> None:
    await db.run(
        """
        UPDATE integrator SET name = :name, contact = :contact, tenants = :tenants, suspended = :suspended,
               removed = :removed, version = version + 1
        WHERE client = :client
        """,
        **{name: value for name, value in wanted.items() if name != "version"},
    )
    await _wake(db)


async def hand_over(db: Session, client: str, secret: str) -> None:
    """A new secret, which stays here until Keycloak has it."""
    await db.run(
        """
        UPDATE integrator SET secret = :secret, secret_at = clock_timestamp(), version = version + 1
        WHERE client = :client
        """,
        client=client,
        secret=secret,
    )
    await _wake(db)


async def _wake(db: Session) -> None:
    await db.run("SELECT pg_notify(:channel, '')", channel=CHANNEL)


async def due(db: Session, system: str) -> list[tuple[Wish, int]]:
    """What a system has not been told yet, or is to be asked again, each with its failed attempts."""
    rows = await db.rows(
        """
        SELECT i.client, i.name, i.tenants, i.suspended, i.removed, i.version, i.secret,
               CASE WHEN s.tried < i.version THEN 0 ELSE s.attempts END AS attempts
        FROM integrator_step s JOIN integrator i ON i.client = s.client
        WHERE s.system = :system AND (s.tried < i.version OR s.next_try <= clock_timestamp())
        ORDER BY s.next_try
        """,
        system=system,
    )
    return [(_wish(row), row["attempts"]) for row in rows]


def _wish(row: RowMapping) -> Wish:
    fields: dict[str, Any] = {name: row[name] for name in ("client", "name", "suspended", "removed", "version")}
    return Wish(**fields, tenants=frozenset(row["tenants"]), secret=row["secret"])


async def done(db: Session, system: str, wish: Wish, again_seconds: int) -> None:
    """Notes that a system says what was wished; forgets a secret that Keycloak has, and whom both have forgotten.

    The row is locked first: of two systems that have just forgotten, the second one sees it of the first.
    """
    await db.run("SELECT FROM integrator WHERE client = :client FOR UPDATE", client=wish.client)
    await db.run(
        """
        UPDATE integrator_step
        SET tried = :version, done = :version, done_at = clock_timestamp(), attempts = 0, error = NULL,
            next_try = clock_timestamp() + make_interval(secs => CAST(:again AS integer))
        WHERE client = :client AND system = :system
        """,
        client=wish.client,
        system=system,
        version=wish.version,
        again=again_seconds,
    )
    if system == "keycloak" and wish.secret is not None:
        await db.run(
            "UPDATE integrator SET secret = NULL WHERE client = :client AND secret = :secret",
            client=wish.client,
            secret=wish.secret,
        )
    if wish.removed:
        await db.run(
            """
            DELETE FROM integrator i WHERE client = :client AND removed
              AND NOT EXISTS (SELECT 1 FROM integrator_step s WHERE s.client = i.client AND s.done < i.version)
            """,
            client=wish.client,
        )


async def failed(db: Session, system: str, wish: Wish, attempts: int, error: str, pause_seconds: int) -> None:
    await db.run(
        """
        UPDATE integrator_step
        SET tried = :version, attempts = :attempts, error = :error,
            next_try = clock_timestamp() + make_interval(secs => CAST(:pause AS integer))
        WHERE client = :client AND system = :system
        """,
        client=wish.client,
        system=system,
        version=wish.version,
        attempts=attempts,
        error=error,
        pause=pause_seconds,
    )


async def check_all(db: Session, systems: Iterable[str]) -> None:
    """Asks for all to be compared again, at the start of a worker."""
    await db.run(
        "UPDATE integrator_step SET next_try = clock_timestamp() WHERE system = ANY(:systems)", systems=list(systems)
    )
