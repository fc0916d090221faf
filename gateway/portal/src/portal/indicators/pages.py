"""Indicators (指标体系): the list of a jurisdiction, one with its charts, what is recorded, what is decided."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from chassis import clock
from chassis.auth import Role
from portal.indicators import rules, words
from portal.lines.words import office
from portal.web.addresses import address
from portal.web.api import Forbidden, Missing, Rejected, conditions
from portal.web.language import t
from portal.web.visit import UserVisit, Visit

router = APIRouter()
API = "/api/progress/v1/indicators"
VALUES = "/api/progress/v1/indicator-values"
MISSING = "/api/progress/v1/missing-values"
PAGE, RECORDED = 100, 20
FIRST_YEAR = 2021
Code = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
Year = Annotated[int | None, Query(ge=2000, le=2099)]
Place = Annotated[str, Query(max_length=64)]
Cursor = Annotated[str, Query(max_length=500)]


def _said() -> dict[str, Any]:
    return {
        "words": words,
        "figure": rules.figure,
    }


def _offices(thing: dict[str, Any], places: dict[str, str]) -> Callable[[str], str]:
    """Names of the offices that record values: zones, and the indicator's unit."""
    names = places | {thing["unit"]: thing["unit_name"]}
    return lambda code: office(code, names)


def _years(chosen: int) -> list[int]:
    return sorted({chosen, *range(FIRST_YEAR, clock.today().year + 2)}, reverse=True)


@router.get("/indicators")
async def indicators(visit: Visit, jurisdiction: Place = "", year: Year = None, cursor: Cursor = "") -> Response:
    """The indicators with how a jurisdiction stands in a year."""
    found, places = await asyncio.gather(
        visit.api.get(API, jurisdiction=jurisdiction, year=year, cursor=cursor, limit=PAGE),
        visit.api.get("/api/progress/v1/jurisdictions"),
    )
    chosen = year or clock.today().year
    return visit.render(
        "indicators/indicators.html",
        found=found,
        places=places["items"],
        jurisdiction=jurisdiction or (visit.user.tenant or "province"),
        year=chosen,
        years=_years(chosen),
        here=address("/indicators", jurisdiction=jurisdiction, year=year),
        cursor=cursor,
        province=visit.has(Role.PROVINCE),
        **_said(),
    )


@router.get("/indicators/_new")
async def new(visit: Visit) -> Response:
    """The form for a further indicator."""
    return await _form(visit, None, rules.empty())


@router.post("/indicators/_new")
async def add(visit: Visit) -> Response:
    """Defines an indicator."""
    form = _sent(visit)
    try:
        made = await visit.api.post(
            API, json=rules.given(form) | {"code": form["code"]}, idempotency_key=visit.idempotency_key
        )
    except Rejected as problem:
        return await _form(visit, None, form, problem.at({"code-taken": "code"}))
    return visit.redirect(f"/indicators/{made['code']}", ("指标已建立，待确认启用", "Defined; confirm it to use it"))


@router.get("/indicators/_missing")
async def missing(
    visit: Visit,
    jurisdiction: Place = "",
    waiting: Annotated[str, Query(pattern="^(true)?$")] = "",
    cursor: Cursor = "",
) -> Response:
    """Values that are owed and not recorded, by the office that looks or by all."""
    found, places = await asyncio.gather(
        visit.api.get(MISSING, jurisdiction=jurisdiction, waiting=waiting, cursor=cursor, limit=50),
        visit.api.get("/api/progress/v1/jurisdictions"),
    )
    return visit.render(
        "indicators/missing.html",
        found=found,
        places=[(place["code"], place["name"]) for place in places["items"]],
        jurisdiction=jurisdiction,
        waiting=waiting,
        here=address("/indicators/_missing", jurisdiction=jurisdiction, waiting=waiting),
        cursor=cursor,
    )


@router.get("/indicators/{indicator}")
async def indicator(
    visit: Visit, indicator: Code, jurisdiction: Place = "", year: Year = None, cursor: Cursor = ""
) -> Response:
    """One indicator: its definition, figures and recorded values."""
    return await _show(visit, indicator, jurisdiction, year, cursor)


async def _show(
    visit: UserVisit,
    code: str,
    jurisdiction: str = "",
    year: int | None = None,
    cursor: str = "",
    act: str = "",
    problem: Rejected | None = None,
) -> Response:
    """``act`` is what was tried and ``problem`` why it was not done."""
    path = f"{API}/{code}"
    of_values = "" if jurisdiction == "province" else jurisdiction
    shown, series, values, owed = await asyncio.gather(
        visit.api.get(path, year=year),
        visit.api.get(f"{path}/series", jurisdiction=jurisdiction, until=year),
        visit.api.get(f"{path}/values", jurisdiction=of_values, limit=RECORDED, cursor=cursor),
        visit.api.get(MISSING, indicator=code, limit=RECORDED),
    )
    chosen = year or clock.today().year
    names = {stand["jurisdiction"]: stand["jurisdiction_name"] for stand in shown["standings"]}
    return visit.render(
        "indicators/indicator.html",
        status=problem.status if problem else 200,
        indicator=shown,
        series=series,
        values=values,
        owed=owed,
        period=visit.request.query_params.get("period", ""),
        charts=rules.charts(series, shown["standings"]),
        office=_offices(shown, names),
        names=names,
        jurisdiction=series["jurisdiction"],
        year=chosen,
        years=_years(chosen),
        today=clock.today(),
        here=address(f"/indicators/{code}", jurisdiction=jurisdiction, year=year),
        cursor=cursor,
        act=act,
        problem=problem,
        targets=_targets(visit) if problem and act == "targets" else shown["targets"],
        **_said(),
    )


