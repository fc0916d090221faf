"""What the province plans by (进度设置): thresholds of lights, templates of plans, the work calendar."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from chassis import clock
from portal.planning import rules
from portal.web.api import Code, Rejected, conditions
from portal.web.numbers import whole
from portal.web.visit import UserVisit, Visit
from portal.web.words import Both

router = APIRouter(prefix="/planning")
API = "/api/progress/v1"
SAVED: Both = ("已保存", "Saved")
THRESHOLDS = ("near_days", "behind_percent", "stalled_days")
Year = Annotated[int, Path(ge=2000, le=2100)]


@router.get("/thresholds")
async def thresholds(visit: Visit) -> Response:
    """The form for the thresholds."""
    return await _show(visit, f"{API}/thresholds", "thresholds")


@router.post("/thresholds")
async def set_thresholds(visit: Visit) -> Response:
    """Changes the thresholds."""
    given = {name: whole(visit.field(name)) for name in THRESHOLDS}
    notice = ("已保存，亮灯将在一分钟内重新判定", "Saved; lights are judged anew within a minute")
    return await _save(visit, f"{API}/thresholds", given, "thresholds", notice)


@router.get("/templates")
async def templates(visit: Visit) -> Response:
    """The stages of every plan."""
    return await _show(visit, f"{API}/templates", "templates")


@router.get("/templates/{code}")
async def template(visit: Visit, code: Code) -> Response:
    """The form for the stages of a plan."""
    return await _show(visit, f"{API}/templates/{code}", "template")


@router.post("/templates/{code}")
async def set_template(visit: Visit, code: Code) -> Response:
    """Changes the stages of a plan."""
    filled = [row for row in zip_longest(visit.column("title"), visit.column("weight"), fillvalue="") if any(row)]
    stages = [{"title": title, "weight": whole(weight)} for title, weight in filled]
    return await _save(visit, f"{API}/templates/{code}", {"stages": stages}, "template", SAVED, "/planning/templates")


@router.get("/calendar")
async def calendar(visit: Visit) -> Response:
    """This year's calendar."""
    return visit.redirect(f"/planning/calendar/{clock.today().year}")


@router.get("/calendar/{year}")
async def year(visit: Visit, year: Year) -> Response:
    """A year's working days, to be corrected."""
    return await _show(visit, f"{API}/calendar/{year}", "calendar")


@router.post("/calendar/{year}")
async def correct(visit: Visit, year: Year) -> Response:
    """Corrects a year; what is as usual needs no correction."""
    path = f"{API}/calendar/{year}"
    days = rules.corrections(await visit.api.get(path), set(visit.column("working")))
    return await _save(visit, path, {"days": days, "settled": bool(visit.field("settled"))}, "calendar", SAVED)


async def _save(
    visit: UserVisit, path: str, given: Mapping[str, Any], page: str, notice: Both, then: str | None = None
) -> Response:
    """Saves what the form says and shows ``then``, or the form again: with the problem, when there is one."""
    headers = conditions(visit.if_match, visit.idempotency_key)
    try:
        await visit.api.ask("PUT", path, json=given, headers=headers)
    except Rejected as problem:
        return await _show(visit, path, page, given, problem)
    return visit.redirect(then or visit.path, notice)


async def _show(
    visit: UserVisit, path: str, page: str, given: Mapping[str, Any] | None = None, problem: Rejected | None = None
) -> Response:
    """``given`` is what was typed and not saved."""
    found = await visit.api.get(path)
    months = rules.months(found) if page == "calendar" else []
    status = problem.status if problem else 200
    return visit.render(
        f"planning/{page}.html", status=status, found=found, shown=given or found, months=months, problem=problem
    )
