"""What the pages show as Word documents in the layout of GB/T 9704, from what the reader may see."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from chassis import clock
from chassis.documents import MEDIA_TYPE, Block, Paper, Table, write
from portal.documents import breakdown, report
from portal.lines.rules import light_reason
from portal.tasks.pages import Filters
from portal.web.api import Missing
from portal.web.files import attached
from portal.web.lists import all_of
from portal.web.menu import PROGRESS
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/documents")
CATALOG, API = "/api/catalog/v1", "/api/progress/v1"
MOST, MOST_LINES, AT_ONCE = 2_000, 20_000, 20
ALL = "中国（安徽）自由贸易试验区"


@router.get("/breakdown")
async def of_tasks(visit: Visit, filters: Annotated[Filters, Query()]) -> Response:
    """The table of the tasks that fit; how they stand only of what is in force, for who sees lines."""
    lines = None
    if visit.has(*PROGRESS) and not filters.edition:
        lines = await all_of(visit.api, f"{API}/lines", MOST_LINES, plan=filters.plan)
    tasks = await all_of(visit.api, f"{CATALOG}/tasks", MOST, **filters.narrowing)
    return await _file(visit, breakdown.TITLE, breakdown.parts(tasks, lines, clock.today()))


@router.get("/report")
async def of_progress(visit: Visit, jurisdiction: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The report of a jurisdiction, or of all that the reader sees; a zone's own is its whole."""
    facts = await _facts(visit, jurisdiction or visit.user.tenant or "")
    return await _file(visit, report.title(facts.subject), report.parts(facts, clock.today()))


async def _facts(visit: UserVisit, place: str) -> report.Facts:
    api, unit = visit.api, (visit.user.unit or "") if visit.user.scope == "unit" else ""
    today, own = clock.today().isoformat(), visit.organization[0]
    places, overview, trend, overdue, at_risk, problems, orders = await asyncio.gather(
        api.get(f"{API}/jurisdictions"),
        api.get(f"{API}/overview"),
        api.get(f"{API}/trends", jurisdiction=place, since=today, until=today),
        all_of(api, f"{API}/lines", MOST, jurisdiction=place, light="red", unit=unit),
        all_of(api, f"{API}/lines", MOST, jurisdiction=place, light="yellow", unit=unit),
        all_of(api, f"{API}/problems", MOST, open="true"),
        all_of(api, f"{API}/orders", MOST, open="true"),
    )
    names = {each["code"]: each["name"] for each in places["items"]} | {"": own if unit else ALL}
    if place not in names:
        raise Missing
    return report.Facts(
        subject=f"{names[place]}（{own}）" if place and unit else names[place],
        author=own,
        figures=trend["points"][-1],
        plans=[
            (plan["name"], [cell for cell in plan["cells"] if place in ("", cell["jurisdiction"])])
            for plan in overview["plans"]
        ],
        overdue=overdue,
        at_risk=at_risk,
        reasons=await _reasons(visit, [*overdue, *at_risk]),
        problems=[each for each in problems if _concerns(place, each, each["raiser"], each["addressee"])],
        orders=[each for each in orders if _concerns(place, each, each["lead"], *each["members"])],
    )


def _concerns(place: str, thing: dict[str, Any], *parties: dict[str, Any]) -> bool:
    """Whether it is the jurisdiction's, or its office takes part; everything when no jurisdiction is asked for."""
    return place in ("", thing["jurisdiction"]) or f"zone:{place}" in [party["office"] for party in parties]


async def _reasons(visit: UserVisit, lines: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Why each line has its light, some at a time."""
    turn, today = asyncio.Semaphore(AT_ONCE), clock.today()

    async def reason(line: dict[str, Any]) -> str:
        async with turn:
            schedule = await visit.api.get(f"{API}/lines/{line['id']}/schedule")
        return light_reason(line, schedule, today)[0]

    found = await asyncio.gather(*map(reason, lines))
    return {line["id"]: told for line, told in zip(lines, found, strict=True)}


async def _file(visit: UserVisit, title: str, parts: Iterable[Block | Table]) -> Response:
    paper = Paper(title, visit.organization[0], clock.now(), list(parts))
    return attached(await asyncio.to_thread(write, paper), f"{title} {clock.today()}.docx", MEDIA_TYPE)
