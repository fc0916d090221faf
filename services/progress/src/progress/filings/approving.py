"""Approving filings: what they say is frozen, and their lines follow by confirmed reports."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil
from typing import Any
from uuid import UUID

from chassis import audit
from chassis.events import uuid7
from chassis.tenancy import Session
from progress.attachments import store as attachments
from progress.attachments.rules import Kind
from progress.filings import rules, store
from progress.filings.rules import Confidence, Filing
from progress.lines import changing
from progress.lines import store as lines
from progress.lines.changing import Progress
from progress.lines.rules import Line, State, expected
from progress.reports import events as report_events
from progress.reports import rules as report_rules
from progress.reports import store as reports


async def approve(
    db: Session, filings: Sequence[Filing], today: date, remark: str, confidence: Confidence, *, taken_over: bool
) -> None:
    """Freezes what filings of different lines say. The transaction holds both."""
    by_id = {line.id: line for line in await lines.get_all(db, [filing.line_id for filing in filings])}
    of_filings = {filing.id: by_id[filing.line_id] for filing in filings}
    moving = await moved(db, of_filings, filings)
    report_ids = {filing.id: uuid7() for filing in filings if filing.id in moving}
    following = [filing for filing in filings if filing.id in moving]
    if following:
        await _report(db, following, of_filings, report_ids, today, remark, tells=not taken_over)
    versions = [
        await _version(db, filing, of_filings[filing.id], today, remark, confidence, taken_over=taken_over)
        | {"report_id": report_ids.get(filing.id)}
        for filing in filings
    ]
    await store.add_versions(db, versions)
    await attachments.freeze_all(db, Kind.FILING, {filing.id: filing.approved + 1 for filing in filings})


async def _version(
    db: Session, filing: Filing, line: Line, today: date, remark: str, confidence: Confidence, *, taken_over: bool
) -> dict[str, Any]:
    """The pace of what is taken over is that of the day on which it had come."""
    assert db.caller is not None  # noqa: S101 - the province approves
    day = filing.received_on or today if taken_over else today
    pace = ceil(expected(line.due, line.opened_on, day, line.steps)) if line.due else None
    reason = remark if taken_over else await store.reopening_reason(db, filing.id) if filing.approved else ""
    return vars(filing.content) | {
        "id": filing.id,
        "number": filing.approved + 1,
        "expected_percent": pace,
        "confidence": confidence,
        "disagrees": rules.disagrees(confidence, filing.content.percent, pace),
        "remark": "" if taken_over else remark,
        "reason": reason,
        "taken_over": taken_over,
        "approved_by": db.caller.name,
    }


async def _report(
    db: Session,
    filings: Sequence[Filing],
    of_filings: Mapping[UUID, Line],
    report_ids: Mapping[UUID, UUID],
    today: date,
    remark: str,
    *,
    tells: bool,
) -> None:
    """What is taken over is in the trail as a report, but told as a filing alone: it is no news to anybody."""
    assert db.caller is not None  # noqa: S101 - the province approves
    line_ids = [filing.line_id for filing in filings]
    replaced = await reports.replace_undecided(db, line_ids)
    given = [
        vars(filing.content)
        | {"id": report_ids[filing.id], "line_id": filing.line_id, "office": filing.office}
        | {"name": filing.saved_by or filing.office}
        for filing in filings
    ]
    await reports.add_confirmed(db, given, by=db.caller.name, remark=remark)
    standing = {each: report_rules.standing(last) for each, last in (await reports.counting(db, line_ids)).items()}
    progress = [Progress(of_filings[filing.id], *standing[filing.line_id], report_ids[filing.id]) for filing in filings]
    await changing.set_all(db, progress, "report_confirmed", today, reason=remark or None)
    jurisdictions = {filing.line_id: filing.jurisdiction for filing in filings}
    await _tell(db, jurisdictions, "confirmed", dict.fromkeys(report_ids.values()), tells=tells)
    await _tell(db, jurisdictions, "replaced", {each["id"]: each for each in replaced}, tells=True)


async def _tell(
    db: Session,
    jurisdictions: Mapping[UUID, str],
    what: str,
    before: Mapping[UUID, dict[str, Any] | None],
    *,
    tells: bool,
) -> None:
    after = await reports.get_all(db, list(before))
    for report_id, stood in before.items():
        now = after[report_id]
        tenant = jurisdictions[now["line_id"]]
        await audit.record(db, f"report.{what}", "report", report_id, stood, now, tenant=tenant)
    if tells:
        await report_events.tell_all(db, what, {each: after[each]["line_id"] for each in before})


async def moved(db: Session, of_filings: Mapping[UUID, Line], filings: Sequence[Filing]) -> set[UUID]:
    """The filings whose approval makes them what their lines stand at: not a line that is done, nor by an older
    correction, nor by what is taken over after the line has moved on.
    """
    first = [filing for filing in filings if filing.approved == 0]
    behind = {filing.id for filing in first if filing.takeover}
    behind -= await store.follow_takeovers(db, list(behind))
    going = {filing.id for filing in first if of_filings[filing.id].state is not State.CONFIRMED} - behind
    return going | {filing.id for filing in filings if filing.approved and await _stands(db, filing)}


async def _stands(db: Session, filing: Filing) -> bool:
    """Whether the line stands at the version that the filing corrects."""
    before = await store.version(db, filing.id, filing.approved)
    return (
        before is not None
        and before["report_id"] is not None
        and before["report_id"] == await reports.last_confirmed(db, filing.line_id)
    )
