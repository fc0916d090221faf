"""Importing a notice (导入通知): upload, preview, confirmation into a draft edition."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import UploadFile

from chassis.auth import Role
from portal.web.api import FILE_SECONDS, Forbidden, Rejected, no_file
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/imports")
API = "/api/catalog/v1"
FILE = "file"


@router.get("")
async def imports(visit: Visit) -> Response:
    """The upload, beside the drafts that wait for their publication."""
    return await _upload(visit)


@router.post("")
async def upload(visit: Visit) -> Response:
    """Reads a notice and goes on to its preview."""
    given = visit.form.get(FILE)
    if not isinstance(given, UploadFile) or not given.filename:
        return await _upload(visit, no_file())
    file = (given.filename, await given.read(), "application/octet-stream")
    try:
        imported = await visit.api.ask("POST", f"{API}/imports", files={FILE: file}, timeout=FILE_SECONDS)
    except Forbidden:
        return await _upload(visit, _foreign())
    except Rejected as problem:
        return await _upload(visit, problem)
    return visit.redirect(f"/imports/{imported['id']}")


@router.get("/{import_id}")
async def imported(visit: Visit, import_id: UUID) -> Response:
    """What a notice says, and what it would change."""
    return await _preview(visit, import_id)


@router.post("/{import_id}")
async def confirm(visit: Visit, import_id: UUID) -> Response:
    """Makes a draft edition of the import."""
    path = f"{API}/imports/{import_id}/confirmation"
    try:
        confirmed = await visit.api.post(path, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _preview(visit, import_id, problem)
    if confirmed["edition"] is None:
        return visit.redirect(
            f"/imports/{import_id}", ("与现行目录一致，无需起草", "Nothing to draft: the catalog is the same")
        )
    return visit.redirect(f"/editions/{confirmed['edition']['id']}", ("已形成草案", "It is a draft now"))


async def _upload(visit: UserVisit, problem: Rejected | None = None) -> Response:
    drafts: list[dict[str, Any]] = (await visit.api.get(f"{API}/editions", status="draft", limit=10))["items"]
    return visit.render(
        "imports/upload.html",
        status=problem.status if problem else 200,
        drafts=drafts,
        province=visit.has(Role.PROVINCE),
        problem=problem,
    )


async def _preview(visit: UserVisit, import_id: UUID, problem: Rejected | None = None) -> Response:
    shown = await visit.api.get(f"{API}/imports/{import_id}")
    present = await visit.api.get(f"{API}/plans", limit=200)
    plans = {plan["code"]: plan["name"] for plan in (*present["items"], *shown["plans"])}
    status = problem.status if problem else 200
    return visit.render("imports/preview.html", status=status, imported=shown, plans=plans, problem=problem)


def _foreign() -> Rejected:
    detail = (
        "片区只能导入本片区的实施方案：标题应写明“××片区……实施方案”；含有其他计划内容的通知，请交由省自贸办导入。",
        "A zone can import its own plan only, which names the zone in its title; "
        "please give a notice with other plans to the provincial office.",
    )
    errors = {FILE: ("不是本片区的实施方案", "Not the plan of this zone")}
    return Rejected.here(403, "forbidden", ("未导入", "Not imported"), detail, errors)
