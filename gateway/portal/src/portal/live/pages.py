"""The browser's connection for news, whose events ``inbox`` and ``changed`` pages listen to; and its signs of life."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from chassis.streaming import EventStream
from portal.live.relay import Relay
from portal.web.menu import INBOX
from portal.web.visit import Visit

router = APIRouter()


@router.get("/live")
async def live(
    request: Request, visit: Visit, last_event_id: Annotated[str | None, Header(max_length=40)] = None
) -> Response:
    """News as server-sent events; nothing for roles that get none."""
    if not visit.has(*INBOX):
        return Response(status_code=204)
    state = request.app.state
    secret = request.cookies[state.cookies.session]
    relay = Relay(state.sessions, state.streams, secret, last_event_id)
    return EventStream(relay.tell, state.stopping)


@router.get("/alive")
async def alive(visit: Visit) -> Response:
    """Somebody is writing in a form: that keeps the session alive."""
    return Response(status_code=204)
