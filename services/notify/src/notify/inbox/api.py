"""The inbox (收件箱) of the caller's audience, with what the caller has read of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from chassis import pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import NotFound
from chassis.routing import Router, answer
from chassis.tenancy import Db
from notify.audiences import READ
from notify.inbox import store
from notify.inbox.schemas import Inbox, ReadUntil, Unread
from notify.inbox.sections import Section
from notify.inbox.store import Choice

router = Router(tags=["inbox"], dependencies=[READ])


def _choice(
    unread: bool | None = None,
    section: Section | None = None,
    thing: Annotated[str | None, Query(max_length=500)] = None,
) -> Choice:
    return Choice(unread, section, thing)


@router.get("/inbox", response_model=Inbox)
async def inbox(
    db: Db,
    caller: CallerDep,
    today: Today,
    choice: Annotated[Choice, Depends(_choice)],
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """A row per thing, its newest entry, newest first; a thing of which there is news moves up and is unread again.

    With ``thing``, all entries of that thing.
    """
    body = await store.page(db, caller.sub, choice, today, limit=limit, cursor=cursor)
    unread, overdue = await store.unread(db, caller.sub), await store.overdue(db, today)
    return answer(body[:-1] + f',"unread":{unread},"overdue":{overdue}}}'.encode())


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
    """Marks what was told of a thing up to an entry as read. Needs no If-Match, as above."""
    if not await store.exists(db, entry_id):
        raise NotFound
    await store.mark(db, caller.sub, entry_id)
    return answer(Unread(unread=await store.unread(db, caller.sub)))
