"""Which periods' values are owed, and until when. Pure: days come in as arguments.

A value is owed when its period has ended, from the period on in which its indicator came into use. It is due on the
tenth working day after the period's end, soon due three working days before, and asked for until a year has passed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from progress.calendar.rules import WorkCalendar
from progress.indicators import rules
from progress.indicators.rules import Period, Slot
from progress.periods.rules import Reminder, reminder

WORKING_DAYS = 10
ASKED_FOR = timedelta(365)
CAUGHT_UP = timedelta(60)
"""How long after its day something is still said of a value: a longer stop of the clock leaves it to the lists."""


@dataclass(frozen=True)
class Owed:
    """A period whose values are owed by a day; ``reminder`` is what there is to say of it today."""

    every: Period
    slot: Slot
    due: date
    reminder: Reminder


def due(slot: Slot, calendar: WorkCalendar) -> date:
    return calendar.after(slot.end, WORKING_DAYS)


def owed(today: date, calendar: WorkCalendar) -> list[Owed]:
    """Of every kind of period those that have ended within the last year."""
    found = []
    for every in Period:
        for slot in _ended(every, today):
            day = due(slot, calendar)
            found.append(Owed(every, slot, day, reminder(day, day, today, calendar)))
    return found


def to_say(today: date, calendar: WorkCalendar) -> list[Owed]:
    """Those periods of which there is something to say today."""
    return [
        each for each in owed(today, calendar) if each.reminder is not Reminder.NONE and each.due >= today - CAUGHT_UP
    ]


def _ended(every: Period, today: date) -> Iterator[Slot]:
    slot = rules.slot_at(every, rules.before(every, rules.slot_of(every, today).start))
    while slot.end >= today - ASKED_FOR:
        yield slot
        slot = rules.slot_at(every, rules.before(every, slot.start))
