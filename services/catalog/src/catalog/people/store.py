"""The one thing that the database does for people: who changes those of an office, changes them alone."""

from chassis.tenancy import Session


async def alone(db: Session, office: str | None) -> None:
    """Until the transaction's end nobody else changes accounts of the office."""
    await db.run("SELECT pg_advisory_xact_lock(hashtext('people:' || CAST(:office AS text)))", office=office or "")
