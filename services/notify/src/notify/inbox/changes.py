"""The SQL that puts down what changed, for the live stream."""

from collections.abc import Sequence
from dataclasses import asdict

from chassis.tenancy import Session
from notify.stream.store import Change


async def add(db: Session, changes: Sequence[Change]) -> None:
    await db.run_all(
        """
        INSERT INTO change (position, type, thing, thing_id, jurisdiction, units)
        VALUES (:position, :type, :thing, :thing_id, :jurisdiction, :units)
        """,
        [asdict(change) for change in changes],
    )
