"""The live stream (实时推送) of the caller's news."""

from functools import partial
from typing import Annotated

from fastapi import Header, Request, Response

from chassis import clock
from chassis.auth import CallerDep
from chassis.routing import Router
from chassis.streaming import EventStream
from chassis.tenancy import Db
from notify import audiences
from notify.stream import rules, store
from notify.stream.hub import Hub, Subscriber

router = Router(tags=["stream"], dependencies=[audiences.READ])

FRAMES = (
    "`event: inbox` with `{unread, entry}`, `event: changed` with `{thing, id, jurisdiction, type}` for every change "
    "that the caller may see, and comments every 15 s. Ends when the token does; a client that connects again with "
    "`Last-Event-ID` gets what it missed (at most the newest 500; changes of the last hour)."
)


@router.get(
    "/stream",
    status_code=200,
    response_class=EventStream,
    responses={200: {"description": FRAMES, "content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def stream(
    request: Request, db: Db, caller: CallerDep, last_event_id: Annotated[str | None, Header(max_length=40)] = None
) -> Response:
    """News as it happens, as server-sent events."""
    hub: Hub = request.app.state.hub
    begin, left_off = await store.newest(db), rules.position(last_event_id)
    if left_off is not None:
        begin = min(begin, max(left_off, await store.oldest_kept(db, rules.CATCH_UP)))
    subscriber = Subscriber(caller, audiences.of(caller) or "none", begin)
    return EventStream(partial(hub.tell, subscriber), subscriber.dropped, caller.expires - clock.now().timestamp())
