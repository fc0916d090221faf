"""The chore for values of indicators: reminds offices of those that they owe, when they are soon due and overdue."""

from datetime import date

from chassis.tenancy import Session
from progress.calendar.store import calendar
from progress.indicators import events, missing, owing, store
from progress.periods.rules import Reminder


async def remind(db: Session, today: date) -> int:
    """Says once of each missing value that it is due soon, and once that it is overdue; how many were said."""
    owed = owing.to_say(today, await calendar(db))
    rows = await missing.unreminded(db, owed, list(await store.places(db)))
    for row in rows:
        reminder = Reminder(row["reminder"])
        kept = await missing.remind(db, dict(row), reminder)
        await events.missed(db, reminder, {**row, **kept})
    return len(rows)
