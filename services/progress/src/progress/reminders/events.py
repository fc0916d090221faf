"""What is published about reminders: on the topic of the office's jurisdiction."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chassis.events import uuid7
from chassis.tenancy import Session
from progress import offices
from progress.publishing import publish
from progress.reminders.rules import LEVELS


async def tell(db: Session, what: str, office: str, due: Sequence[Mapping[str, Any]], today: date) -> None:
    """Publishes ``reminder.<due_soon|overdue>`` of one office."""
    reminder = {
        "id": uuid7(),
        "office": office,
        "office_name": due[0]["office_name"],
        "jurisdiction": offices.jurisdiction(office),
        "day": today,
        "due": [{**each, "level": LEVELS[each["step"]]} for each in due],
        "version": 1,
    }
    await publish(db, f"reminder.{what}", reminder, {"reminder": reminder}, reminder["jurisdiction"])
