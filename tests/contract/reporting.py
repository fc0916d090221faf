"""Schedules, periods and assessments, published by progress' own code."""

from datetime import date, timedelta
from typing import Any

from chassis.tenancy import Session
from progress.assessment import events as assessment_events
from progress.filings import events as filing_events
from progress.filings import store as filing_store
from progress.filings.rules import Action as FilingAction
from progress.milestones import events as milestone_events
from progress.milestones import store as milestones
from progress.milestones.rules import Decision
from progress.periods import events as period_events
from progress.periods import store as periods
from progress.reminders import events as reminder_events
from tests.contract.examples import PLAN, Publish, line, tell

DAY = date(2030, 6, 28)
OFFICE = "zone:contract-zone"


def extension(what: str) -> Publish:
    """Of a line whose deadline was the day before."""

    async def publish(db: Session) -> None:
        of = await line(db)
        given = {"deadline": DAY, "cause": "审批延后"}
        asking = Decision.MOVED if what == "moved" else Decision.ASKED
        asked = await milestones.add_extension(db, of.id, asking, given, DAY - timedelta(1), OFFICE, "检验")
        if what in ("approved", "refused"):
            await milestones.decide(db, asked, Decision(what), "请抓紧", "检验")
        row = await milestones.extension(db, of.id, asked)
        assert row is not None
        await milestone_events.tell(db, "extension", what, of.id, dict(row))

    return publish


async def overdue_milestone(db: Session) -> None:
    of = await line(db)
    placed = await milestones.add(db, of.id, 0, {"title": "制定方案", "due": DAY, "weight": 1})
    row = await milestones.get(db, of.id, placed)
    assert row is not None
    await milestone_events.tell(db, "milestone", "overdue", of.id, dict(row))


async def add_period(db: Session) -> dict[str, Any]:
    """A period of the line's plan, in which its zone owes a filing."""
    await line(db)
    given = {
        "kind": "quarter",
        "title": "2026年第四季度",
        "plans": [PLAN.code],
        "reason": "",
        "takeover": False,
        **dict.fromkeys(("starts", "ends", "due", "grace", "locks"), DAY),
    }
    period_id = await periods.open_period(db, given, "检验")
    await periods.expect_filings(db, period_id, [PLAN.code])
    return dict(await periods.get(db, period_id) or {})


def period(what: str) -> Publish:
    async def publish(db: Session) -> None:
        given = await add_period(db)
        owing = await db.rows(
            "SELECT jurisdiction, office, 1 AS filings FROM filing WHERE office = :office", office=OFFICE
        )
        await period_events.tell(db, what, given, owing)

    return publish


def reminder(what: str, step: int) -> Publish:
    async def publish(db: Session) -> None:
        due = {"kind": "line", "title": "推进口岸开放", "deadline": DAY, "step": step, "count": 1}
        due |= {"thing": "0193a1b2-7c00-7000-8000-000000000005", "line_id": "0193a1b2-7c00-7000-8000-000000000005"}
        await reminder_events.tell(db, what, OFFICE, [due | {"office_name": "契约检验"}], DAY)

    return publish


def filing(action: FilingAction) -> Publish:
    async def publish(db: Session) -> None:
        of = await add_period(db)
        asked = await db.value(
            "SELECT id FROM filing WHERE period_id = :id AND office = :office", id=of["id"], office=OFFICE
        )
        await filing_events.tell(db, action, await filing_store.data(db, [asked]), "请补充佐证材料")

    return publish


ASSESSMENT = {
    "id": "0193a1b2-7c00-7000-8000-000000000003",
    "year": 2026,
    "title": "年度考评方案",
    "status": "published",
    "published_on": DAY,
    "objections_until": DAY,
    "version": 2,
}


def assessment(what: str) -> Publish:
    async def publish(db: Session) -> None:
        await assessment_events.tell(db, what, ASSESSMENT, [OFFICE])

    return publish


def objection(what: str) -> Publish:
    async def publish(db: Session) -> None:
        said = {"item": "hand", "text": "漏计一项", "raised_by": "检验", "answer": "漏计一项", "answered_by": "检验"}
        at = dict.fromkeys(("raised_at", "answered_at"), "2026-11-24T08:00:00+00:00")
        given = {"id": "0193a1b2-7c00-7000-8000-000000000004", "office": OFFICE, "version": 1}
        await assessment_events.tell_objection(db, what, ASSESSMENT, given | said | at)

    return publish


def exemption(what: str) -> Publish:
    async def publish(db: Session) -> None:
        said = {"item": "lines", "fact": "1", "title": "建设保税仓库", "reason": "规划调整", "granted_by": "检验"}
        lifted = {"lifted_reason": "理由不成立", "lifted_by": "检验"}
        at = dict.fromkeys(("granted_at", "lifted_at"), "2026-11-24T08:00:00+00:00")
        given = {"id": "0193a1b2-7c00-7000-8000-000000000005", "office": OFFICE, "version": 1}
        await assessment_events.tell_exemption(db, what, ASSESSMENT, given | said | lifted | at)

    return publish


REPORTING: dict[str, Publish] = {
    **{f"an extension that is {what}": extension(what) for what in ("asked", "approved", "refused", "moved")},
    "a milestone that is overdue": overdue_milestone,
    "a line that stands still": tell("stalled"),
    **{f"a period that is {what}": period(what) for what in ("opened", "due_soon", "overdue")},
    **{f"a reminder that is {what}": reminder(what, step) for what, step in (("due_soon", -3), ("overdue", 7))},
    **{
        f"a filing that is {what}": filing(action)
        for action, what in filing_events.HAPPENED.items()
        if what in ("submitted", "checked", "accepted", "approved", "returned", "reopened")
    },
    **{f"an assessment that is {what}": assessment(what) for what in ("announced", "published", "closed")},
    **{f"an objection that is {what}": objection(what) for what in ("raised", "answered")},
    **{f"an exemption that is {what}": exemption(what) for what in ("granted", "lifted")},
}
