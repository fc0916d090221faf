"""One step for many filings (批量办理), each with its own result."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from chassis.auth import Caller
from chassis.problems import DomainError, Invalid
from chassis.tenancy import Session
from progress.filings import rules, steps, store
from progress.filings.guards import may_go_on
from progress.filings.rules import Action, Filing
from progress.filings.schemas import BulkIn, BulkItem, BulkResult
from progress.lines import store as lines

ABSENT = "所请求的内容不存在。"


async def take(db: Session, caller: Caller, given: BulkIn, today: date) -> list[BulkResult]:
    """A step says what is wrong before it changes anything, so that one which cannot be taken leaves no trace."""
    action = Action(given.action)
    if action is Action.APPROVE and given.confidence is None:
        raise Invalid("/body/confidence", "审定时须选择把握程度")
    if action in (Action.RETURN, Action.SEND_BACK) and not given.remark:
        raise Invalid("/body/remark", "退回时须写明意见")
    seen = await store.get_all(db, [item.id for item in given.filings])
    if action is Action.APPROVE:
        await lines.lock_all(db, list({filing.line_id for filing in seen.values()}))
    held = await store.lock(db, list(seen))
    problems = [await _one(db, caller, item, seen, held, given, today) for item in given.filings]
    now = await store.get_all(db, list(seen))
    return [
        BulkResult(
            id=item.id,
            state=now[item.id].state if item.id in now else None,
            version=now[item.id].version if item.id in now else None,
            problem=problem,
        )
        for item, problem in zip(given.filings, problems, strict=True)
    ]


async def _one(
    db: Session,
    caller: Caller,
    item: BulkItem,
    seen: Mapping[UUID, Filing],
    held: dict[UUID, Filing],
    given: BulkIn,
    today: date,
) -> str | None:
    """What is wrong with one; None when its step was taken. What is named twice is done once."""
    if item.id not in seen:
        return ABSENT
    try:
        filing = may_go_on(Action(given.action), caller, seen[item.id], held.pop(item.id, None), today)
        if filing.version != item.version:
            raise rules.MovedOn("内容已被他人修改，请刷新后重试。")
        await steps.take(db, filing, Action(given.action), today, remark=given.remark, confidence=given.confidence)
    except DomainError as refused:
        return str(refused)
    return None
