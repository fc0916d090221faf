"""Writing plans (编制方案): a city office its zone's own plan, the province all of these, special and further ones."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import File, Response, UploadFile

from catalog import publishing
from catalog.access import DRAFT, MAINTAIN
from catalog.editions.schemas import EditionOut
from catalog.imports import drafting
from catalog.imports.schemas import ConfirmationOut
from catalog.manuscripts import events, keeping, rules, sheets, showing, store
from catalog.manuscripts.keeping import Desk
from catalog.manuscripts.schemas import (
    FurtherPlanIn,
    ManuscriptComparison,
    ManuscriptIn,
    ManuscriptOut,
    ManuscriptPage,
    SheetOut,
)
from catalog.names import PlanCode
from catalog.zones import store as zones
from chassis import pages, spreadsheets, uploads
from chassis.auth import Caller, CallerDep
from chassis.problems import Invalid, NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db, Session

router = Router(tags=["manuscripts"])


@router.get("/manuscripts", response_model=ManuscriptPage, dependencies=[DRAFT])
async def manuscripts(
    db: Db, caller: CallerDep, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None
) -> Response:
    """The plans that the caller may write, special ones, zones', further ones, whether somebody has begun or not."""
    return answer(await store.page(db, keeping.office(caller), limit=limit, cursor=cursor))


@router.post("/manuscripts", response_model=ManuscriptOut, status_code=201, dependencies=[MAINTAIN])
async def begin(given: FurtherPlanIn, db: Db, caller: CallerDep) -> Response:
    """Begins a further plan (“N”). It is in the catalog from its publication on."""
    await publishing.lock(db)
    await _known_zones(db, given.zones)
    code = await keeping.begin(db, given.name, tuple(dict.fromkeys(given.zones)), caller.name)
    return _shown(await keeping.of(db, caller, code), caller, status=201)


@router.get("/manuscripts/{plan}", response_model=ManuscriptOut, dependencies=[DRAFT])
async def manuscript(plan: PlanCode, db: Db, caller: CallerDep) -> Response:
    """A plan as it is being written; as it is published when nobody has begun."""
    return _shown(await keeping.of(db, caller, plan), caller)


@router.put("/manuscripts/{plan}", response_model=ManuscriptOut, dependencies=[DRAFT])
async def write(plan: PlanCode, given: ManuscriptIn, db: Db, caller: CallerDep, if_match: IfMatch) -> Response:
    """Keeps all that is written; the catalog stays as it is. 422 for tasks that cannot stand beside each other."""
    desk = await keeping.of(db, caller, plan, lock=True)
    check(desk.manuscript.version, if_match)
    entries = [task.entry() for task in given.tasks]
    rules.check(entries, desk.taken)
    wanted = replace(desk.manuscript, entries=rules.kept(entries, [*desk.known, *desk.manuscript.entries]))
    if desk.plan.kind == "additional":
        await _known_zones(db, given.zones or ())
        listed = desk.plan.zones if given.zones is None else tuple(dict.fromkeys(given.zones))
        wanted = replace(wanted, plan=replace(desk.plan, name=given.name or desk.plan.name, zones=listed))
    await keeping.save(db, desk, wanted, caller.name)
    return _shown(await keeping.of(db, caller, plan), caller)


@router.post("/manuscripts/{plan}/discarding", response_model=ManuscriptOut, dependencies=[DRAFT])
async def discard(plan: PlanCode, db: Db, caller: CallerDep, if_match: IfMatch) -> Response:
    """Forgets what was written and goes back to what is published; a plan that never was is then empty. 409 when
    nobody has written.
    """
    desk = await keeping.of(db, caller, plan, lock=True)
    check(desk.manuscript.version, if_match)
    rules.must_be_begun(desk.manuscript)
    await keeping.discard(db, desk, caller.name)
    await events.tell(db, "discarded", plan)
    return _shown(showing.emptied(desk), caller)


@router.get("/manuscripts/{plan}/comparison", response_model=ManuscriptComparison, dependencies=[DRAFT])
async def comparison(plan: PlanCode, db: Db, caller: CallerDep) -> Response:
    """What its submission would change in the catalog as it is now."""
    return answer(await showing.comparison(db, await keeping.of(db, caller, plan)))


