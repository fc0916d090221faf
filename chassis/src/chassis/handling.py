"""An event handled once: its id is recorded in the transaction of what it changes."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from prometheus_client import Counter

from chassis import telemetry
from chassis.events import Event
from chassis.tenancy import Session

HANDLED = Counter("zoneportal_events_handled_total", "Events handled", ["consumer"])

Handler = Callable[[Session, Event], Awaitable[None]]


@dataclass(frozen=True)
class Together:
    """A handler that takes many events at once, in their order."""

    many: Callable[[Session, Sequence[Event]], Awaitable[None]]

    async def __call__(self, session: Session, event: Event) -> None:
        await self.many(session, [event])


class Every(Mapping[str, Handler]):
    """One handler for all types, also for those that are not known yet."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def __getitem__(self, type_: str) -> Handler:
        return self._handler

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


async def first_time(session: Session, consumer: str, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the events that this consumer has not handled before; they count as handled from here on."""
    rows = await session.rows(
        """
        INSERT INTO inbox (id, consumer) SELECT id, :consumer FROM unnest(CAST(:ids AS uuid[])) AS given (id)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        ids=list(ids),
        consumer=consumer,
    )
    return {row["id"] for row in rows}


async def handle(session: Session, consumer: str, events: Sequence[Event], handlers: Mapping[str, Handler]) -> None:
    """Handles events in their order; those that follow each other and have the same handler together, if it can: then
    in the trace of the first, whose span is linked with those of the others.
    """
    for handler, run in groupby(events, lambda event: handlers[event.type]):
        if isinstance(handler, Together):
            await _together(session, consumer, handler, list(run))
        else:
            for event in run:
                with _continuing(consumer, event):
                    await handler(session, event)
                    _note(consumer, event)


async def _together(session: Session, consumer: str, handler: Together, events: Sequence[Event]) -> None:
    with _continuing(consumer, events[0]):
        telemetry.link(event.traceparent for event in events[1:])
        await handler.many(session, events)
        _note(consumer, *events)


def _continuing(consumer: str, event: Event) -> AbstractContextManager[None]:
    about = {
        "messaging.system": "kafka",
        "messaging.consumer.group.name": consumer,
        "messaging.message.id": str(event.id),
    }
    return telemetry.continuing(event.type, event.traceparent, **about)


def _note(consumer: str, first: Event, *others: Event) -> None:
    HANDLED.labels(consumer).inc(1 + len(others))
    fields = {"consumer": consumer, "event": first.id, "type": first.type, "subject": first.subject}
    telemetry.log.info("event handled", extra={"fields": fields | ({"others": len(others)} if others else {})})


async def once(session: Session, consumer: str, event: Event, handlers: Mapping[str, Handler]) -> None:
    """Handles an event unless this consumer has handled it before."""
    if await first_time(session, consumer, [event.id]):
        await handle(session, consumer, [event], handlers)
