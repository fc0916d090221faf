"""The chore for lines that stand still (长期无进展): raises the alarm, and lifts it when its threshold was raised."""

from datetime import date

from chassis.tenancy import Session
from progress.catalog_copy import store as copy
from progress.lines import changing, store

BATCH = 200


async def watch(db: Session, today: date) -> int:
    """Raises or lifts the alarm of some lines; how many. What is done for a line lifts its alarm at once."""
    await copy.lock(db)
    lines = await store.lock_still(db, today, BATCH)
    for line in lines:
        what, event = ("stall_lifted", "progressed") if line.stalled_on else ("stalled", "stalled")
        await changing.set_progress(db, line, what, line.state, line.percent, today, event=event, office="clock")
    return len(lines)
