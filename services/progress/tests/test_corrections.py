"""What reads an approved filing, before it is corrected and after, by the API on a database of its own."""

from datetime import timedelta
from typing import Any

from chassis.clock import today
from progress.corrections.schemas import UsesOut
from services.progress.tests import test_assessment as assessments
from services.progress.tests import test_bulletins as bulletins
from services.progress.tests.steps import Json, ask, seen
from services.progress.tests.test_filings import Opened, opened
from services.progress.tests.test_past import close_days
from services.progress.tests.worlds import World

ITEMS = [
    {"code": "lines", "title": "按时推进", "basis": "lines", "points": 60},
    {"code": "filings", "title": "按时报送", "basis": "filings", "points": 40},
]


async def uses(world: World, filing: Json, name: str = "province") -> list[Json]:
    found = await seen(world, name, f"/filings/{filing['id']}/uses")
    return list(UsesOut.model_validate(found).model_dump(mode="json")["items"])


def short(version: Json) -> list[tuple[Any, ...]]:
    return [(use["kind"], use["title"], use["status"], use["percent"], use["follows"]) for use in version["uses"]]


async def told(world: World, period: Opened, title: str, **given: Any) -> Json:
    """The draft of a bulletin of the period's plan under a title."""
    answer = await ask(world, "province", "POST", "/bulletins", given)
    assert answer.status_code == 201, answer.text
    parts = answer.json()["parts"]
    edited = await bulletins.act(world, answer.json(), "edit", title=title, parts=parts)
    assert edited.status_code == 200, edited.text
    return dict(edited.json())


async def corrected(period: Opened, **said: Any) -> Json:
    await period.done("province", "reopening", reason="数据有误", until=str(today() + timedelta(3)))
    await period.file(**said)
    return await period.done("province", "approval", confidence="high")


async def test_a_correction_lists_what_reads_the_version_and_what_it_changed(world: World) -> None:
    period = await opened(world)
    filing = await period.filing()
    assert await uses(world, filing) == []
    await period.file()
    await period.done("province", "approval", confidence="high")
    since = {"since": str(today() - timedelta(30)), "until": str(today()), "plans": period.period["plans"]}
    of_period = await told(world, period, "季度通报", period_id=period.period["id"])
    await told(world, period, "月度通报", **since)
    dropped = await told(world, period, "作废通报", **since)
    assert (await bulletins.act(world, dropped, "cancellation")).status_code == 201
    published = await bulletins.act(world, of_period, "publication", readers=["zone:hefei"])
    assert published.status_code == 201
    assessment = await assessments.drafted(world, year=today().year, items=ITEMS)
    await assessments.moved(world, assessment, "announcement")
    until = {"objections_until": str(today() + timedelta(7))}
    await assessments.moved(world, assessment, "publication", until)
    title = period.lines["hefei"]["task"]["title"]
    living = [("line", title, None, 20, True), ("period", "三季度报告", None, 20, True)]
    (first,) = await uses(world, filing)
    drafts = [("bulletin", "月度通报", "draft", 20, False)]
    number = f"〔{today().year}〕{published.json()['number']}号 季度通报"
    kept = [("bulletin", number, "published", 20, False), ("assessment", "年度考评", "published", None, False)]
    assert (first["number"], first["changes"], short(first)) == (1, [], living + drafts + kept)
    assert first["uses"][-1]["items"] == ["按时报送", "按时推进"]

    await corrected(period, percent=15)
    second, first = await uses(world, filing)
    assert second["changes"] == [{"field": "percent", "before": 20, "after": 15}]
    assert short(second) == [(*each[:3], 15, True) for each in living]
    assert short(first) == drafts + kept
    (_, own), (_, foreign) = await uses(world, filing, "hefei"), await uses(world, filing, "swt")
    assert (short(own), short(foreign)) == (kept, [])
    assert (await ask(world, "wuhu", "GET", f"/filings/{filing['id']}/uses")).status_code == 404


async def test_past_days_keep_what_they_have_read(world: World) -> None:
    period = await opened(world)
    await period.file()
    approved_on = today()
    filing = await period.done("province", "approval", confidence="high")
    await close_days(world, approved_on + timedelta(2))
    (first,) = await uses(world, filing)
    days = next(use for use in first["uses"] if use["kind"] == "days")
    assert (days["since"], days["until"], days["percent"]) == (str(approved_on), str(approved_on + timedelta(1)), 20)
    async with world.server() as server:
        await server.execute(
            "UPDATE report SET decided_at = decided_at - interval '1 day' WHERE line_id = $1", filing["line_id"]
        )
    await corrected(period, percent=15)
    found = [
        [(use["since"], use["until"]) for use in version["uses"] if use["kind"] == "days"]
        for version in await uses(world, filing)
    ]
    assert found == [[(str(today()), str(today() + timedelta(1)))], []]
