"""What is done with several lines at once: each by a request of its own, and each tells what came of it."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from chassis.auth import Role
from portal.exports.lists import LISTS
from portal.exports.pages import workbook
from portal.web.addresses import address
from portal.web.api import Away, Failure, Forbidden, Missing, Rejected
from portal.web.language import t
from portal.web.visit import UserVisit, Visit

router = APIRouter()
API = "/api/progress/v1/lines"
Json = Mapping[str, Any]
MOST, AT_ONCE = 100, 5
LIST = "/lines?as=table"


@dataclass(frozen=True)
class Chosen:
    """A line as the list showed it; ``report`` is that which waited for its confirmation."""

    id: UUID
    version: str
    report: UUID | None


@dataclass(frozen=True)
class Outcome:
    """``why`` is empty where it was done; ``line`` is how it stands now, None where that cannot be told."""

    id: UUID
    line: Json | None
    why: str


@router.post("/lines/_chosen")
async def act(visit: Visit) -> Response:
    """Confirms the reports of the chosen lines, leads to an order on them, or gives them as Excel."""
    try:
        chosen = _chosen(visit.column("line"))
    except Rejected as problem:
        return _results(visit, [], problem)
    match visit.field("do"):
        case "export":
            return await workbook(LISTS["lines"], await _side_by_side(_line(visit, each.id) for each in chosen))
        case "order":
            return visit.redirect(address("/orders/_new", line=[str(each.id) for each in chosen]))
        case "confirm" if visit.has(Role.PROVINCE):
            return _results(visit, await _side_by_side(_confirm(visit, each) for each in chosen))
        case "confirm":
            raise Forbidden
    raise Missing


def _chosen(given: Iterable[str]) -> list[Chosen]:
    """Raises Missing for what is no line, Rejected for none or too many."""
    parts = [(*each.split(":"), "", "")[:3] for each in dict.fromkeys(given)]
    if not 0 < len(parts) <= MOST:
        detail = (f"请先勾选事项，一次最多 {MOST} 项。", f"Please tick some lines first, at most {MOST}.")
        raise Rejected.here(422, "invalid", ("未办理", "Not done"), detail)
    try:
        return [Chosen(UUID(id_), version, UUID(report) if report else None) for id_, version, report in parts]
    except ValueError as error:
        raise Missing from error


async def _confirm(visit: UserVisit, each: Chosen) -> Outcome:
    """By the version that was seen, and with a key of its own: sent again, it tells the same."""
    why = await _why_not(visit, each)
    try:
        return Outcome(each.id, await _line(visit, each.id), why)
    except Failure:
        return Outcome(each.id, None, why)


async def _why_not(visit: UserVisit, each: Chosen) -> str:
    if each.report is None:
        return t("没有待确认的填报。", "No report waits for a confirmation.")
    path = f"{API}/{each.id}/reports/{each.report}/confirmation"
    key = visit.idempotency_key and f"{visit.idempotency_key}-{each.id}"
    try:
        await visit.api.post(path, json={"remark": ""}, if_match=each.version, idempotency_key=key)
    except Rejected as problem:
        return problem.detail or t(problem.title, problem.title_en)
    except Missing:
        return t("该填报已不存在。", "The report is not there any more.")
    except Away:
        return t("系统未答复，请打开该事项核对。", "There was no answer; please look at the line.")
    return ""


async def _line(visit: UserVisit, id_: UUID) -> Any:
    return await visit.api.get(f"{API}/{id_}")


async def _side_by_side(asked: Iterable[Awaitable[Any]]) -> list[Any]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(each: Awaitable[Any]) -> Any:
        async with gate:
            return await each

    return await asyncio.gather(*map(one, asked))


def _results(visit: UserVisit, outcomes: list[Outcome], problem: Rejected | None = None) -> Response:
    back = visit.field("back")
    return visit.render(
        "lines/chosen.html",
        status=problem.status if problem else 200,
        outcomes=outcomes,
        done=sum(not each.why for each in outcomes),
        back=back if back.startswith("/lines?") else LIST,
        problem=problem,
    )
