"""The people of the offices, as their tokens tell of them: noted on their first request of a day."""

from collections.abc import MutableMapping
from datetime import date
from typing import Any

from chassis.auth import Caller
from chassis.tenancy import Session

Seen = MutableMapping[str, tuple[Any, ...]]
"""By subject what was last noted, so that nothing is written when nothing is new."""


def note(db: Session, caller: Caller, office: str, today: date, seen: Seen) -> None:
    """At the end of the transaction keeps name, account and office of somebody who works for a zone or a unit, in the
    own name.
    """
    known = (caller.username, caller.name, office, today)
    named = caller.username and caller.acting_for is None
    if caller.scope in ("tenant", "unit") and named and seen.get(caller.sub) != known:
        db.before_commit(_put, (caller.sub, known, seen))


async def _put(db: Session, noted: list[tuple[str, tuple[Any, ...], Seen]]) -> None:
    for sub, known, seen in noted:
        await db.run(
            """
            INSERT INTO person (sub, account, name, office, seen_on) VALUES (:sub, :account, :name, :office, :today)
            ON CONFLICT (sub) DO UPDATE SET account = excluded.account, name = excluded.name,
                office = excluded.office, seen_on = excluded.seen_on
            """,
            sub=sub,
            **dict(zip(("account", "name", "office", "today"), known, strict=True)),
        )
        seen[sub] = known
