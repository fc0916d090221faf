"""Each consumer's own handlers take the messages that its pact names, and act on them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pact import Pact

from chassis.events import Event
from chassis.handling import Handler
from chassis.tenancy import Session
from contracts.consumers import notify as notify_pacts
from contracts.consumers import progress as progress_pacts
from deploy.local.system import System
from notify.inbox import events as inbox
from notify.offices import events as offices
from notify.preferences import calendar
from progress.catalog_copy import events as catalog_copy
from progress.lines import opening
from tests.contract.support import Loop, database, progress_topics, undone

Look = Callable[[Session, Event], Awaitable[Any]]


async def taken(pact: Pact, url: str, handlers: Mapping[str, Handler], look: Look) -> dict[str, list[Any]]:
    """What is seen in the database after each message of the pact, by type without prefix and version."""
    loop = Loop()
    seen: dict[str, list[Any]] = {}
    async with database(url) as opened:

        async def take(event: Event) -> None:
            async def work(db: Session) -> Any:
                await handlers[event.type](db, event)
                return await look(db, event)

            seen.setdefault(event.type.split(".", 2)[2].removesuffix(".v1"), []).append(await undone(opened, work))

        def handle(body: str | bytes | None, metadata: dict[str, Any]) -> None:
            headers = [(name, str(value).encode()) for name, value in metadata.items()]
            loop.wait(take(Event.of(headers, body.encode() if isinstance(body, str) else body)))

        await asyncio.to_thread(pact.verify, handle, "Async")
    return seen


async def test_progress_takes_what_the_catalog_publishes(system: System) -> None:
    url = system.instance.database("progress", "progress_worker", "progress_worker")
    topics = progress_topics(system)

    async def look(db: Session, event: Event) -> Any:
        thing = event.type.split(".")[2]
        if thing == "task":
            lines = await db.rows(
                "SELECT jurisdiction, units, leads, due, withdrawn FROM line WHERE task = :code ORDER BY jurisdiction",
                code=event.data["code"],
            )
            return [tuple(map(str, line.values())) for line in lines]
        row = await db.row(f"SELECT * FROM {thing} WHERE id = :id", id=event.data["id"])
        return {name: str(value) for name, value in (row or {}).items()}

    handlers = catalog_copy.handlers(topics) | opening.handlers(topics)
    seen = await taken(progress_pacts.catalog(), url, handlers, look)
    assert {zone["city"] for zone in seen["zone.published"]} == {"hss", "None"}
    assert {(zone["code"], zone["name"], zone["kind"]) for zone in seen["zone.published"]} == {
        ("huangshan", "黄山联动创新区", "linked")
    }
    (unit,), (plan,) = seen["unit.published"], seen["plan.published"]
    assert (unit["code"], unit["name"], unit["aliases"]) == ("hsjcj", "黄山机场集团", "['黄山机场']")
    assert (plan["code"], plan["number"], plan["kind"]) == ("n91", "91", "additional")
    assert seen["task.published"] == [
        [
            ("huangshan", "['hsjcj', 'hss']", "['hsjcj']", "2030-06-30", "False"),
            ("province", "['hsjcj']", "['hsjcj']", "2030-06-30", "False"),
        ]
    ]
    assert seen["task.withdrawn"] == [[]]


async def test_notify_takes_what_progress_and_the_catalog_publish(system: System) -> None:
    url = system.instance.database("notify", "notify_worker", "notify_worker")

    async def look(db: Session, event: Event) -> Any:
        if event.type in offices.HANDLERS:
            thing, code = event.type.split(".")[2], event.data["code"]
            return await db.value("SELECT name FROM office WHERE audience = :known", known=f"{thing}:{code}")
        entries = await db.rows(
            "SELECT audience, title, body FROM entry WHERE at >= now() AND kind = :kind ORDER BY audience",
            kind=event.type.split(".", 2)[2].removesuffix(".v1"),
        )
        if event.type == calendar.TYPE:
            return {}, str((await calendar.corrected(db)).corrected)
        changes = await db.value("SELECT count(*) FROM change WHERE jurisdiction = 'huangshan'")
        return {row["audience"]: f"{row['title']} {row['body']}" for row in entries}, changes

    seen = await taken(notify_pacts.progress(), url, inbox.HANDLERS | calendar.HANDLERS, look)
    written = await taken(notify_pacts.catalog(), url, inbox.CATALOG_HANDLERS | offices.HANDLERS, look)
    drafted = {what: found for what, (found,) in written.items() if what.startswith("manuscript")}
    assert {what: set(entries) for what, (entries, _) in drafted.items()} == {
        "manuscript.submitted": {"role:province"},
        "manuscript.returned": {"zone:huangshan"},
        "manuscript.published": {"zone:huangshan"},
        "manuscript.discarded": {"zone:huangshan"},
    }
    ((_, corrected),) = seen.pop("setting.changed")
    assert "datetime.date(2099, 6, 1): False" in corrected
    assert (written["zone.published"], written["unit.published"]) == (["黄山联动创新区"], ["省商务厅"])
    assert set(seen) == set(inbox.HAPPENED)
    twice = dict.fromkeys(("replication.reminded", "case.returned", "case.rejected"), 2)
    assert {what: len(found) for what, found in seen.items() if len(found) != 1} == twice
    assert {found[0][1] for what, found in seen.items() if what.startswith(("line", "report"))} == {1}
    told = {what: {to: text for entries, _ in found for to, text in entries.items()} for what, found in seen.items()}
    zone, unit, province, origin = "zone:huangshan", "unit:swt", "role:province", "zone:hefei"
    assert {what: set(entries) for what, entries in told.items()} == {
        "line.opened": {province, unit, zone},
        "line.withdrawn": {province, unit, zone},
        "line.updated": set(),
        "line.progressed": set(),
        "line.suspended": {unit, zone},
        "line.resumed": {unit, zone},
        "report.submitted": {province, unit},
        "report.confirmed": {unit, zone},
        "report.returned": {unit, zone},
        "report.reviewed": {province, zone},
        **{f"order.{what}": {unit, zone} for what in notify_pacts.ORDER_STEPS},
        **{f"order.{what}": {zone} for what in ("signed", "replied", "urged", "extension_asked", "applied")},
        **{f"problem.{what}": {unit, zone} for what in notify_pacts.PROBLEM_STEPS},
        "problem.due_soon": {unit},
        "case.submitted": {province},
        "case.invited": {unit},
        "case.scored": set(),
        "case.concluded": set(),
        "case.approved": {zone},
        "case.returned": {zone, province, unit},
        "case.rejected": {zone, "zone:wuhu"},
        "case.published": {zone, "zone:wuhu"},
        **{f"replication.{state}": {province, origin} for state in ("planned", "under_way", "adopted", "declined")},
        "replication.reminded": {zone, province},
        "replication.escalated": {province},
        "bulletin.published": {zone},
        "handover.made": {zone},
        "comment.made": {zone},
        "comment.withdrawn": set(),
        "decision.made": {zone},
        "decision.completed": {zone},
        "decision.due_soon": {zone},
        "decision.overdue": {zone, province},
        "indicator_value.revised": {province, unit},
        **{f"missing_value.{what}": {zone} for what in ("due_soon", "overdue")},
        "line.stalled": {province, zone},
        "milestone.overdue": set(),
        "extension.asked": {province},
        **{f"extension.{what}": {zone} for what in ("approved", "refused", "moved")},
        **{f"period.{what}": {zone} for what in ("opened", "due_soon", "overdue")},
        "reminder.due_soon": {zone},
        "reminder.overdue": {zone, province},
        **{f"filing.{what}": set() for what in ("submitted", "checked", "accepted", "approved")},
        **{f"filing.{what}": {zone} for what in ("returned", "reopened")},
        **{f"assessment.{what}": {zone} for what in ("announced", "published", "closed")},
        "objection.raised": {province},
        "objection.answered": {zone},
        **{f"exemption.{what}": {zone} for what in ("granted", "lifted")},
    }
    assert "没有综合窗口" in told["replication.declined"][origin]
    assert "规划调整" in told["line.suspended"][zone]
    assert "缺少佐证材料" in told["report.returned"][zone]
    assert "属实" in told["report.reviewed"][zone]
    assert "第 1 版" in told["line.opened"][unit]
    assert "口径调整" in told["indicator_value.revised"][province]
    assert "40%" in told["report.submitted"][province]
