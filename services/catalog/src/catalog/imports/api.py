"""Imports: a notice is uploaded, looked at, and confirmed into a draft edition."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import File, Response, UploadFile

from catalog import publishing
from catalog.access import DRAFT
from catalog.editions.schemas import EditionOut
from catalog.imports import drafting, preparation, preview, reading, store
from catalog.imports.schemas import ConfirmationOut, ImportOut
from chassis import uploads
from chassis.auth import Caller, CallerDep
from chassis.problems import Forbidden
from chassis.routing import Router, answer
from chassis.tenancy import Db

router = Router(tags=["imports"])


@router.post("/imports", response_model=ImportOut, status_code=201, dependencies=[DRAFT])
async def upload(
    file: Annotated[UploadFile, File(description="A notice as .txt or .docx, at most 5 MB")], db: Db, caller: CallerDep
) -> Response:
    """Reads a notice and shows what it would change. 422 for a file that is no such notice, 413 above 5 MB."""
    tenant = _office(caller)
    filename = uploads.filename(file.filename, reading.ENDINGS)
    content = await uploads.content(file)
    known = await preparation.known_units(db)
    text, notice = await asyncio.to_thread(reading.notice, content, filename, known)
    import_id = await store.put(db, filename, uploads.digest(content), text, notice, tenant, caller.name)
    prepared = await preparation.prepare(db, import_id)
    drafting.check_office(prepared)
    return answer(preview.of(prepared), status=201)


@router.get("/imports/{import_id}", response_model=ImportOut, dependencies=[DRAFT])
async def imported(import_id: UUID, db: Db) -> Response:
    """An import, held against the catalog as it is now."""
    return answer(preview.of(await preparation.prepare(db, import_id)))


@router.post(
    "/imports/{import_id}/confirmation",
    response_model=ConfirmationOut,
    status_code=201,
    responses={200: {"model": ConfirmationOut, "description": "Nothing changes, or the draft stands already"}},
    dependencies=[DRAFT],
)
async def confirm(import_id: UUID, db: Db, caller: CallerDep) -> Response:
    """Makes a draft edition of an import. ``edition`` is null when the import changes nothing."""
    await publishing.lock(db)
    prepared = await preparation.prepare(db, import_id)
    drafting.check_office(prepared)
    draft, new = await drafting.draft(db, prepared, caller.name)
    if draft is None:
        return answer(ConfirmationOut(edition=None))
    shown = EditionOut.model_validate_json(draft.body)
    return answer(ConfirmationOut(edition=shown), version=draft.version, status=201 if new else 200)


def _office(caller: Caller) -> str | None:
    """The zone for whose plan the caller may import; None for the province, which may import all."""
    if caller.scope == "all":
        return None
    if caller.scope == "tenant" and caller.tenant:
        return caller.tenant
    raise Forbidden
