"""Every SQL statement about the queue of organizations to be made in Keycloak."""

from collections.abc import Sequence
from typing import Literal

from chassis.tenancy import RowMapping, Session

Domain = Literal["zone", "unit"]


async def request(db: Session, code: str, name: str, domain: Domain) -> None:
    """Asks, in the caller's transaction, that the organization of a zone or unit exist under this name."""
    await db.run(
        """
        INSERT INTO organization_request (alias, name, domain) VALUES (:alias, :name, :domain)
        ON CONFLICT (alias) DO UPDATE SET name = excluded.name, attempts = 0, next_try = now(), done_at = NULL
        """,
        alias=code,
        name=name,
        domain=domain,
    )


async def due(db: Session, limit: int) -> Sequence[RowMapping]:
    """Requests whose time has come."""
    return await db.rows(
        """
        SELECT alias, name, domain, attempts FROM organization_request
        WHERE done_at IS NULL AND next_try <= now() ORDER BY next_try LIMIT :limit
        """,
        limit=limit,
    )


async def done(db: Session, alias: str, name: str) -> None:
    """Forgets the request, unless another name was asked for meanwhile."""
    await db.run(
        """
        UPDATE organization_request SET done_at = now(), error = NULL, attempts = attempts + 1
        WHERE alias = :alias AND name = :name
        """,
        alias=alias,
        name=name,
    )


async def failed(db: Session, alias: str, error: str, pause_seconds: int) -> None:
    await db.run(
        """
        UPDATE organization_request
        SET attempts = attempts + 1, error = :error, next_try = now() + make_interval(secs => CAST(:pause AS integer))
        WHERE alias = :alias
        """,
        alias=alias,
        error=error,
        pause=pause_seconds,
    )
