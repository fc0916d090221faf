"""Every SQL statement about offices (片区、责任单位), which are known by their audience."""

from collections.abc import Sequence

from chassis.tenancy import Session


async def put(db: Session, audience: str, name: str, version: int) -> None:
    """A row gives way to a higher version only, so order and repetition do not matter."""
    await db.run(
        """
        INSERT INTO office (audience, name, version) VALUES (:audience, :name, :version)
        ON CONFLICT (audience) DO UPDATE SET name = excluded.name, version = excluded.version
        WHERE office.version < excluded.version
        """,
        audience=audience,
        name=name,
        version=version,
    )


async def unknown(db: Session, audiences: Sequence[str]) -> list[str]:
    """Those of the audiences that no office has, in their order."""
    rows = await db.rows(
        """
        SELECT audience FROM unnest(CAST(:audiences AS text[])) WITH ORDINALITY given(audience, position)
        WHERE NOT EXISTS (SELECT FROM office o WHERE o.audience = given.audience) ORDER BY position
        """,
        audiences=list(audiences),
    )
    return [row["audience"] for row in rows]
