"""The chore for decisions: urges the offices that lead them, when they are soon due and overdue, each once."""

from datetime import date, timedelta

from chassis.tenancy import Session
from progress.calendar.store import calendar
from progress.meetings import events, rules, store
from progress.periods.rules import Reminder

AHEAD = timedelta(30)


async def remind(db: Session, today: date) -> int:
    """Says once of each decision that it is due soon, and once that it is overdue; how many were said."""
    said, days = 0, await calendar(db)
    for decision in await store.lock_unreminded(db, today + AHEAD):
        reminder = rules.reminder(decision["due"], decision["made_on"], today, days)
        if reminder in (Reminder.NONE, Reminder(decision["reminded"])):
            continue
        version = await store.remind(db, decision["id"], reminder)
        await events.tell_decision(db, reminder, {**decision, "version": version})
        said += 1
    return said
