"""In: every event on ``progress.*`` is kept as it came, whatever its type."""

from chassis.events import Event
from chassis.handling import Every
from chassis.tenancy import Session
from notify.feed import store

GROUP = "notify.feed"


async def keep(db: Session, event: Event) -> None:
    await store.add(db, event)


HANDLERS = Every(keep)
