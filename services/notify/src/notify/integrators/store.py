"""Every SQL statement about integrators."""

from chassis.tenancy import Session


async def granted(db: Session, client: str) -> frozenset[str]:
    """The tenants whose events a client may have now; none for one that is unknown, suspended or removed."""
    found = await db.value(
        "SELECT tenants FROM integrator WHERE client = :client AND NOT suspended AND NOT removed", client=client
    )
    return frozenset(found or ())
