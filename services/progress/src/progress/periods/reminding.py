"""The chore for periods: reminds offices of what they owe, before it is due and after its grace."""

from datetime import date, timedelta

from chassis.tenancy import Session
from progress.calendar.store import calendar
from progress.periods import events, rules, store
from progress.periods.rules import Reminder

AHEAD = timedelta(30)


async def remind(db: Session, today: date) -> int:
    """Says once of each period that it is due soon, and once that it is overdue; how many were said."""
    said, days = 0, await calendar(db)
    for period in await store.lock_unreminded(db, today + AHEAD):
        reminder = rules.reminder(period["due"], period["grace"], today, days)
        if reminder in (Reminder.NONE, Reminder(period["reminded"])):
            continue
        version = await store.remind(db, period["id"], reminder)
        await events.tell(db, reminder, {**period, "version": version}, await store.outstanding(db, period["id"]))
        said += 1
    return said
