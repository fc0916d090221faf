"""What happens on ``progress.*``, and to plans that are written, becomes entries, mails to be sent, and changes for the
live stream.
"""

from collections.abc import Sequence

from chassis.events import Event
from chassis.handling import Handler, Together
from chassis.tenancy import Session
from notify.inbox import cases, manuscripts, meetings, reminders, rules, settling, store, supervision
from notify.inbox.settling import Settled
from notify.inbox.store import Told
from notify.mail import store as mail
from notify.stream import store as stream

TOPICS = r"^progress\..+"
CATALOG, CATALOG_GROUP = "catalog", "notify.catalog"
GROUP = "notify.progress"
HAPPENED = (
    *(f"line.{what}" for what in ("opened", "updated", "withdrawn", "suspended", "resumed", "progressed", "stalled")),
    *(f"report.{what}" for what in ("submitted", "confirmed", "returned", "reviewed")),
    *(f"extension.{what}" for what in ("asked", "approved", "refused", "moved")),
    *(f"comment.{what}" for what in ("made", "withdrawn")),
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


async def handle(db: Session, events: Sequence[Event]) -> None:
    """Tells those concerned, all in the transaction that notes the events as handled."""
    first = await store.next_position(db, len(events))
    placed = [(first + store.ROOM * number, event) for number, event in enumerate(events)]
    told, settled = _told(placed)
    changed = [change for position, event in placed if (change := _change(position + 1, event))]
    await store.settle(db, settled)
    if told:
        await mail.request(db, await store.put(db, told))
    await stream.add(db, [change for change, _ in changed])
    readers = [each.entry.audience for each in told] + [reader for _, those in changed for reader in those]
    await stream.wake(db, list(dict.fromkeys(readers)))


def _told(placed: Sequence[tuple[int, Event]]) -> tuple[list[Told], set[Settled]]:
    """What is told of events at their positions, and what they settle: what was told before is not late."""
    told: list[Told] = []
    settled: set[Settled] = set()
    for position, event in reversed(placed):
        made = rules.entries(event.type, str(event.id), event.time, event.data)
        told += [Told(entry, position, late=entry.late and settled.isdisjoint(_settling(entry))) for entry in made]
        settled.update(settling.settled(event.type, event.data))
    return told[::-1], settled


def _settling(entry: rules.Entry) -> tuple[Settled, Settled]:
    return Settled(entry.about), Settled(entry.about, entry.audience)


def _change(position: int, event: Event) -> tuple[stream.Change, Sequence[str]] | None:
    """What changed, and the audiences whose pages show it."""
    concerned = rules.concerned(event.data)
    if concerned is None:
        return None
    jurisdiction, readers = concerned
    thing, thing_id = rules.changed_thing(event.type, event.data)
    units = [audience.removeprefix("unit:") for audience in readers if audience.startswith("unit:")]
    return stream.Change(position, event.type, thing, thing_id, jurisdiction, units), readers


HANDLED = Together(handle)
HANDLERS: dict[str, Handler] = {f"{rules.PREFIX}{what}.v1": HANDLED for what in HAPPENED}
CATALOG_HANDLERS: dict[str, Handler] = {f"{rules.CATALOG}{what}.v1": HANDLED for what in manuscripts.HAPPENED}