@router.post("/indicators/{indicator}")
async def do(visit: Visit, indicator: Code) -> Response:
    """Records a value, sets targets, brings into use or out of it."""
    act, path = visit.field("act"), f"{API}/{indicator}"
    try:
        if act == "record":
            names = ("jurisdiction", "period", "value", "note", "explanation")
            body: dict[str, Any] = {name: visit.field(name) for name in names}
            await visit.api.post(f"{path}/values", json=body, idempotency_key=visit.idempotency_key)
        elif act == "targets":
            body = {"targets": _targets(visit), "reason": visit.field("reason")}
            headers = conditions(visit.if_match, visit.idempotency_key)
            await visit.api.ask("PUT", f"{path}/targets", json=body, headers=headers)
        elif act in ("confirmation", "withdrawal"):
            await visit.api.post(f"{path}/{act}", if_match=visit.if_match, idempotency_key=visit.idempotency_key)
        else:
            raise Missing
    except Rejected as problem:
        return await _show(visit, indicator, act=act, problem=problem)
    return visit.redirect(f"/indicators/{indicator}", ("已保存", "Saved"))


def _targets(visit: UserVisit) -> list[dict[str, Any]]:
    return rules.targets(*(visit.column(name) for name in ("jurisdiction", "year", "value")))


@router.get("/indicators/{indicator}/edit")
async def edit(visit: Visit, indicator: Code) -> Response:
    """The form of a definition."""
    shown = await visit.api.get(f"{API}/{indicator}")
    return await _form(visit, shown, rules.typed(shown))


@router.post("/indicators/{indicator}/edit")
async def change(visit: Visit, indicator: Code) -> Response:
    """Changes a definition."""
    path, form = f"{API}/{indicator}", _sent(visit)
    try:
        headers = conditions(visit.if_match, visit.idempotency_key)
        await visit.api.ask("PUT", path, json=rules.given(form), headers=headers)
    except Rejected as problem:
        return await _form(visit, await visit.api.get(path), form, problem)
    return visit.redirect(f"/indicators/{indicator}", ("已保存", "Saved"))


@router.get("/indicators/{indicator}/versions")
async def versions(visit: Visit, indicator: Code, cursor: Cursor = "") -> Response:
    """Every version of a definition."""
    shown, found = await asyncio.gather(
        visit.api.get(f"{API}/{indicator}"), visit.api.get(f"{API}/{indicator}/versions", limit=20, cursor=cursor)
    )
    return visit.render("indicators/versions.html", indicator=shown, found=found, cursor=cursor, **_said())


@router.get("/indicator-values/{value_id}")
async def value(visit: Visit, value_id: UUID) -> Response:
    """A value with its revisions."""
    return await _value(visit, value_id)


@router.post("/indicator-values/{value_id}")
async def revise(visit: Visit, value_id: UUID) -> Response:
    """Corrects a value."""
    body = {name: visit.field(name) for name in ("value", "reason", "note", "explanation")}
    try:
        await visit.api.post(
            f"{VALUES}/{value_id}/revisions",
            json=body,
            if_match=visit.if_match,
            idempotency_key=visit.idempotency_key,
        )
    except Rejected as problem:
        return await _value(visit, value_id, problem)
    return visit.redirect(f"/indicator-values/{value_id}", ("数值已修订", "The value is revised"))


async def _value(visit: UserVisit, value_id: UUID, problem: Rejected | None = None) -> Response:
    shown = await visit.api.get(f"{VALUES}/{value_id}")
    return visit.render(
        "indicators/value.html",
        status=problem.status if problem else 200,
        value=shown,
        problem=problem,
        office=_offices(shown, {shown["jurisdiction"]: shown["jurisdiction_name"]}),
        **_said(),
    )


async def _form(
    visit: UserVisit, indicator: dict[str, Any] | None, shown: dict[str, str], problem: Rejected | None = None
) -> Response:
    if not visit.has(Role.PROVINCE):
        raise Forbidden
    units = (await visit.api.get("/api/catalog/v1/units", limit=200))["items"]
    status = problem.status if problem else 200
    return visit.render(
        "indicators/form.html",
        status=status,
        indicator=indicator,
        shown=shown,
        problem=problem,
        units=[(unit["code"], unit["name"]) for unit in units],
        pairs=lambda options: [(code, t(*both)) for code, both in options.items()],
        **_said(),
    )


def _sent(visit: UserVisit) -> dict[str, str]:
    """What the form says, as it was written."""
    return {name: visit.field(name) for name in rules.empty()}
