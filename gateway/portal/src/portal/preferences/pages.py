"""How somebody wants to be told (通知设置): which news by mail, when, and in which language."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from portal.web.api import Rejected, conditions
from portal.web.numbers import whole
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/notification-settings")
API = "/api/notify/v1/preferences"


@router.get("")
async def preferences(visit: Visit) -> Response:
    """The form."""
    found = await visit.api.get(API)
    return visit.render("preferences/preferences.html", found=found, shown=found, problem=None)


@router.post("")
async def choose(visit: Visit) -> Response:
    """Saves what was chosen, or shows it again with what is wrong with it."""
    given = _given(visit)
    try:
        await visit.api.ask("PUT", API, json=given, headers=conditions(visit.if_match, visit.idempotency_key))
    except Rejected as problem:
        found = await visit.api.get(API)
        shown = found | given | {"groups": [_chosen(group, given["choices"]) for group in found["groups"]]}
        return visit.render(
            "preferences/preferences.html", status=problem.status, found=found, shown=shown, problem=problem
        )
    return visit.redirect(visit.path, ("已保存，对此后的消息生效", "Saved, for news from now on"))


def _given(visit: UserVisit) -> dict[str, Any]:
    prefix = "choice-"
    choices = {name.removeprefix(prefix): visit.field(name) for name in visit.form if name.startswith(prefix)}
    begins, until = visit.field("begins"), visit.field("until")
    return {
        "choices": choices,
        "quiet": {"begins": begins, "until": until} if begins or until else None,
        "working_days_only": bool(visit.field("working_days_only")),
        "digest": {"rhythm": visit.field("rhythm"), "weekday": whole(visit.field("weekday"))},
        "language": visit.field("language"),
    }


def _chosen(group: Mapping[str, Any], choices: Mapping[str, str]) -> dict[str, Any]:
    return {**group, "choice": choices.get(group["code"], group["choice"])}
