"""Group robots (群机器人): an office's administrators say where its news are posted."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from portal.web.api import Rejected, conditions
from portal.web.language import told
from portal.web.visit import UserVisit, Visit
from portal.web.words import Both

router = APIRouter(prefix="/robots")
API = "/api/notify/v1/robots"
ACTS: dict[str, Both] = {
    "pause": ("已停用", "Paused"),
    "resumption": ("已启用", "Resumed"),
    "removal": ("已移除", "Removed"),
    "test": ("测试消息已排入发送，结果见下方", "The test message is on its way; see below"),
}


@router.get("")
async def robots(visit: Visit) -> Response:
    """All robots of the office."""
    found = await visit.api.get(API)
    return visit.render("robots/robots.html", found=found, names=_kinds(found))


@router.get("/_new")
async def new(visit: Visit) -> Response:
    """The form for a further robot."""
    return await _form(visit, {"kind": "", "name": "", "url": "", "secret": "", "groups": []})


@router.post("/_new")
async def add(visit: Visit) -> Response:
    """Adds a robot."""
    given = {name: visit.field(name) for name in ("kind", "name", "url", "secret")} | {"groups": visit.column("groups")}
    try:
        added = await visit.api.post(API, json=given, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _form(visit, given, problem)
    return visit.redirect(f"/robots/{added['id']}", ("已添加，可以发送测试消息", "Added; a test message can be sent"))


@router.get("/{robot_id}")
async def robot(visit: Visit, robot_id: UUID) -> Response:
    """One robot: its settings and what was last sent to it."""
    return await _page(visit, robot_id)


@router.post("/{robot_id}")
async def change(visit: Visit, robot_id: UUID) -> Response:
    """Changes it; address and secret only when they are typed in anew."""
    given: dict[str, Any] = {"name": visit.field("name"), "groups": visit.column("groups")}
    given |= {name: visit.field(name) for name in ("url", "secret") if visit.field(name)}
    headers = conditions(visit.if_match, visit.idempotency_key)
    try:
        await visit.api.ask("PUT", f"{API}/{robot_id}", json=given, headers=headers)
    except Rejected as problem:
        return await _page(visit, robot_id, problem, given)
    return visit.redirect(f"/robots/{robot_id}", ("已保存", "Saved"))


@router.post("/{robot_id}/{act}")
async def act(visit: Visit, robot_id: UUID, act: Literal["pause", "resumption", "removal", "test"]) -> Response:
    """Pauses, resumes, removes or tests it."""
    path, if_match = f"{API}/{robot_id}/{act}", None if act == "test" else visit.if_match
    try:
        await visit.api.post(path, if_match=if_match, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _page(visit, robot_id, problem)
    return visit.redirect("/robots" if act == "removal" else f"/robots/{robot_id}", ACTS[act])


async def _form(visit: UserVisit, shown: dict[str, Any], problem: Rejected | None = None) -> Response:
    found = await visit.api.get(API)
    status = problem.status if problem else 200
    return visit.render("robots/form.html", status=status, found=found, shown=shown, problem=problem)


async def _page(
    visit: UserVisit, robot_id: UUID, problem: Rejected | None = None, given: dict[str, Any] | None = None
) -> Response:
    shown, found = await visit.api.get(f"{API}/{robot_id}"), await visit.api.get(API)
    return visit.render(
        "robots/robot.html",
        status=problem.status if problem else 200,
        robot=shown,
        shown=shown | (given or {}),
        found=found,
        kind=next(kind for kind in found["kinds"] if kind["code"] == shown["kind"]),
        names=_kinds(found),
        problem=problem,
    )


def _kinds(found: dict[str, Any]) -> dict[str, str]:
    return {kind["code"]: told(kind, "name") for kind in found["kinds"]}
