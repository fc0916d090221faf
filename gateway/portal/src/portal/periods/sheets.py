"""A period by Excel (Excel 填报): the sheet out, filled and back in, previewed row by row, confirmed."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import UploadFile

from chassis import clock
from chassis.auth import Role
from chassis.spreadsheets import MEDIA_TYPE
from portal.exports.pages import at_once
from portal.filings.words import FIELDS
from portal.periods import rules
from portal.periods.pages import FILLERS
from portal.web.api import FILE_SECONDS, Forbidden, Rejected, conditions, no_file
from portal.web.files import attached
from portal.web.visit import UserVisit, Visit
from portal.web.words import Both

router = APIRouter(prefix="/periods/{period_id}")
API = "/api/progress/v1/periods"
FILE = "file"
Json = Mapping[str, Any]
STATUSES: Mapping[str, Both] = {
    "wrong": ("有错误", "Wrong"),
    "blocked": ("不能填报", "Blocked"),
    "changed": ("将修改", "To be changed"),
    "same": ("无变化", "No change"),
    "blank": ("未填写", "Blank"),
}
"""What a row would do, in the order in which the rows are shown."""
TELLING = ("wrong", "blocked", "changed")
OUTCOMES: Mapping[str, Both] = {
    "refused": ("未办理", "Refused"),
    "filled": ("已存为草稿", "Saved as draft"),
    "submitted": ("已提交本单位审核", "Submitted"),
    "taken_over": ("已接管", "Taken over"),
    "same": ("无变化", "No change"),
    "blank": ("未填写", "Blank"),
}


@router.get("/sheet")
async def template(visit: Visit, period_id: UUID) -> Response:
    """The filled template."""
    period, file = await asyncio.gather(
        visit.api.get(f"{API}/{period_id}"), visit.api.download(f"{API}/{period_id}/sheet")
    )
    return attached(file.content, f"{period['title']}-填报表.xlsx", MEDIA_TYPE)


@router.get("/results")
async def results(visit: Visit, period_id: UUID, format: Literal["xlsx", "docx"] = "xlsx") -> Response:
    """What was filed, as a file."""
    return await at_once(visit, f"results-{format}", {"period": str(period_id)})


@router.get("/sheets")
async def sheets(visit: Visit, period_id: UUID) -> Response:
    """How to fill in by Excel, with the form to upload."""
    return await _page(visit, period_id)


@router.post("/sheets")
async def upload(visit: Visit, period_id: UUID) -> Response:
    """Reads a filled sheet and goes on to its preview."""
    given = visit.form.get(FILE)
    if not isinstance(given, UploadFile) or not given.filename:
        return await _page(visit, period_id, no_file())
    file = (given.filename, await given.read(), MEDIA_TYPE)
    try:
        sheet = await visit.api.ask("POST", f"{API}/{period_id}/sheets", files={FILE: file}, timeout=FILE_SECONDS)
    except Rejected as problem:
        return await _page(visit, period_id, problem)
    return visit.redirect(f"/periods/{period_id}/sheets/{sheet['id']}")


@router.get("/sheets/{sheet_id}")
async def sheet(visit: Visit, period_id: UUID, sheet_id: UUID) -> Response:
    """A filled sheet, row by row, errors first."""
    return await _sheet(visit, period_id, sheet_id)


@router.post("/sheets/{sheet_id}")
async def confirm(visit: Visit, period_id: UUID, sheet_id: UUID) -> Response:
    """Fills in what it says; the page then has each row's result."""
    body = {name: bool(visit.field(name)) for name in ("submit", "overwrite")}
    given = body | {"confidence": visit.field("confidence") or None}
    path = f"{API}/{period_id}/sheets/{sheet_id}/confirmation"
    try:
        headers = conditions(None, visit.idempotency_key)
        done = await visit.api.ask("POST", path, json=given, headers=headers, timeout=FILE_SECONDS)
    except Rejected as problem:
        return await _sheet(visit, period_id, sheet_id, problem)
    return await _sheet(visit, period_id, sheet_id, done=done)


async def _page(visit: UserVisit, period_id: UUID, problem: Rejected | None = None) -> Response:
    if not visit.has(*FILLERS):
        raise Forbidden
    period = await visit.api.get(f"{API}/{period_id}")
    return visit.render(
        "periods/sheets.html",
        status=problem.status if problem else 200,
        period=period,
        problem=problem,
        province=visit.has(Role.PROVINCE),
        locked=rules.stage(period, clock.today().isoformat()) == "locked",
    )


async def _sheet(
    visit: UserVisit,
    period_id: UUID,
    sheet_id: UUID,
    problem: Rejected | None = None,
    done: Json | None = None,
) -> Response:
    period, shown = await asyncio.gather(
        visit.api.get(f"{API}/{period_id}"), visit.api.get(f"{API}/{period_id}/sheets/{sheet_id}")
    )
    ordered = errors_first(shown["rows"])
    return visit.render(
        "periods/sheet.html",
        status=problem.status if problem else 200,
        period=period,
        sheet=shown,
        rows=shown["rows"],
        telling=[row for row in ordered if row["status"] in TELLING],
        quiet=[row for row in ordered if row["status"] not in TELLING],
        statuses=STATUSES,
        outcomes=OUTCOMES,
        results=[row for row in done["results"] if row["problem"]] if done else [],
        counts={name: done["counts"][name] for name in OUTCOMES if done["counts"][name]} if done else {},
        fields=FIELDS,
        problem=problem,
    )


def errors_first(rows: Sequence[Json]) -> list[Json]:
    order = list(STATUSES)
    return sorted(rows, key=lambda row: (order.index(row["status"]), row["row"]))
