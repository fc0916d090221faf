"""The chore for milestones: reminds those who work on a line of one that is past its day (节点逾期提醒)."""

from datetime import date

from chassis.tenancy import Session
from progress.catalog_copy import store as copy
from progress.lines import store as lines
from progress.milestones import placing, store

BATCH = 100


async def remind(db: Session, today: date) -> int:
    """Tells, once for each day that it is given, of milestones of some lines; how many."""
    await copy.lock(db)
    overdue = await store.lock_overdue(db, today, BATCH)
    for row in overdue:
        line = await lines.get(db, row["line_id"])
        assert line is not None  # noqa: S101 - it is locked
        await store.reminded(db, row["id"], today)
        await placing.note(db, line, "overdue", row, await store.get(db, line.id, row["id"]))
    return len(overdue)
