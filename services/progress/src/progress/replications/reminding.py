"""The chore for replications: asks zones that do not answer once more, later tells the province; urges those that are
late with what they agreed to. Each once.
"""

from datetime import date

from chassis.tenancy import Session
from progress.calendar.store import calendar
from progress.replications import events, rules, store
from progress.replications.rules import Reminder

BATCH = 100


async def remind(db: Session, today: date) -> int:
    """Says of some replications that an answer, or what was agreed to, is waited for; how many."""
    said, days = await _late(db, today), await calendar(db)
    for row in await store.unanswered(db, today):
        reminder = rules.reminder(row["published_on"], row["reminded_on"], today, days)
        if reminder is Reminder.NONE or said >= BATCH:
            continue
        replication = await store.lock(db, row["case_id"], row["zone"])
        if replication and await store.remind(db, replication, reminder, today):
            await events.remind(db, replication, reminder)
            said += 1
    return said


async def _late(db: Session, today: date) -> int:
    said = 0
    for row in await store.late(db, today, BATCH):
        replication = await store.lock(db, row["case_id"], row["zone"])
        if replication and rules.is_late(replication.state, row["due"], today):
            await store.remind_late(db, replication, today)
            await events.remind(db, replication, Reminder.REMINDED)
            said += 1
    return said