@router.post(
    "/manuscripts/{plan}/submission",
    response_model=ConfirmationOut,
    status_code=201,
    responses={200: {"model": ConfirmationOut, "description": "Nothing changes, or the draft stands already"}},
    dependencies=[DRAFT],
)
async def submit(plan: PlanCode, db: Db, caller: CallerDep, if_match: IfMatch) -> Response:
    """Makes a draft edition of it for the province to publish. ``edition`` is null when it changes nothing; 409 when
    nobody has written.
    """
    await publishing.lock(db)
    desk = await keeping.of(db, caller, plan, lock=True)
    check(desk.manuscript.version, if_match)
    rules.must_be_begun(desk.manuscript)
    prepared = await keeping.submit(db, desk, caller.name)
    draft, new = await drafting.draft(db, prepared, caller.name)
    if draft is None:
        return answer(ConfirmationOut(edition=None))
    await store.submitted(db, plan, prepared.imported["id"])
    shown = EditionOut.model_validate_json(draft.body)
    if new:
        await events.tell(db, "submitted", plan, shown.id)
    return answer(ConfirmationOut(edition=shown), version=draft.version, status=201 if new else 200)


@router.get(
    "/manuscripts/{plan}/template",
    response_class=Response,
    responses={200: {"content": {spreadsheets.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}},
    dependencies=[DRAFT],
)
async def template(plan: PlanCode, db: Db, caller: CallerDep) -> Response:
    """The Excel template, filled with what is there."""
    desk = await keeping.of(db, caller, plan)
    content = await asyncio.to_thread(sheets.template, desk.manuscript)
    return Response(content, headers={"Cache-Control": "private, no-cache"}, media_type=spreadsheets.MEDIA_TYPE)


@router.post("/manuscripts/{plan}/sheets", response_model=SheetOut, status_code=201, dependencies=[DRAFT])
async def upload(
    plan: PlanCode,
    file: Annotated[UploadFile, File(description="The template as .xlsx, at most 5 MB")],
    db: Db,
    caller: CallerDep,
) -> Response:
    """Reads a filled template row by row; nothing changes. Errors name their cells. 422 for a file that is none."""
    desk = await keeping.of(db, caller, plan)
    filename = uploads.filename(file.filename, (".xlsx",))
    content = await uploads.content(file)
    rows = await asyncio.to_thread(sheets.rows, content)
    digest = uploads.digest(content)
    sheet_id = await store.put_sheet(db, plan, desk.tenant, filename, digest, rows, caller.name)
    return await _sheet(db, desk, sheet_id, status=201)


@router.get("/manuscripts/{plan}/sheets/{sheet_id}", response_model=SheetOut, dependencies=[DRAFT])
async def sheet(plan: PlanCode, sheet_id: UUID, db: Db, caller: CallerDep) -> Response:
    """A filled template, held against the manuscript as it is now; the ETag is the manuscript's."""
    return await _sheet(db, await keeping.of(db, caller, plan), sheet_id)


@router.post("/manuscripts/{plan}/sheets/{sheet_id}/confirmation", response_model=ManuscriptOut, dependencies=[DRAFT])
async def confirm(plan: PlanCode, sheet_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Response:
    """Makes a sheet's tasks those of the manuscript; again, it changes nothing. 409 while rows have errors."""
    desk = await keeping.of(db, caller, plan, lock=True)
    found = await store.sheet(db, plan, sheet_id)
    if found is None:
        raise NotFound
    if any(row["errors"] for row in found["rows"]):
        raise showing.Unsound
    entries = tuple(sheets.entries(found["rows"], desk.manuscript.entries))
    wanted = replace(desk.manuscript, entries=tuple(sorted(entries, key=lambda entry: entry.number)))
    if wanted.entries != desk.manuscript.entries:
        check(desk.manuscript.version, if_match)
        await keeping.save(db, desk, wanted, caller.name)
    return _shown(await keeping.of(db, caller, plan), caller)


async def _known_zones(db: Session, codes: Iterable[str]) -> None:
    known = {zone["code"] for zone in await zones.everyone(db)}
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise Invalid("/body/zones", f"没有代码为 {unknown[0]} 的片区")


def _shown(desk: Desk, caller: Caller, *, status: int = 200) -> Response:
    return answer(showing.manuscript(desk, keeping.capacity(caller)), version=desk.manuscript.version, status=status)


async def _sheet(db: Session, desk: Desk, sheet_id: UUID, *, status: int = 200) -> Response:
    found = await store.sheet(db, desk.plan.code, sheet_id)
    if found is None:
        raise NotFound
    return answer(showing.sheet(desk, found), version=desk.manuscript.version, status=status)
