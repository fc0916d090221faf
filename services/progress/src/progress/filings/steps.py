"""The way of filings: what each step changes, noted, audited and told. Many take as many statements as one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from chassis import audit
from chassis.problems import DomainError, Invalid
from chassis.tenancy import Session
from progress.access import actor
from progress.attachments import store as attachments
from progress.filings import approving, events, rules, store
from progress.filings.rules import Action, Confidence, Filing, State
from progress.lines import store as lines

DECIDES = (Action.APPROVE, Action.TAKE_OVER)


@dataclass(frozen=True)
class Step:
    """What is done with filings, on a day, and what is said with it: ``remarks`` are about single fields, a reopening
    lasts ``until`` a day, the province decides with ``confidence``.
    """

    action: Action
    today: date
    remark: str = ""
    remarks: Sequence[Mapping[str, str]] = ()
    confidence: Confidence | None = None
    until: date | None = None


async def take(db: Session, filing: Filing, step: Step) -> None:
    """Takes a filing that the transaction holds one step on, for a caller who may. Raises before it changes anything.

    To approve it the transaction holds the line as well.
    """
    refused = await take_all(db, [filing], step)
    if refused:
        raise refused[filing.id]


async def take_all(db: Session, filings: Sequence[Filing], step: Step) -> dict[UUID, DomainError]:
    """``take`` for many; why those of them cannot be taken on which stay as they are."""
    refused: dict[UUID, DomainError] = {}
    for together in rules.of_different_lines(filings):
        refused |= await _take(db, together, step)
    return refused


async def _take(db: Session, filings: Sequence[Filing], step: Step) -> dict[UUID, DomainError]:
    assert db.caller is not None  # noqa: S101 - people take steps
    action, remark = step.action, step.remark
    refused = await _refused(db, filings, step)
    going = [filing for filing in filings if filing.id not in refused]
    if not going:
        return refused
    ids = [filing.id for filing in going]
    before = await store.data(db, ids)
    await _before(db, going, step)
    states = {filing.id: rules.state_after(action, filing) for filing in going}
    stays = all(states[filing.id] is filing.state for filing in going)
    await store.move(db, states, None if stays else step.remarks)
    if step.until is not None:
        await store.reopen(db, ids, step.until)
    await store.note(db, ids, action, actor(db.caller).office, remark, step.remarks, step.until)
    after = await store.data(db, ids)
    what = "filing.taken_over" if action is Action.TAKE_OVER else f"filing.{events.HAPPENED[action]}"
    for filing in going:
        told = before[filing.id], after[filing.id]
        await audit.record(db, what, "filing", filing.id, *told, tenant=filing.jurisdiction, reason=remark or None)
    await events.tell(db, action, {each: after[each] for each in ids}, remark)
    return refused


async def _refused(db: Session, filings: Sequence[Filing], step: Step) -> dict[UUID, DomainError]:
    """Why some cannot be taken on. Raises what is wrong with the step itself."""
    unanswered: Mapping[UUID, int] = {}
    if step.action in DECIDES:
        if step.confidence is None:
            raise Invalid("/body/confidence", "审定时须选择把握程度")
        unanswered = await store.unanswered(db, [filing.id for filing in filings])
    if step.until is not None:
        rules.must_last(step.until, step.today)
    refused: dict[UUID, DomainError] = {}
    for filing in filings:
        try:
            if step.action in (Action.SUBMIT, Action.TAKE_OVER):
                rules.must_be_whole(filing.content)
            rules.must_be_answered(unanswered.get(filing.id, 0))
        except DomainError as wrong:
            refused[filing.id] = wrong
    return refused


async def _before(db: Session, filings: Sequence[Filing], step: Step) -> None:
    """What a step brings with it."""
    ids = [filing.id for filing in filings]
    if step.action is Action.SUBMIT:
        lasts, attached = await store.lasts(db, ids), await attachments.of_things(db, ids)
        await store.ask(
            db,
            {
                filing.id: rules.doubts(filing.content, lasts.get(filing.id), len(attached.get(filing.id, ())))
                for filing in filings
            },
        )
    if step.action is Action.CHECK:
        await store.receive(db, {filing.id: rules.receipt(filing, step.today) for filing in filings})
    if step.action is Action.UNCHECK:
        await store.receive(db, {filing.id: None for filing in filings if not rules.keeps_receipt(filing)})
    if step.action is Action.RETURN:
        await store.count_return(db, ids)
    if step.action in DECIDES and step.confidence is not None:
        taken_over = step.action is Action.TAKE_OVER
        await approving.approve(db, filings, step.today, step.remark, step.confidence, taken_over=taken_over)


async def differences(db: Session, filing: Filing) -> list[dict[str, Any]]:
    """What approving it now would change: of the version that stands, and of the line."""
    if filing.state is State.APPROVED:
        return []
    found = []
    if filing.approved:
        standing = await store.version(db, filing.id, filing.approved)
        assert standing is not None  # noqa: S101 - the number of the last
        found = rules.changes(dict(standing), vars(filing.content))
    line = await lines.get(db, filing.line_id)
    assert line is not None  # noqa: S101 - who sees the filing sees its line
    if line.percent != filing.content.percent and await approving.moved(db, {filing.id: line}, [filing]):
        found.append({"field": "line_percent", "before": line.percent, "after": filing.content.percent})
    return found
