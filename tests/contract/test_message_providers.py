"""The providers' own publishing code gives the messages that the consumers' pacts name."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args
from uuid import UUID

from pact import Verifier
from pact.types import Message

from catalog.editions import store as editions
from catalog.editions.rules import Comparison
from catalog.imports import store as imports
from catalog.manuscripts import events as manuscript_events
from catalog.manuscripts import store as manuscripts
from catalog.manuscripts.rules import Manuscript
from catalog.plans import events as plan_events
from catalog.plans import store as plans
from catalog.tasks import events as task_events
from catalog.tasks import store as tasks
from catalog.units import creation as unit_creation
from catalog.units import store as units
from catalog.zones import creation as zone_creation
from catalog.zones import events as zone_events
from catalog.zones import store as zones
from chassis import outbox
from chassis.clock import today
from chassis.tenancy import Session
from contracts.consumers.integrator import LINES
from contracts.consumers.notify import CORRECTED, ORDER_STEPS, PROBLEM_STEPS
from contracts.generate import FOLDER
from deploy.local.system import System
from progress import entries
from progress.bulletins import events as bulletin_events
from progress.calendar import store as calendar
from progress.comments import events as comment_events
from progress.comments import store as comments
from progress.comments.rules import Reader
from progress.handovers import events as handover_events
from progress.indicators import defining, values, valuing
from progress.indicators import events as indicator_events
from progress.indicators.schemas import IndicatorIn
from progress.lines import changing
from progress.lines import store as lines
from progress.lines.rules import State
from progress.meetings import events as meeting_events
from progress.orders import events as order_events
from progress.orders import store as orders
from progress.problems import events as problem_events
from progress.problems import store as problems
from progress.reports import events as report_events
from progress.reports import store as reports
from progress.reports.rules import Status
from progress.setting import UNTOUCHED
from tests.contract.examples import CITY, PLAN, TASK, Publish, line, tell
from tests.contract.innovations import CASES
from tests.contract.reporting import REPORTING
from tests.contract.support import Loop, database, undone
from tests.indicators import definition


async def verify(provider: str, pact: str, url: str, published: Mapping[str, Publish], only: str | None = None) -> None:
    """Holds the messages of a provider, by their descriptions in the pact, against the pact. RuntimeError names what
    does not fit on the standard output.
    """
    loop = Loop()
    async with database(url) as opened:

        async def last_message(publish: Publish) -> Message:
            async def work(db: Session) -> Message:
                before = await db.value("SELECT coalesce(max(position), 0) FROM outbox")
                await publish(db)
                row = await db.row(
                    "SELECT * FROM outbox WHERE position > :before ORDER BY position DESC LIMIT 1", before=before
                )
                message = outbox.message(dict(row or {}))
                headers = {header: content.decode() for header, content in message["headers"]}
                content_type = headers.pop("content-type")
                return Message(contents=message["value"], metadata=headers, content_type=content_type)

            return await undone(opened, work)

        def produce(name: str) -> Message:
            return loop.wait(last_message(published[name]))

        verifier = Verifier(provider).message_handler(produce).add_source(FOLDER / "pacts" / pact)
        if only:
            verifier.filter(only)
        await asyncio.to_thread(verifier.verify)


async def add_unit(db: Session) -> None:
    await unit_creation.create(db, "契约检验厅", "department", code="contract-unit", aliases=["检验厅"])


async def add_zone(db: Session, city: str | None) -> None:
    if city:
        await unit_creation.create(db, city, "city", code="contract-city")
    zone = dict.fromkeys(zone_creation.STORED) | {"code": "contract-zone", "name": "契约检验区", "kind": "linked"}
    await zone_creation.create(db, zone | {"positioning": "", "industries": []}, city)


async def close_zone(db: Session) -> None:
    await add_zone(db, None)
    await zones.close(db, "contract-zone", today(), "片区调整")
    await zone_events.published(db, await zone_creation.get(db, "contract-zone"))


async def add_plan(db: Session) -> None:
    await plan_events.published(db, await plans.put(db, PLAN))


async def add_edition(db: Session) -> int:
    """The number of a new edition."""
    imported = await imports.get(db, await imports.put(db, "notice.txt", "", "", {}, None, "检验"))
    assert imported is not None
    changes = Comparison((), (), ())
    draft = await editions.draft(db, imported, [PLAN.code], changes, "检验")
    return int((await editions.publish(db, draft["id"], changes, "检验"))["number"])


async def add_task(db: Session) -> None:
    await add_unit(db)
    await add_zone(db, CITY)
    await add_plan(db)
    await task_events.published(db, [await tasks.put(db, TASK, await add_edition(db), await units.ids(db))])


async def withdraw_task(db: Session) -> None:
    await add_task(db)
    gone = await tasks.withdraw(db, TASK.code, await add_edition(db))
    await task_events.withdrawn(db, [gone], 2)


async def add_manuscript(db: Session) -> None:
    await add_zone(db, CITY)
    plan = replace(PLAN, code="contract-zone", kind="zone", zone="contract-zone")
    await manuscripts.put(db, Manuscript(plan, (), 0, begun=False), (), "contract-zone", "检验")


What = Literal["submitted", "returned", "published", "discarded"]


def manuscript(what: What) -> Publish:
    async def publish(db: Session) -> None:
        await add_manuscript(db)
        edition = None if what == "discarded" else UUID("0193a1b2-7c00-7000-8000-000000000006")
        remarks = "请补充责任单位" if what == "returned" else None
        await manuscript_events.tell(db, what, "contract-zone", edition, remarks)

    return publish


MANUSCRIPTS: Mapping[str, Publish] = {f"a manuscript that is {what}": manuscript(what) for what in get_args(What)}
CATALOG: Mapping[str, Publish] = {
    "a unit": add_unit,
    "a zone with its city": lambda db: add_zone(db, CITY),
    "a zone without a city": lambda db: add_zone(db, None),
    "a closed zone": close_zone,
    "a plan": add_plan,
    "a task": add_task,
    "a withdrawn task": withdraw_task,
}


async def test_the_catalog_publishes_what_notify_reads(system: System) -> None:
    offices: Mapping[str, Publish] = {"a zone": lambda db: add_zone(db, None), "a unit": add_unit}
    await verify("catalog", "notify-catalog.json", system.database("catalog"), {**MANUSCRIPTS, **offices})


async def test_the_catalog_publishes_what_progress_reads(system: System) -> None:
    await verify("catalog", "progress-catalog.json", system.database("catalog"), CATALOG)


async def suspend(db: Session) -> None:
    await changing.set_progress(
        db,
        await line(db),
        "suspended",
        State.SUSPENDED,
        0,
        today(),
        event="suspended",
        reason="规划调整",
        office="role:province",
    )


REVIEW = {
    "opinion": "agree",
    "remark": "属实",
    "unit": "swt",
    "unit_name": "省商务厅",
    "by": "检验",
    "at": "2026-11-24T08:00:00+00:00",
}


def report(what: str, then: Callable[[Session, Any], Awaitable[None]] | None = None) -> Publish:
    async def publish(db: Session) -> None:
        of = await line(db)
        given = {"percent": 40, "done": "完成招标", "problems": "", "next_steps": "", "finished": False}
        report_id = await reports.add(db, of.id, given, "zone:contract-zone", "检验")
        if then:
            await then(db, report_id)
        told = {"report": dict(await reports.get(db, of.id, report_id) or {}), "line": await lines.data(db, of.id)}
        await report_events.tell(db, what, **told)

    return publish


def order(what: str) -> Publish:
    async def publish(db: Session) -> None:
        await line(db)
        given = {
            "title": "抓紧推进",
            "requirement": "请报方案。",
            "source": "meeting",
            "basis": "",
            "deadline": today(),
        }
        parties = {"lead": "zone:contract-zone", "members": ["unit:contract-unit"]}
        order_id = await orders.register(db, given | parties, "contract-zone", [], "检验")
        await db.run("UPDATE orders SET year = 1, serial = 1, state = 'issued' WHERE id = :id", id=order_id)
        await entries.add(db, "order", order_id, what, {"text": "请抓紧"})
        await order_events.tell(db, what, order_id)

    return publish


async def bulletin(db: Session) -> None:
    """Told as it is kept: the worker may not publish one itself."""
    kept = {
        "id": "0193a1b2-7c00-7000-8000-000000000002",
        **dict.fromkeys(("status", "title", "drafted_by", "published_by"), "published"),
        **dict.fromkeys(("since", "until"), "2026-10-31"),
        "period_id": None,
        **dict.fromkeys(("drafted_at", "published_at"), "2026-11-24T08:00:00+00:00"),
        **dict.fromkeys(("corrects", "corrects_name")),
        "plans": [],
        "zones": [],
        "readers": ["zone:contract-zone"],
        "year": 2026,
        "number": 3,
        "version": 2,
    }
    await bulletin_events.tell(db, "published", kept, ["zone:contract-zone"])


def decision(what: str) -> Publish:
    async def publish(db: Session) -> None:
        kept = {
            **dict.fromkeys(("id", "meeting_id"), "0193a1b2-7c00-7000-8000-000000000002"),
            **dict.fromkeys(("meeting_title", "text", "outcome", "done_by"), "建设保税仓库"),
            **dict.fromkeys(("held_on", "due"), "2026-12-31"),
            **dict.fromkeys(("line_id", "order_id", "plan", "task_title", "done_at")),
            "office": "zone:contract-zone",
            "status": "done",
            "number": 1,
            "version": 2,
        }
        await meeting_events.tell_decision(db, what, kept)

    return publish


async def handover(db: Session) -> None:
    kept = {
        **dict.fromkeys(("giver", "receiver", "reason", "made_by"), "张三"),
        "id": "0193a1b2-7c00-7000-8000-000000000006",
        "office": "zone:contract-zone",
        "count": 3,
        "made_at": "2026-11-24T08:00:00+00:00",
        "version": 1,
    }
    await handover_events.tell(db, kept)


def comment(what: str) -> Publish:
    async def publish(db: Session) -> None:
        line_id = (await line(db)).id
        mentioned = Reader("zone:contract-zone", "检验片区", "李四")
        comment_id = await comments.add(db, line_id, "unit:contract-unit", "检验", "请看", [mentioned])
        await comment_events.tell(db, what, line_id, comment_id)

    return publish


def problem(what: str) -> Publish:
    async def publish(db: Session) -> None:
        await line(db)
        given = {"line_id": None, "title": "用地指标不足", "description": "请协调。", "answer_due": today()}
        asked = {"addressee": "unit:contract-unit"}
        problem_id = await problems.add(db, given | asked, "contract-zone", "zone:contract-zone", "检验")
        await entries.add(db, "problem", problem_id, what, {"text": "请抓紧"})
        await problem_events.tell(db, what, problem_id)

    return publish


async def revise(db: Session) -> None:
    """Corrects a value of an indicator."""
    given = IndicatorIn.model_validate(definition("contract-unit", code="contract_value")).model_dump()
    await line(db)
    await defining.define(db, given, "", "检验")
    value_id = await values.add(db, "contract_value", "contract-zone", date(2026, 1, 1))
    assert value_id is not None
    kept = {"value": Decimal(1), "note": "", "explanation": "", "warnings": [], "reason": "口径调整"}
    for number in (1, 2):
        await values.revise(db, value_id, number, kept, "zone:contract-zone", "检验")
    await valuing.settle(db, value_id, "revised", None)


def miss(what: str) -> Publish:
    async def publish(db: Session) -> None:
        missing = {
            **dict.fromkeys(("indicator", "indicator_name", "indicator_name_en", "jurisdiction_name"), "contract"),
            **dict.fromkeys(("unit", "unit_name")),
            "id": "0193a1b2-7c00-7000-8000-000000000005",
            "jurisdiction": "contract-zone",
            "office": "zone:contract-zone",
            "period": "2026-11",
            "due": today(),
            "version": 1,
        }
        await indicator_events.missed(db, what, missing)

    return publish


async def correct_a_year(db: Session) -> None:
    known = await calendar.year(db, 2099)
    corrected = {"days": {CORRECTED: False}, "settled": False}
    await calendar.put(db, 2099, corrected, known["version"] if known else UNTOUCHED)


TOLD_OF_LINES: dict[str, Publish] = {
    **{text: tell(what) for what, text in LINES.items()},
    "a line that is suspended": suspend,
}


PROGRESS: Mapping[str, Publish] = {
    **TOLD_OF_LINES,
    "a value of an indicator that is revised": revise,
    **{f"a missing value that is {what}": miss(what) for what in ("due_soon", "overdue")},
    "a report that is submitted": report("submitted"),
    "a report that is confirmed": report(
        "confirmed", lambda db, given: reports.decide(db, given, Status.CONFIRMED, "检验", remark="同意")
    ),
    "a report that is returned": report(
        "returned", lambda db, given: reports.decide(db, given, Status.RETURNED, "检验", reason="缺少佐证材料")
    ),
    **{f"an order that is {what}": order(what) for what in ORDER_STEPS},
    **{f"a problem that is {what}": problem(what) for what in PROBLEM_STEPS},
    "a bulletin that is published": bulletin,
    "a handover that is made": handover,
    **{f"a comment that is {what}": comment(what) for what in ("made", "withdrawn")},
    **{f"a decision that is {what}": decision(what) for what in ("made", "completed", "due_soon", "overdue")},
    "a report that is reviewed": report("reviewed", lambda db, given: reports.review(db, given, REVIEW)),
    **CASES,
    **REPORTING,
    "a year that is corrected": correct_a_year,
}


async def test_progress_publishes_what_an_integrator_reads(system: System) -> None:
    await verify("progress", "integrator-progress.json", system.database("progress"), TOLD_OF_LINES)


async def test_progress_publishes_what_notify_reads(system: System) -> None:
    await verify("progress", "notify-progress.json", system.database("progress"), PROGRESS)
