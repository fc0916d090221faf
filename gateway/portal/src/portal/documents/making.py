"""Official documents (公文) of what their reader may see, in the layout of GB/T 9704."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chassis import clock
from chassis.documents import MEDIA_TYPE, Block, Paper, Table, write
from portal.documents import breakdown, report
from portal.exports.wholes import Made, Reading, Whole
from portal.lines.rules import light_reason
from portal.web.api import Missing
from portal.web.menu import PROGRESS

CATALOG, API = "/api/catalog/v1", "/api/progress/v1"
AT_ONCE = 20
ALL = "中国（安徽）自由贸易试验区"
Json = dict[str, Any]


async def of_tasks(reading: Reading, given: Mapping[str, str]) -> Made:
    """The table of the tasks that fit; how they stand only of what is in force, for who sees lines."""
    lines = None
    if reading.user.has(*PROGRESS) and not given.get("edition"):
        lines = await reading.all_of(f"{API}/lines", plan=given.get("plan", ""))
    tasks = await reading.all_of(f"{CATALOG}/tasks", **given)
    return await _file(reading, breakdown.TITLE, breakdown.parts(tasks, lines, clock.today()))


async def of_progress(reading: Reading, given: Mapping[str, str]) -> Made:
    """The report of a jurisdiction, or of all that the reader sees; a zone's own is its whole."""
    facts = await _facts(reading, given.get("jurisdiction") or reading.user.tenant or "")
    return await _file(reading, report.title(facts.subject), report.parts(facts, clock.today()))


async def _facts(reading: Reading, place: str) -> report.Facts:
    unit = (reading.user.unit or "") if reading.user.scope == "unit" else ""
    today, own = clock.today().isoformat(), reading.office
    places, overview, trend, overdue, at_risk, problems, orders = await asyncio.gather(
        reading.get(f"{API}/jurisdictions"),
        reading.get(f"{API}/overview"),
        reading.get(f"{API}/trends", jurisdiction=place, since=today, until=today),
        reading.all_of(f"{API}/lines", jurisdiction=place, light="red", unit=unit),
        reading.all_of(f"{API}/lines", jurisdiction=place, light="yellow", unit=unit),
        reading.all_of(f"{API}/problems", open="true"),
        reading.all_of(f"{API}/orders", open="true"),
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
        reasons=await _reasons(reading, [*overdue, *at_risk]),
        problems=[each for each in problems if _concerns(place, each, each["raiser"], each["addressee"])],
        orders=[each for each in orders if _concerns(place, each, each["lead"], *each["members"])],
    )


def _concerns(place: str, thing: Json, *parties: Json) -> bool:
    """Whether it is the jurisdiction's, or its office takes part; everything when no jurisdiction is asked for."""
    return place in ("", thing["jurisdiction"]) or f"zone:{place}" in [party["office"] for party in parties]


async def _reasons(reading: Reading, lines: Sequence[Json]) -> dict[str, str]:
    """Why each line has its light, some at a time."""
    turn, today = asyncio.Semaphore(AT_ONCE), clock.today()

    async def reason(line: Json) -> str:
        async with turn:
            schedule = await reading.get(f"{API}/lines/{line['id']}/schedule")
        return light_reason(line, schedule, today)[0]

    found = await asyncio.gather(*map(reason, lines))
    return {line["id"]: told for line, told in zip(lines, found, strict=True)}


async def _file(reading: Reading, title: str, parts: Iterable[Block | Table]) -> Made:
    paper = Paper(title, reading.office, clock.now(), list(parts))
    return Made(await asyncio.to_thread(write, paper), f"{title} {clock.today()}.docx", MEDIA_TYPE)


DOCUMENTS: Mapping[str, Whole] = {
    "breakdown": Whole(
        ("任务分解表", "Task breakdown table"),
        "docx",
        MEDIA_TYPE,
        ("q", "plan", "zone", "unit", "role", "edition"),
        of_tasks,
    ),
    "report": Whole(("推进情况报告", "Progress report"), "docx", MEDIA_TYPE, ("jurisdiction",), of_progress),
}
