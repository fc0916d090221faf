"""Assessments (考评): the scheme of a year, the offices' scores, and all that each point rests on."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from chassis import clock
from chassis.auth import Role
from portal.assessments import rules
from portal.web.api import Forbidden, Missing, Rejected
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/assessments")
API = "/api/progress/v1/assessments"
Office = Annotated[str, Path(pattern=r"^(zone|unit):[a-z0-9-]{1,64}$")]
Json = Mapping[str, Any]
STEPS = {
    "announcement": ("方案已下发，各单位可以试算得分", "The scheme is announced; offices can compute their scores"),
    "publication": ("结果已公示", "The results are published"),
    "closing": ("结果已确定", "The results are final"),
}


@router.get("")
async def assessments(visit: Visit, cursor: Annotated[str, Query(max_length=500)] = "") -> Response:
    """The assessments that the user may see, newest year first."""
    found = await visit.api.get(API, cursor=cursor, limit=25)
    return visit.render("assessments/assessments.html", found=found, cursor=cursor)


@router.get("/_new")
async def new(visit: Visit) -> Response:
    """The form for the scheme of a year, with a first proposal."""
    if not visit.has(Role.PROVINCE):
        raise Forbidden
    year = clock.today().year
    title = f"{year} 年度安徽自贸试验区建设考评方案"
    return _form(visit, None, {"year": year, "title": title, "items": rules.PROPOSED})


@router.post("/_new")
async def add(visit: Visit) -> Response:
    """Drafts the scheme of a year."""
    given = rules.scheme(visit) | {"year": rules.whole(visit.field("year"))}
    try:
        made = await visit.api.post(API, json=given, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return _form(visit, None, given, problem)
    return visit.redirect(f"/assessments/{made['id']}", ("考评方案已保存", "The scheme was saved"))


@router.get("/{assessment_id}")
async def assessment(visit: Visit, assessment_id: UUID) -> Response:
    """A year's scheme and the scores; before publication as of today."""
    return await _shown(visit, assessment_id)


async def _shown(visit: UserVisit, assessment_id: UUID, problem: Rejected | None = None) -> Response:
    path = f"{API}/{assessment_id}"
    found, results = await asyncio.gather(visit.api.get(path), visit.api.get(f"{path}/results"))
    return visit.render(
        "assessments/assessment.html",
        status=problem.status if problem else 200,
        assessment=found,
        results=results,
        ranked=rules.ranked(results["items"]),
        unscored=rules.unscored(found["items"], results["items"]),
        today=clock.today().isoformat(),
        problem=problem,
    )


@router.post("/{assessment_id}")
async def step(visit: Visit, assessment_id: UUID) -> Response:
    """Announces, publishes or closes an assessment."""
    name = visit.field("act")
    if name not in STEPS:
        raise Missing
    body = {"objections_until": visit.field("objections_until")} if name == "publication" else None
    path = f"{API}/{assessment_id}/{name}"
    try:
        await visit.api.post(path, json=body, if_match=visit.if_match, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _shown(visit, assessment_id, problem)
    return visit.redirect(f"/assessments/{assessment_id}", STEPS[name])


@router.get("/{assessment_id}/edit")
async def edit(visit: Visit, assessment_id: UUID) -> Response:
    """The form for a scheme that was not announced."""
    found = await visit.api.get(f"{API}/{assessment_id}")
    if "edit" not in found["actions"]:
        raise Forbidden
    return _form(visit, found, found)


@router.post("/{assessment_id}/edit")
async def change(visit: Visit, assessment_id: UUID) -> Response:
    """Changes a scheme that was not announced."""
    path, given = f"{API}/{assessment_id}", rules.scheme(visit)
    try:
        await visit.api.ask("PUT", path, json=given, headers=rules.headers(visit))
    except Rejected as problem:
        return _form(visit, await visit.api.get(path), given, problem)
    return visit.redirect(f"/assessments/{assessment_id}", ("已保存", "Saved"))


def _form(visit: UserVisit, assessment: Json | None, shown: Json, problem: Rejected | None = None) -> Response:
    rows = [*shown["items"], *[{}] * rules.SPARE]
    return visit.render(
        "assessments/form.html",
        status=problem.status if problem else 200,
        assessment=assessment,
        shown=shown,
        rows=rows,
        problem=problem,
    )


@router.get("/{assessment_id}/{office}")
async def result(visit: Visit, assessment_id: UUID, office: Office) -> Response:
    """An office's scores with the facts behind each point, and its objections."""
    return await _result(visit, assessment_id, office)


async def _result(
    visit: UserVisit, assessment_id: UUID, office: str, act: str = "", problem: Rejected | None = None
) -> Response:
    path = f"{API}/{assessment_id}"
    found, detail = await asyncio.gather(visit.api.get(path), visit.api.get(f"{path}/results/{office}"))
    return visit.render(
        "assessments/result.html",
        status=problem.status if problem else 200,
        assessment=found,
        result=detail,
        titles={item["code"]: item["title"] for item in found["items"]},
        act=act,
        problem=problem,
    )


@router.post("/{assessment_id}/{office}")
async def judge(visit: Visit, assessment_id: UUID, office: Office) -> Response:
    """Scores by hand, exempts a fact or lifts that, objects, or answers an objection."""
    act = rules.act(visit, office)
    if act is None:
        raise Missing
    try:
        await visit.api.ask(
            act.method, f"{API}/{assessment_id}/{act.path}", json=act.body, headers=rules.headers(visit)
        )
    except Rejected as problem:
        return await _result(visit, assessment_id, office, visit.field("act"), problem)
    return visit.redirect(f"/assessments/{assessment_id}/{office}", act.done)
