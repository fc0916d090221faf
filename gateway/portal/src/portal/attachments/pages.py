"""Attachments (附件): uploaded by a form or by dropping, seen in place, downloaded, removed with a reason."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import UploadFile

from portal.attachments import passing
from portal.attachments.listing import API, HOMES, of
from portal.web import security
from portal.web.api import Rejected, conditions, no_file
from portal.web.visit import UploadVisit, UserVisit, Visit

router = APIRouter(prefix="/attachments")
Kind = Literal["filing", "order", "problem", "case"]
SECONDS = 300


@router.get("/of/{kind}/{thing_id}")
async def attachments(visit: Visit, kind: Kind, thing_id: UUID) -> Response:
    """Where the attachments of a thing are shown: on its own page."""
    return visit.redirect(f"/{HOMES[kind]}/{thing_id}#attachments")


@router.post("/of/{kind}/{thing_id}")
async def add(visit: UploadVisit, kind: Kind, thing_id: UUID) -> Response:
    """Attaches the files of the form, one after the other; what is refused stops none before it."""
    given = [each for each in visit.form.getlist("file") if isinstance(each, UploadFile) and each.filename]
    if not given:
        return await _list(visit, kind, thing_id, no_file())
    for number, upload in enumerate(given):
        try:
            await _send(visit, kind, thing_id, upload, f"{visit.idempotency_key}:{number}")
        except Rejected as problem:
            problem.detail = f"{upload.filename}：{problem.detail}"
            problem.errors = {}
            return await _list(visit, kind, thing_id, problem)
    return visit.redirect(f"/{HOMES[kind]}/{thing_id}#attachments", ("附件已上传", "Uploaded"))


async def _send(visit: UserVisit, kind: Kind, thing_id: UUID, upload: UploadFile, key: str) -> None:
    await visit.api.ask(
        "POST",
        API,
        params={"kind": kind, "thing": str(thing_id)},
        files={"file": (upload.filename, upload.file, "application/octet-stream")},
        headers=conditions(None, key),
        timeout=SECONDS,
    )


@router.get("/{attachment_id}")
async def attachment(visit: Visit, attachment_id: UUID) -> Response:
    """One attachment, seen in place where a browser can."""
    shown: dict[str, Any] = await visit.api.get(f"{API}/{attachment_id}")
    page = visit.render(
        "attachments/attachment.html", attachment=shown, home=f"/{HOMES[shown['kind']]}/{shown['thing_id']}"
    )
    if shown["type"] == "application/pdf":
        page.headers["Content-Security-Policy"] = (
            f"{security.policy(visit.request.app.state.settings)}; frame-src 'self'"
        )
    return page


@router.get("/{attachment_id}/content")
async def content(visit: Visit, attachment_id: UUID, shown: bool = False) -> Response:
    """The file, passed on as it comes; ``shown`` in place instead of saved, if it is of a kind that can be."""
    answer = await visit.api.stream(f"{API}/{attachment_id}/content")
    return passing.passed(answer, shown=shown)


@router.post("/{attachment_id}/removal")
async def remove(visit: Visit, attachment_id: UUID) -> Response:
    """Removes an attachment, with a reason."""
    shown = await visit.api.get(f"{API}/{attachment_id}")
    try:
        await visit.api.post(
            f"{API}/{attachment_id}/removal",
            json={"reason": visit.field("reason")},
            if_match=visit.if_match,
            idempotency_key=visit.idempotency_key,
        )
    except Rejected as problem:
        return await _list(visit, shown["kind"], UUID(shown["thing_id"]), problem)
    home = f"/{HOMES[shown['kind']]}/{shown['thing_id']}"
    return visit.redirect(f"{home}#attachments", ("附件已移除", "Removed"))


async def _list(visit: UserVisit, kind: Kind, thing_id: UUID, problem: Rejected | None = None) -> Response:
    return visit.render(
        "attachments/attachments.html",
        status=problem.status if problem else 200,
        attached=await of(visit, kind, thing_id),
        problem=problem,
    )
