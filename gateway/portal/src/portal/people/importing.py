"""Several people are invited by Excel: a template to fill in, and what became of it."""

from fastapi import APIRouter, Response
from starlette.datastructures import UploadFile

from chassis.spreadsheets import MEDIA_TYPE
from portal.people.pages import API
from portal.web.api import FILE_SECONDS, Rejected, no_file
from portal.web.files import attached
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/people")


@router.get("/_import")
async def form(visit: Visit) -> Response:
    """Template and upload."""
    return _form(visit)


@router.get("/_template")
async def template(visit: Visit) -> Response:
    """The Excel template."""
    file = await visit.api.download(f"{API}-template")
    return attached(file.content, "用户导入.xlsx", MEDIA_TYPE)


@router.post("/_import")
async def take(visit: Visit) -> Response:
    """Invites everybody in the sheet, or says what is wrong with it."""
    given = visit.form.get("file")
    if not isinstance(given, UploadFile) or not given.filename:
        return _form(visit, no_file())
    file = (given.filename, await given.read(), MEDIA_TYPE)
    try:
        made = await visit.api.ask("POST", f"{API}-sheets", files={"file": file}, timeout=FILE_SECONDS)
    except Rejected as problem:
        return _form(visit, problem)
    page = visit.render("people/imported.html", people=made["items"])
    page.headers["Cache-Control"] = "no-store"
    return page


def _form(visit: UserVisit, problem: Rejected | None = None) -> Response:
    return visit.render("people/import.html", status=problem.status if problem else 200, problem=problem)
