"""The chore for lights: judges them anew when the day turns in Asia/Shanghai."""

from datetime import date

from chassis.tenancy import Session
from progress.catalog_copy import store as copy
from progress.lines import changing, store

BATCH = 200


async def judge(db: Session, today: date) -> int:
    """Judges some of the lines that were not judged today; how many."""
    await copy.lock(db)
    lines = await store.lock_stale(db, today, BATCH)
    for line in lines:
        if line.light_with(line.state, line.percent, today) != line.light:
            await changing.set_progress(db, line, "light_changed", line.state, line.percent, today, office="clock")
    await store.judged(db, [line.id for line in lines], today)
    return len(lines)
