"""Confirming a sheet: each row fills in its draft, or takes its filing over, with its own result."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from chassis.problems import DomainError, Invalid
from chassis.tenancy import Session
from progress.filings import filling, steps
from progress.filings import store as filings
from progress.filings.guards import acting
from progress.filings.rules import HELD, Action, Confidence, Filing, Hold
from progress.filings.schemas import DraftIn
from progress.lines import store as lines
from progress.sheets import rules
from progress.sheets.rules import Judged, Kept, Named, Status
from progress.sheets.schemas import ConfirmationIn, Outcome, RowResult

STALE = "下载后该填报已被修改，未覆盖。"
Done = tuple[Outcome, str | None]


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

    A row says what is wrong before it changes anything, so that one which is refused leaves no trace.
    """
    if takeover is not None and given.confidence is None:
        raise Invalid("/body/confidence", "接管时须选择把握程度")
    ids = [UUID(row["filing"]) for row in rows]
    if takeover is not None:
        await lines.lock_all(db, [own[filing_id].filing.line_id for filing_id in ids])
    held = await filings.lock(db, ids)
    seen = await filings.get_all(db, ids)
    done = [
        await _row(db, row, replace(own[each], filing=seen[each]), given, today, takeover, held=each in held)
        for row, each in zip(rows, ids, strict=True)
    ]
    now = await filings.get_all(db, ids)
    return [
        RowResult(
            row=row["row"],
            filing_id=each,
            title=own[each].title,
            outcome=outcome,
            state=now[each].state,
            problem=problem,
        )
        for row, each, (outcome, problem) in zip(rows, ids, done, strict=True)
    ]


async def _row(
    db: Session, row: Kept, named: Named, given: ConfirmationIn, today: date, takeover: str | None, *, held: bool
) -> Done:
    """``held`` when the transaction keeps others from changing the filing: not what the caller may not change now."""
    assert db.caller is not None  # noqa: S101 - people confirm
    filing = named.filing
    judged = rules.judge(row, named, acting(db.caller, filing), today, takeover=takeover is not None)
    if judged.status is Status.BLANK:
        return Outcome.BLANK, None
    if judged.status is Status.SAME:
        waits = given.submit and held and rules.may_submit(filing)
        return await _submitted(db, filing, today, Outcome.SAME) if waits else (Outcome.SAME, None)
    if judged.status is Status.BLOCKED or not held:
        return Outcome.REFUSED, judged.problem or HELD[Hold.NONE]
    if judged.stale and not given.overwrite:
        return Outcome.REFUSED, STALE
    if takeover is not None:
        assert given.confidence is not None  # noqa: S101 - checked at the beginning
        return await _take_over(db, row, filing, judged, given.confidence, takeover, today)
    return await _fill(db, filing, judged, today, submit=given.submit)


async def _fill(db: Session, filing: Filing, judged: Judged, today: date, *, submit: bool) -> Done:
    assert judged.content is not None  # noqa: S101 - it changes the draft
    draft = DraftIn(**vars(judged.content), unchanged=judged.unchanged)
    version = await filling.fill(db, filing, draft, today)
    if not submit:
        return Outcome.FILLED, None
    filled = replace(filing, content=judged.content, unchanged=judged.unchanged, version=version)
    return await _submitted(db, filled, today, Outcome.FILLED)


async def _submitted(db: Session, filing: Filing, today: date, otherwise: Outcome) -> Done:
    try:
        await steps.take(db, filing, Action.SUBMIT, today)
    except DomainError as refused:
        return otherwise, str(refused)
    return Outcome.SUBMITTED, None


async def _take_over(
    db: Session, row: Kept, filing: Filing, judged: Judged, confidence: Confidence, reason: str, today: date
) -> Done:
    """Without a day of its own it counts as having come on the last day on time."""
    assert judged.content is not None and db.caller is not None  # noqa: S101 - the province takes it over
    on = date.fromisoformat(row["received_on"]) if row["received_on"] else filing.grace
    version = await filings.save(db, filing.id, judged.content, unchanged=False, name=db.caller.name)
    await filings.receive(db, filing.id, on, on <= filing.grace)
    filled = replace(filing, content=judged.content, received_on=on, version=version)
    await steps.take(db, filled, Action.TAKE_OVER, today, remark=reason, confidence=confidence)
    return Outcome.TAKEN_OVER, None
