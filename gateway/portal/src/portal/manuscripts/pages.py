"""Writing plans (编制方案): by form or by Excel, compared with what is published, submitted to the province."""

import asyncio
from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import UploadFile

from chassis.auth import Role
from chassis.spreadsheets import MEDIA_TYPE
from portal.manuscripts import rules
from portal.web.api import FILE_SECONDS, Code, Missing, Rejected, no_file
from portal.web.files import attached
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/manuscripts")
CATALOG = "/api/catalog/v1"
API = f"{CATALOG}/manuscripts"
FILE = "file"
SAVED = ("已保存", "Saved")


@router.get("")
async def manuscripts(visit: Visit) -> Response:
    """The plans that the user may write; a city office has one, and goes there."""
    return await _list(visit)


@router.post("")
async def begin(visit: Visit) -> Response:
    """Begins a further plan."""
    given = {"name": visit.field("name"), "zones": visit.column("zones")}
    try:
        begun = await visit.api.post(API, json=given, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _list(visit, problem)
    return visit.redirect(f"/manuscripts/{begun['plan']}", ("已新建，可添加任务", "Begun; tasks can be added"))


@router.get("/{plan}")
async def manuscript(visit: Visit, plan: Code) -> Response:
    """A plan as it is being written."""
    return await _manuscript(visit, plan)


@router.get("/{plan}/template")
async def template(visit: Visit, plan: Code) -> Response:
    """The Excel template with what is there."""
    file = await visit.api.download(f"{API}/{plan}/template")
    return attached(file.content, f"{plan}-任务.xlsx", MEDIA_TYPE)


@router.post("/{plan}/name")
async def rename(visit: Visit, plan: Code) -> Response:
    """Name and zones of a further plan."""
    given = {"name": visit.field("name"), "zones": visit.column("zones")}
    return await _saved(visit, plan, (await visit.api.get(f"{API}/{plan}"))["tasks"], **given)


@router.get("/{plan}/tasks/{number}")
async def task(visit: Visit, plan: Code, number: int, decision: UUID | None = None) -> Response:
    """The form of one task; with 0 of a new one, filled from the decision of a meeting that proposed it."""
    found = await visit.api.get(f"{API}/{plan}")
    one = next((one for one in found["tasks"] if one["number"] == number), None)
    if one is None and number:
        raise Missing
    if one is None and decision:
        proposed = await visit.api.get(f"/api/progress/v1/decisions/{decision}")
        return await _form(visit, found, number, rules.proposed(found["next_number"], proposed))
    return await _form(visit, found, number, one or rules.blank(found["next_number"]))


@router.post("/{plan}/tasks/{number}")
async def put(visit: Visit, plan: Code, number: int) -> Response:
    """Keeps one task; with 0 a new one."""
    found = await visit.api.get(f"{API}/{plan}")
    given = rules.filled(visit.field, visit.column("unit"), visit.column("role"))
    try:
        await _put(visit, plan, rules.with_task(found["tasks"], number or None, given))
    except Rejected as problem:
        return await _form(visit, found, number, given, problem)
    return visit.redirect(f"/manuscripts/{plan}", SAVED)


@router.post("/{plan}/tasks/{number}/removal")
async def remove(visit: Visit, plan: Code, number: int) -> Response:
    """Takes a task out."""
    found = await visit.api.get(f"{API}/{plan}")
    return await _saved(visit, plan, rules.without(found["tasks"], number))


@router.post("/{plan}/tasks/{number}/{way}")
async def move(visit: Visit, plan: Code, number: int, way: Literal["up", "down"]) -> Response:
    """Changes a task's number with its neighbour's."""
    found = await visit.api.get(f"{API}/{plan}")
    return await _saved(visit, plan, rules.moved(found["tasks"], number, -1 if way == "up" else 1))


@router.get("/{plan}/comparison")
async def comparison(visit: Visit, plan: Code) -> Response:
    """What a submission would change."""
    return await _comparison(visit, plan)


@router.post("/{plan}/submission")
async def submit(visit: Visit, plan: Code) -> Response:
    """Hands the plan to the province as a draft of the catalog."""
    try:
        submitted = await visit.api.post(
            f"{API}/{plan}/submission", if_match=visit.if_match, idempotency_key=visit.idempotency_key
        )
    except Rejected as problem:
        return await _comparison(visit, plan, problem)
    if submitted["edition"] is None:
        return visit.redirect(f"/manuscripts/{plan}", ("与现行目录一致，无需提交", "The same as the catalog"))
    notice = ("已提交，由省自贸办发布", "Submitted; the province publishes it")
    return visit.redirect(f"/editions/{submitted['edition']['id']}", notice)


@router.post("/{plan}/discarding")
async def discard(visit: Visit, plan: Code) -> Response:
    """Back to what is published."""
    try:
        await visit.api.post(f"{API}/{plan}/discarding", if_match=visit.if_match, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _manuscript(visit, plan, problem)
    return visit.redirect("/manuscripts", ("已放弃编制稿", "Discarded"))


@router.post("/{plan}/sheets")
async def upload(visit: Visit, plan: Code) -> Response:
    """Reads a filled template and goes on to its preview."""
    given = visit.form.get(FILE)
    if not isinstance(given, UploadFile) or not given.filename:
        return await _manuscript(visit, plan, no_file())
    file = (given.filename, await given.read(), MEDIA_TYPE)
    try:
        sheet = await visit.api.ask("POST", f"{API}/{plan}/sheets", files={FILE: file}, timeout=FILE_SECONDS)
    except Rejected as problem:
        return await _manuscript(visit, plan, problem)
    return visit.redirect(f"/manuscripts/{plan}/sheets/{sheet['id']}")


@router.get("/{plan}/sheets/{sheet_id}")
async def sheet(visit: Visit, plan: Code, sheet_id: UUID) -> Response:
    """A filled template, row by row."""
    return await _sheet(visit, plan, sheet_id)


@router.post("/{plan}/sheets/{sheet_id}")
async def confirm(visit: Visit, plan: Code, sheet_id: UUID) -> Response:
    """Makes its tasks those of the plan."""
    path = f"{API}/{plan}/sheets/{sheet_id}/confirmation"
    try:
        await visit.api.post(path, if_match=visit.if_match, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _sheet(visit, plan, sheet_id, problem)
    return visit.redirect(f"/manuscripts/{plan}", ("已采用表中的任务", "The tasks of the sheet are taken over"))


async def _list(visit: UserVisit, problem: Rejected | None = None) -> Response:
    plans, zones = await asyncio.gather(visit.api.get(API, limit=200), visit.api.get(f"{CATALOG}/zones", limit=200))
    return visit.render(
        "manuscripts/manuscripts.html",
        status=problem.status if problem else 200,
        plans=plans["items"],
        zones=zones["items"],
        province=visit.has(Role.PROVINCE),
        problem=problem,
    )


async def _manuscript(visit: UserVisit, plan: str, problem: Rejected | None = None) -> Response:
    """With the drafts of the plan that wait for the province, be they written here or imported."""
    found, zones, drafts = await asyncio.gather(
        visit.api.get(f"{API}/{plan}"),
        visit.api.get(f"{CATALOG}/zones", limit=200),
        visit.api.get(f"{CATALOG}/editions", status="draft", limit=200),
    )
    return visit.render(
        "manuscripts/manuscript.html",
        status=problem.status if problem else 200,
        manuscript=found,
        zones=zones["items"],
        waiting=[each for each in drafts["items"] if plan in each["plans"]],
        problem=problem,
    )


async def _form(
    visit: UserVisit, found: dict[str, Any], number: int, task: dict[str, Any], problem: Rejected | None = None
) -> Response:
    units = await visit.api.get(f"{CATALOG}/units", limit=200)
    return visit.render(
        "manuscripts/task.html",
        status=problem.status if problem else 200,
        manuscript=found,
        number=number,
        task=task,
        rows=rules.rows(task),
        units=units["items"],
        problem=problem,
    )


async def _comparison(visit: UserVisit, plan: str, problem: Rejected | None = None) -> Response:
    found, compared = await asyncio.gather(visit.api.get(f"{API}/{plan}"), visit.api.get(f"{API}/{plan}/comparison"))
    return visit.render(
        "manuscripts/comparison.html",
        status=problem.status if problem else 200,
        manuscript=found,
        compared=compared,
        comparison=compared["comparison"],
        plans={found["plan"]: found["name"]},
        problem=problem,
    )


async def _sheet(visit: UserVisit, plan: str, sheet_id: UUID, problem: Rejected | None = None) -> Response:
    found, shown = await asyncio.gather(
        visit.api.get(f"{API}/{plan}"), visit.api.get(f"{API}/{plan}/sheets/{sheet_id}")
    )
    status = problem.status if problem else 200
    return visit.render("manuscripts/sheet.html", status=status, manuscript=found, sheet=shown, problem=problem)


async def _saved(visit: UserVisit, plan: str, tasks: Sequence[rules.Json], **more: Any) -> Response:
    try:
        await _put(visit, plan, tasks, **more)
    except Rejected as problem:
        return await _manuscript(visit, plan, problem)
    return visit.redirect(f"/manuscripts/{plan}", SAVED)


async def _put(visit: UserVisit, plan: str, tasks: Sequence[rules.Json], **more: Any) -> None:
    await visit.api.put(
        f"{API}/{plan}",
        json={"tasks": rules.sent(tasks), **more},
        if_match=visit.if_match,
        idempotency_key=visit.idempotency_key,
    )
