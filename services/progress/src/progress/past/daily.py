"""The chore that closes days: keeps the overview's cells as they were when the day ended in Asia/Shanghai."""

from datetime import date

from chassis.tenancy import Session
from progress.past import events, rules, store


async def close(db: Session, today: date) -> int:
    """Closes the earliest day that is over and tells its totals; 0 when all are closed. A day that a stop made late is
    marked as reconstructed.
    """
    closed = await store.last_closed(db)
    day = rules.next_to_close(closed, None if closed else await store.first_entry(db), today)
    if day is None:
        return 0
    late = day < today - rules.DAY
    if not await store.claim(db, day, reconstructed=late):
        return 1
    if not late:
        await store.wait_for_writers(db)
    await store.keep_cells(db, day, rules.end(day))
    await events.tell(db, day, reconstructed=late)
    return 1
