"""The chore for deadlines: reminds offices before they come and after they have passed, each step once."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from chassis.tenancy import RowMapping, Session
from progress.calendar.store import calendar
from progress.reminders import events, rules, store

BATCH = 200


async def remind(db: Session, today: date) -> int:
    """Tells some offices of the latest step that their deadlines have reached; how many of these are noted."""
    days = await calendar(db)
    owed = await store.owed(db, list(rules.reached(today, days)), today, BATCH)
    if owed:
        noted = await store.note(db, owed, today)
        news = [each for each in owed if rules.is_news(each["deadline"], each["begun"], today, days)]
        await _tell(db, [each for each in news if store.key(each) in noted], today)
    return len(owed)


async def _tell(db: Session, due: Iterable[RowMapping], today: date) -> None:
    for (office, late), each in groupby(sorted(due, key=_told_together), key=_told_together):
        await events.tell(db, "overdue" if late else "due_soon", office, [dict(row) for row in each], today)


def _told_together(each: RowMapping) -> tuple[str, bool]:
    return each["office"], each["step"] > 0
