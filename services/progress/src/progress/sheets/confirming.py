"""Confirming a sheet: each row fills in its draft, or takes its filing over, with its own result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from chassis.problems import DomainError, Invalid
from chassis.tenancy import Session
from progress.filings import steps
from progress.filings import store as filings
from progress.filings.guards import acting
from progress.filings.rules import HELD, Action, Capacity, Filing, Hold, must_be_answered
from progress.filings.steps import Step
from progress.lines import store as lines
from progress.sheets import rules
from progress.sheets.rules import Judged, Kept, Named, Status
from progress.sheets.schemas import ConfirmationIn, Outcome, RowResult

STALE = "下载后该填报已被修改，未覆盖。"


@dataclass(frozen=True)
class Plan:
    """What is to become of a row, and its filing as that leaves it: None for one that is left as it is."""

    outcome: Outcome
    problem: str | None = None
    filing: Filing | None = None


async def confirm(
    db: Session,
    rows: list[Kept],
    own: Mapping[UUID, Named],
    given: ConfirmationIn,
    today: date,
    *,
    takeover: str | None,
) -> list[RowResult]:
    """``rows`` are sound, ``own`` the filings that they name. ``takeover`` is the reason for one.

    What is wrong with a row is known before anything is changed, so that one which is refused leaves no trace.
    """
    if takeover is not None and given.confidence is None:
        raise Invalid("/body/confidence", "接管时须选择把握程度")
    ids = [UUID(row["filing"]) for row in rows]
    if takeover is not None:
        await lines.lock_all(db, [own[filing_id].filing.line_id for filing_id in ids])
    held = await filings.lock(db, ids)
    seen = await filings.get_all(db, ids)
    assert db.caller is not None  # noqa: S101 - people confirm
    unanswered = {} if takeover is None else await filings.unanswered(db, ids)
    plans = [
        _plan(
            row,
            replace(own[each], filing=seen[each]),
            given,
            today,
            acting(db.caller, seen[each]),
            held=each in held,
            takeover=takeover is not None,
            unanswered=unanswered.get(each, 0),
        )
        for row, each in zip(rows, ids, strict=True)
    ]
    await _save(db, plans)
    if takeover is not None:
        step = Step(Action.TAKE_OVER, today, takeover, confidence=given.confidence)
        plans = await _taken(db, plans, step, Outcome.TAKEN_OVER)
    elif given.submit:
        plans = await _taken(db, plans, Step(Action.SUBMIT, today), Outcome.SUBMITTED)
    now = await filings.get_all(db, ids)
    return [
        RowResult(
            row=row["row"],
            filing_id=each,
            title=own[each].title,
            outcome=plan.outcome,
            state=now[each].state,
            problem=plan.problem,
        )
        for row, each, plan in zip(rows, ids, plans, strict=True)
    ]


def _plan(
    row: Kept,
    named: Named,
    given: ConfirmationIn,
    today: date,
    capacity: Capacity,
    *,
    held: bool,
    takeover: bool,
    unanswered: int,
) -> Plan:
    """``held`` when the transaction keeps others from changing the filing: not what the caller may not change now."""
    filing = named.filing
    judged = rules.judge(row, named, capacity, today, takeover=takeover)
    if judged.status is Status.BLANK:
        return Plan(Outcome.BLANK)
    if judged.status is Status.SAME:
        waits = given.submit and held and not takeover and rules.may_submit(filing)
        return Plan(Outcome.SAME, filing=filing if waits else None)
    if problem := _problem(judged, given, held=held, unanswered=unanswered):
        return Plan(Outcome.REFUSED, problem)
    assert judged.content is not None  # noqa: S101 - it changes something
    filled = replace(filing, content=judged.content, unchanged=judged.unchanged)
    if not takeover:
        return Plan(Outcome.FILLED, filing=filled)
    on = date.fromisoformat(row["received_on"]) if row["received_on"] else filing.grace
    return Plan(Outcome.TAKEN_OVER, filing=replace(filled, received_on=on))


def _problem(judged: Judged, given: ConfirmationIn, *, held: bool, unanswered: int) -> str | None:
    if judged.status is Status.BLOCKED or not held:
        return judged.problem or HELD[Hold.NONE]
    if judged.stale and not given.overwrite:
        return STALE
    try:
        must_be_answered(unanswered)
    except DomainError as refused:
        return str(refused)
    return None


async def _save(db: Session, plans: Sequence[Plan]) -> None:
    """What is taken over without a day of its own counts as having come on the last day on time."""
    assert db.caller is not None  # noqa: S101 - people confirm
    taken = [plan.filing for plan in plans if plan.filing and plan.outcome is Outcome.TAKEN_OVER]
    filled = [plan.filing for plan in plans if plan.filing and plan.outcome is Outcome.FILLED]
    await filings.save(db, [(each.id, each.content, each.unchanged) for each in taken + filled], db.caller.name)
    receipts = {each.id: (each.received_on, each.received_on <= each.grace) for each in taken if each.received_on}
    await filings.receive(db, receipts)


async def _taken(db: Session, plans: Sequence[Plan], step: Step, outcome: Outcome) -> list[Plan]:
    """The plans after the step, which those that it refuses say."""
    refused = await steps.take_all(db, [plan.filing for plan in plans if plan.filing], step)
    return [
        plan
        if plan.filing is None
        else replace(plan, problem=str(refused[plan.filing.id]))
        if plan.filing.id in refused
        else replace(plan, outcome=outcome)
        for plan in plans
    ]
