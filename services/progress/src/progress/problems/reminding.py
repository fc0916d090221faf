"""The chore for problems: urges those who are asked, before the day of their answer and after it, each once."""

from dataclasses import replace
from datetime import date, timedelta

from chassis.tenancy import Session
from progress.calendar.store import calendar
from progress.problems import rules, store, taking
from progress.problems.rules import Reminder

AHEAD = timedelta(30)


async def remind(db: Session, today: date) -> int:
    """Says of each unanswered problem that it is due soon, overdue, and at last long overdue; how many were said."""
    said, days = 0, await calendar(db)
    for problem, asked_on in await store.lock_unanswered(db, today + AHEAD):
        reminder = rules.reminder(problem.answer_due, asked_on, today, days)
        if reminder in (Reminder.NONE, problem.reminded):
            continue
        after = replace(problem, reminded=reminder, version=problem.version + 1)
        await store.remind(db, after)
        await taking.note(db, reminder, problem, after, "", problem.answer_due)
        said += 1
    return said
