"""The way of a filing: what each step changes, noted, audited and told."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil
from typing import Any

from chassis import audit
from chassis.problems import Invalid
from chassis.tenancy import Session
from progress.access import actor
from progress.attachments import store as attachments
from progress.attachments.rules import Kind
from progress.filings import events, rules, store
from progress.filings.rules import Action, Confidence, Filing, State
from progress.lines import changing
from progress.lines import rules as line_rules
from progress.lines import store as lines
from progress.reports import events as report_events
from progress.reports import rules as report_rules
from progress.reports import store as reports


async def take(
    db: Session,
    filing: Filing,
    action: Action,
    today: date,
    *,
    remark: str = "",
    remarks: Sequence[Mapping[str, str]] = (),
    confidence: Confidence | None = None,
    until: date | None = None,
) -> None:
    """Takes a filing that the transaction holds one step on, for a caller who may. Raises before it changes anything.

    To approve it the transaction holds the line as well.
    """
    assert db.caller is not None  # noqa: S101 - people take steps
    await _must_be_ready(db, filing, action, today, confidence, until)
    before = await store.data(db, filing.id)
    await _before(db, filing, action, today, remark, confidence)
    state = rules.state_after(action, filing)
    await store.move(db, filing.id, state, None if state is filing.state else remarks)
    if until is not None:
        await store.reopen(db, filing.id, until)
    await store.note(db, filing.id, action, actor(db.caller).office, remark, remarks, until)
    after = await store.data(db, filing.id)
    what = "filing.taken_over" if action is Action.TAKE_OVER else f"filing.{events.HAPPENED[action]}"
    await audit.record(db, what, "filing", filing.id, before, after, tenant=filing.jurisdiction, reason=remark or None)
    await events.tell(db, action, filing.id, remark)


async def _must_be_ready(
    db: Session, filing: Filing, action: Action, today: date, confidence: Confidence | None, until: date | None
) -> None:
    if action in (Action.SUBMIT, Action.TAKE_OVER):
        rules.must_be_whole(filing.content)
    if action in (Action.APPROVE, Action.TAKE_OVER):
        if confidence is None:
            raise Invalid("/body/confidence", "审定时须选择把握程度")
        rules.must_be_answered(await store.unanswered(db, filing.id))
    if until is not None:
        rules.must_last(until, today)


async def _before(
    db: Session, filing: Filing, action: Action, today: date, remark: str, confidence: Confidence | None
) -> None:
    """What a step brings with it."""
    if action is Action.SUBMIT:
        present, _ = await attachments.count(db, filing.id)
        await store.ask(db, filing.id, rules.doubts(filing.content, await store.last(db, filing), present))
    if action is Action.CHECK:
        await store.receive(db, filing.id, *rules.receipt(filing, today))
    if action is Action.UNCHECK and not rules.keeps_receipt(filing):
        await store.receive(db, filing.id, None, None)
    if action is Action.RETURN:
        await store.count_return(db, filing.id)
    if action in (Action.APPROVE, Action.TAKE_OVER) and confidence is not None:
        await _approve(db, filing, today, remark, confidence, taken_over=action is Action.TAKE_OVER)


async def _approve(
    db: Session, filing: Filing, today: date, remark: str, confidence: Confidence, *, taken_over: bool
) -> None:
    """Freezes what it says; the line follows, by a confirmed report. The pace of what is taken over is that of the day
    on which it had come.
    """
    assert db.caller is not None  # noqa: S101 - the province approves
    line = await _line(db, filing)
    report_id = None
    if await moves_line(db, line, filing):
        report_id = await _report(db, line, filing, today, remark, tells=not taken_over)
    day = filing.received_on or today if taken_over else today
    expected = ceil(line_rules.expected(line.due, line.opened_on, day, line.steps)) if line.due else None
    reason = remark if taken_over else await store.reopening_reason(db, filing.id) if filing.approved else ""
    await store.add_version(
        db,
        filing.id,
        filing.approved + 1,
        filing.content,
        expected_percent=expected,
        confidence=confidence,
        disagrees=rules.disagrees(confidence, filing.content.percent, expected),
        remark="" if taken_over else remark,
        reason=reason,
        report_id=report_id,
        taken_over=taken_over,
        approved_by=db.caller.name,
    )
    await attachments.freeze(db, Kind.FILING, filing.id, filing.approved + 1)


async def _report(db: Session, line: line_rules.Line, filing: Filing, today: date, remark: str, *, tells: bool) -> Any:
    """What is taken over is in the trail as a report, but told as a filing alone: it is no news to anybody."""
    assert db.caller is not None  # noqa: S101 - the province approves
    undecided = await reports.undecided(db, line.id)
    if undecided is not None:
        await reports.replace(db, undecided["id"])
    report_id = await reports.add_confirmed(
        db,
        line.id,
        vars(filing.content),
        filing.office,
        filing.saved_by or filing.office,
        by=db.caller.name,
        remark=remark,
    )
    state, percent = report_rules.standing(await reports.of_line(db, line.id))
    await changing.set_progress(
        db, line, "report_confirmed", state, percent, today, reason=remark or None, report_id=report_id
    )
    await _tell_report(db, line, report_id, "confirmed", None, tells=tells)
    if undecided is not None:
        await _tell_report(db, line, undecided["id"], "replaced", dict(undecided), tells=True)
    return report_id


async def _tell_report(
    db: Session, line: line_rules.Line, report_id: Any, what: str, before: dict[str, Any] | None, *, tells: bool
) -> None:
    after = dict(await reports.get(db, line.id, report_id) or {})
    await audit.record(db, f"report.{what}", "report", report_id, before, after, tenant=line.jurisdiction)
    if tells:
        await report_events.tell(db, what, line.id, report_id)


async def moves_line(db: Session, line: line_rules.Line, filing: Filing) -> bool:
    """Whether approving it makes it what the line stands at: not a line that is done, nor by an older correction, nor
    by what is taken over after the line has moved on.
    """
    if filing.approved == 0 and filing.takeover and not await store.follows_takeovers(db, filing):
        return False
    if filing.approved == 0:
        return line.state is not line_rules.State.CONFIRMED
    before = await store.version(db, filing.id, filing.approved)
    return (
        before is not None
        and before["report_id"] is not None
        and before["report_id"] == await reports.last_confirmed(db, line.id)
    )


async def differences(db: Session, filing: Filing) -> list[dict[str, Any]]:
    """What approving it now would change: of the version that stands, and of the line."""
    if filing.state is State.APPROVED:
        return []
    found = []
    if filing.approved:
        standing = await store.version(db, filing.id, filing.approved)
        assert standing is not None  # noqa: S101 - the number of the last
        found = rules.changes(dict(standing), vars(filing.content))
    line = await _line(db, filing)
    if line.percent != filing.content.percent and await moves_line(db, line, filing):
        found.append({"field": "line_percent", "before": line.percent, "after": filing.content.percent})
    return found


async def _line(db: Session, filing: Filing) -> line_rules.Line:
    line = await lines.get(db, filing.line_id)
    assert line is not None  # noqa: S101 - who sees the filing sees its line
    return line
