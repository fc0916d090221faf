"""What happens on ``progress.*``, and to plans that are written, becomes entries, mails to be sent, and changes for the
live stream.
"""

from chassis.events import Event
from chassis.handling import Handler
from chassis.tenancy import Session
from notify.inbox import cases, manuscripts, meetings, reminders, rules, settling, store, supervision
from notify.mail import store as mail
from notify.mail.rules import settle_seconds
from notify.stream import store as stream

TOPICS = r"^progress\..+"
CATALOG, CATALOG_GROUP = "catalog", "notify.catalog"
GROUP = "notify.progress"
HAPPENED = (
    *(f"line.{what}" for what in ("opened", "updated", "withdrawn", "suspended", "resumed", "progressed", "stalled")),
    *(f"report.{what}" for what in ("submitted", "confirmed", "returned", "reviewed")),
    *(f"extension.{what}" for what in ("asked", "approved", "refused", "moved")),
    "milestone.overdue",
    "bulletin.published",
    *(f"decision.{what}" for what in meetings.TOLD),
    "handover.made",
    "indicator_value.revised",
    *(f"missing_value.{what}" for what in ("due_soon", "overdue")),
    *(f"period.{what}" for what in ("opened", "due_soon", "overdue")),
    *(f"assessment.{what}" for what in ("announced", "published", "closed")),
    *(f"objection.{what}" for what in ("raised", "answered")),
    *(f"exemption.{what}" for what in ("granted", "lifted")),
    *(f"filing.{what}" for what in ("submitted", "checked", "accepted", "approved", "returned", "reopened")),
    *(f"order.{what}" for what in supervision.ORDER_STEPS),
    *(f"problem.{what}" for what in supervision.PROBLEM_STEPS),
    *cases.HAPPENED,
    *reminders.HAPPENED,
)


async def handle(db: Session, event: Event) -> None:
    """Tells those concerned, all in the transaction that notes the event as handled."""
    position = await store.next_position(db)
    await store.settle(db, settling.settled(event.type, event.data))
    entries = rules.entries(event.type, str(event.id), event.time, event.data)
    if entries:
        added = await store.put(db, entries, position)
        await mail.request(db, added, settle_seconds(grouped=entries[0].grouped))
    told = [entry.audience for entry in entries]
    concerned = rules.concerned(event.data)
    if concerned:
        jurisdiction, readers = concerned
        thing, thing_id = rules.changed_thing(event.type, event.data)
        units = [audience.removeprefix("unit:") for audience in readers if audience.startswith("unit:")]
        await stream.add(db, stream.Change(position + 1, event.type, thing, thing_id, jurisdiction, units))
        told += readers
    await stream.wake(db, list(dict.fromkeys(told)))


HANDLERS: dict[str, Handler] = {f"{rules.PREFIX}{what}.v1": handle for what in HAPPENED}
CATALOG_HANDLERS: dict[str, Handler] = {f"{rules.CATALOG}{what}.v1": handle for what in manuscripts.HAPPENED}
