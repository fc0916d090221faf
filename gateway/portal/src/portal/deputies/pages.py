"""Deputies (代理): who stands in for whom; and the switch to work in the name of who is away."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis import clock
from portal.session.oidc import Unavailable
from portal.web.api import Away, Rejected
from portal.web.visit import UserVisit, Visit
from portal.web.words import Both

router = APIRouter()
API = "/api/catalog/v1/deputyships"
FIELDS = ("absent", "deputy", "since", "until")


@router.get("/deputies")
async def deputies(visit: Visit) -> Response:
    """Those that run or are to come, and the form to name one."""
    return await _page(visit)


@router.post("/deputies")
async def name(visit: Visit) -> Response:
    """Names a deputy."""
    given = {field: visit.field(field) for field in FIELDS}
    try:
        made = await visit.api.post(API, json=given, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _page(visit, problem)
    await _told(visit, made)
    return visit.redirect("/deputies", ("代理人已指定", "The deputy is named"))


@router.post("/deputies/{deputyship_id}/withdraw")
async def withdraw(visit: Visit, deputyship_id: UUID) -> Response:
    """Ends a deputyship."""
    path, version = f"{API}/{deputyship_id}/withdrawal", visit.if_match
    ended = await visit.api.post(path, if_match=version, idempotency_key=visit.idempotency_key)
    await _told(visit, ended)
    return visit.redirect("/deputies", ("代理已收回", "The deputyship is withdrawn"))


@router.post("/acting/_back")
async def back(request: Request, visit: Visit) -> Response:
    """The user's own pages again."""
    return await _switch(request, visit, None, ("已恢复本人身份", "You act in your own name again"))


@router.post("/acting/{absent}")
async def act(request: Request, visit: Visit, absent: UUID) -> Response:
    """From now on in the name of somebody who is away."""
    return await _switch(request, visit, str(absent), ("已切换", "Switched"))


async def _switch(request: Request, visit: UserVisit, absent: str | None, said: Both) -> Response:
    state = request.app.state
    try:
        await state.sessions.act_for(request.cookies[state.cookies.session], absent)
    except Unavailable as unavailable:
        raise Away("keycloak") from unavailable
    return visit.redirect("/", said)


async def _told(visit: UserVisit, deputyship: Mapping[str, Any]) -> None:
    """The deputy's pages know of it at once, wherever it is logged in."""
    await visit.request.app.state.sessions.outdate(deputyship["deputy"]["id"])


async def _page(visit: UserVisit, problem: Rejected | None = None) -> Response:
    return visit.render(
        "deputies/deputies.html",
        status=problem.status if problem else 200,
        found=await visit.api.get(API),
        today=clock.today(),
        problem=problem,
    )
