"""Attachments (附件): uploaded as streams, shown, downloaded, removed with a reason; never overwritten."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from chassis import idempotency
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import NotFound
from chassis.routing import IfMatch, Router, answer
from chassis.tenancy import Database, Db
from progress.access import READ, SCHEDULE, actor
from progress.attachments import changing, rules, serving, store, things
from progress.attachments.receiving import Upload, receive
from progress.attachments.rules import Attachment, Kind
from progress.attachments.scanning import scan
from progress.attachments.schemas import Action, AttachmentList, AttachmentOut, Limits, RemovalIn
from progress.closing import store as closing

router = Router(tags=["attachments"])
uploads = Router(tags=["attachments"], route_class=Upload)
"""An upload is no single transaction: what may take long comes before it."""

LIMITS = Limits(bytes=rules.MOST_BYTES, files=rules.MOST_FILES, extensions=list(rules.FORMATS))
Of = Annotated[Kind, Query(description="What the thing is")]
Thing = Annotated[UUID, Query(description="Its id")]
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": f"One file, at most {rules.MOST_BYTES // rules.MEGABYTE} MB",
                        }
                    },
                }
            }
        },
    }
}


async def _seen(attachment_id: UUID, db: Db) -> Attachment:
    found = await store.get(db, attachment_id)
    if found is None:
        raise NotFound
    return found


Seen = Annotated[Attachment, Depends(_seen)]


@uploads.post(
    "/attachments", response_model=AttachmentOut, status_code=201, dependencies=[SCHEDULE], openapi_extra=_BODY
)
async def add(request: Request, kind: Of, thing: Thing, caller: CallerDep, today: Today) -> Response:
    """Attaches a file to a thing that the caller may act on now. Its type is told by its content; 413 above 50 MB."""
    state = request.app.state
    database: Database = state.database
    async with database.session(caller) as db:
        await closing.must_be_open(db, caller.tenant)
        (await things.seen(db, caller, kind, thing, today)).must_take()
        name = await store.expect(db)
    received = await receive(request)
    with received.content:
        if state.settings.clamd:
            await scan(state.settings.clamd, received.content)
        await state.files.put(name, received.content)

    async def attach(request: Request) -> Response:
        await changing.add(db, caller, kind, thing, today, name, received)
        body = await store.shown(db, actor(caller), name, now=True)
        return answer(body, version=1, status=201)

    async with database.session(caller) as db:
        return await idempotency.once(request, db, f"{received.name} {received.sha256}".encode(), attach)


@router.get("/attachments", response_model=AttachmentList, dependencies=[READ])
async def attachments(kind: Of, thing: Thing, db: Db, caller: CallerDep, today: Today) -> Response:
    """The attachments of a thing, removed ones too, as far as the caller may see them."""
    now = (await things.seen(db, caller, kind, thing, today)).now
    items = await store.of_thing(db, actor(caller), kind, thing, now=now)
    shown = {"items": json.loads(items), "actions": [Action.ADD] if now else [], "limits": LIMITS}
    return answer(AttachmentList.model_validate(shown))


@router.get("/attachments/{attachment_id}", response_model=AttachmentOut, dependencies=[READ])
async def attachment(found: Seen, db: Db, caller: CallerDep, today: Today) -> Response:
    """What is known of one attachment."""
    now = (await things.seen(db, caller, found.kind, found.thing_id, today)).now
    return answer(await store.shown(db, actor(caller), found.id, now=now), version=found.version)


@router.get(
    "/attachments/{attachment_id}/content",
    dependencies=[READ],
    response_class=Response,
    responses=serving.DOCUMENTED,
)
async def content(request: Request, found: Seen) -> Response:
    """The file as it was uploaded. 404 when it was removed and nothing that is approved refers to it."""
    return await serving.served(request, found)


@router.post("/attachments/{attachment_id}/removal", response_model=AttachmentOut, dependencies=[SCHEDULE])
async def remove(given: RemovalIn, found: Seen, db: Db, caller: CallerDep, today: Today, if_match: IfMatch) -> Response:
    """Removes an attachment of the caller's own office, with a reason. What was approved with it keeps it."""
    await changing.remove(db, caller, found, today, given.reason, if_match)
    return answer(await store.shown(db, actor(caller), found.id, now=True), version=found.version + 1)
