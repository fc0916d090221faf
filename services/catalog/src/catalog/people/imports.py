"""Several people are invited by Excel: all of a sheet, or none."""

import asyncio
from typing import Annotated

from fastapi import File, Response, UploadFile

from catalog.people import managing, sheets, store
from catalog.people.directory import Directory
from catalog.people.managing import GUARDS, By, People
from catalog.people.rules import Manager
from catalog.people.schemas import Invited, PersonIn, Sheet
from chassis import spreadsheets, uploads
from chassis.routing import Router, answer
from chassis.spreadsheets import Row
from chassis.tenancy import Db

router = Router(tags=["people"], dependencies=GUARDS)


@router.get(
    "/people-template",
    response_class=Response,
    responses={200: {"content": {spreadsheets.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def template(by: By, directory: People) -> Response:
    """The Excel template, with the names of the offices whose people the caller manages."""
    content = await asyncio.to_thread(sheets.template, await _offices(directory, by))
    return Response(content, headers={"Cache-Control": "private, no-cache"}, media_type=spreadsheets.MEDIA_TYPE)


@router.post("/people-sheets", response_model=Sheet, status_code=201)
async def take(
    file: Annotated[UploadFile, File(description="The template as .xlsx, at most 5 MB")],
    by: By,
    directory: People,
    db: Db,
) -> Response:
    """Invites everybody in a filled template. 422 names each wrong cell; then nobody is invited."""
    uploads.filename(file.filename, (".xlsx",))
    content = await uploads.content(file)
    found = await asyncio.to_thread(sheets.people, content, await _offices(directory, by))
    for office in sorted({person.office for _, person in found}):
        await store.alone(db, office)
    await _check_free(directory, found)
    made = await _create(directory, [person for _, person in found])
    invited, mails = [], True
    for id_ in made:
        mails = mails and await directory.write_to(id_, ["UPDATE_PASSWORD"])
        password = None if mails else await directory.new_password(id_)
        person = await managing.found(directory, by, id_)
        await managing.note(db, "person.invited", None, person)
        invited.append(Invited(**managing.shown(by, person).model_dump(), mailed=mails, password=password))
    shown = answer(Sheet(items=invited), status=201)
    shown.headers["Cache-Control"] = "no-store"
    return shown


async def _offices(directory: Directory, by: Manager) -> dict[str, str]:
    """Those whose people the caller manages, by name."""
    return {name: office for office, name in await directory.offices() if by.sees(office)}


async def _check_free(directory: Directory, found: list[tuple[Row, PersonIn]]) -> None:
    """Raises WrongRows for accounts and addresses that somebody has."""
    asked = [(row, field, getattr(person, field)) for row, person in found for field in ("username", "email")]
    taken = await asyncio.gather(*(directory.taken(field, value) for _, field, value in asked))
    why = {"username": "该用户名已被使用", "email": "该邮箱已被其他用户使用"}
    wrong = [sheets.at(row, field, why[field]) for (row, field, _), is_ in zip(asked, taken, strict=True) if is_]
    if wrong:
        raise sheets.WrongRows(wrong)


async def _create(directory: Directory, people: list[PersonIn]) -> list[str]:
    """The accounts of all; those that were made are taken back when one cannot be."""
    made: list[str] = []
    try:
        for each in people:
            about = each.model_dump(include={"username", "name", "email"})
            made.append(await directory.create(about, each.office, each.roles))
    except BaseException:
        await asyncio.shield(asyncio.gather(*(directory.remove(id_) for id_ in made)))
        raise
    return made
