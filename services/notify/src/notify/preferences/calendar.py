"""The work calendar as the province corrected it, learned from the events of progress."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from chassis.events import Event
from chassis.handling import Handler
from chassis.tenancy import Session
from chassis.workdays import WorkCalendar

TYPE = "zoneportal.progress.setting.changed.v1"


async def handle(db: Session, event: Event) -> None:
    """Keeps the corrections of a year; other settings are of no concern here."""
    setting: Mapping[str, Any] = event.data["setting"]
    if setting["setting"] == "calendar":
        await db.run(
            """
            INSERT INTO calendar_year (year, days) VALUES (:year, CAST(:days AS jsonb))
            ON CONFLICT (year) DO UPDATE SET days = excluded.days
            """,
            year=int(setting["key"]["year"]),
            days=json.dumps(setting["values"]["days"]),
        )


async def corrected(db: Session) -> WorkCalendar:
    rows = await db.rows("SELECT days FROM calendar_year")
    return WorkCalendar({date.fromisoformat(day): works for row in rows for day, works in row["days"].items()})


HANDLERS: dict[str, Handler] = {TYPE: handle}
