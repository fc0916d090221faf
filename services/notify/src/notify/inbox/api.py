"""The inbox (收件箱) of the caller's audience, with what the caller has read of it."""

from uuid import UUID

from fastapi import Response

from chassis import pages
from chassis.auth import CallerDep
from chassis.problems import NotFound
from chassis.routing import Router, answer
from chassis.tenancy import Db
from notify.audiences import READ
from notify.inbox import store
from notify.inbox.schemas import Inbox, ReadUntil, Unread

router = Router(tags=["inbox"], dependencies=[READ])


@router.get("/inbox", response_model=Inbox)
async def inbox(
    db: Db,
    caller: CallerDep,
    unread: bool | None = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """Entries, newest first; a grouped entry that grows moves up and is unread again."""
    body = await store.page(db, caller.sub, unread=unread, limit=limit, cursor=cursor)
    return answer(body[:-1] + f',"unread":{await store.unread(db, caller.sub)}}}'.encode())


@router.get("/inbox/summary", response_model=Unread)
async def summary(db: Db, caller: CallerDep) -> Response:
    """The number for the bell."""
    return answer(Unread(unread=await store.unread(db, caller.sub)))


@router.post("/inbox/reading", response_model=Unread)
async def read_until(given: ReadUntil, db: Db, caller: CallerDep) -> Response:
    """Marks everything up to an instant as read. Needs no If-Match: marks only grow, and belong to one person."""
    await store.mark_until(db, caller.sub, given.until)
    return answer(Unread(unread=await store.unread(db, caller.sub)))


@router.post("/inbox/{entry_id}/reading", response_model=Unread)
async def read(entry_id: UUID, db: Db, caller: CallerDep) -> Response:
    """Marks one entry as read. Needs no If-Match, as above."""
    position = await store.position(db, entry_id)
    if position is None:
        raise NotFound
    await store.mark(db, caller.sub, entry_id, position)
    return answer(Unread(unread=await store.unread(db, caller.sub)))
