"""The chore for replications: asks zones that do not answer once more, later tells the province, each once."""

from datetime import date

from chassis.tenancy import Session
from progress.calendar.store import calendar
from progress.replications import events, rules, store
from progress.replications.rules import Reminder

BATCH = 100


async def remind(db: Session, today: date) -> int:
    """Says of some unanswered replications that an answer is waited for; how many."""
    said, days = 0, await calendar(db)
    for row in await store.unanswered(db, today):
        reminder = rules.reminder(row["published_on"], row["reminded_on"], today, days)
        if reminder is Reminder.NONE or said == BATCH:
            continue
        replication = await store.lock(db, row["case_id"], row["zone"])
        if replication and await store.remind(db, replication, reminder, today):
            await events.remind(db, replication, reminder)
            said += 1
    return said
