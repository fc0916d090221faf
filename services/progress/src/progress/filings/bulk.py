"""One step for many filings (批量办理), each with its own result."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from chassis.auth import Caller
from chassis.problems import DomainError, Invalid
from chassis.tenancy import Session
from progress.filings import steps, store
from progress.filings.guards import may_go_on
from progress.filings.rules import Action, Filing
from progress.filings.schemas import BulkIn, BulkItem, BulkResult
from progress.filings.steps import Step
from progress.lines import store as lines

ABSENT = "所请求的内容不存在。"
MOVED_ON = "内容已被他人修改，请刷新后重试。"


async def take(db: Session, caller: Caller, given: BulkIn, today: date) -> list[BulkResult]:
    action = Action(given.action)
    if action is Action.APPROVE and given.confidence is None:
        raise Invalid("/body/confidence", "审定时须选择把握程度")
    if action in (Action.RETURN, Action.SEND_BACK) and not given.remark:
        raise Invalid("/body/remark", "退回时须写明意见")
    seen = await store.get_all(db, [item.id for item in given.filings])
    if action is Action.APPROVE:
        await lines.lock_all(db, list({filing.line_id for filing in seen.values()}))
    held = await store.lock(db, list(seen))
    checked = [_checked(caller, item, seen, held, action, today) for item in given.filings]
    step = Step(action, today, given.remark, confidence=given.confidence)
    refused = await steps.take_all(db, [each for each in checked if isinstance(each, Filing)], step)
    why = {filing_id: str(problem) for filing_id, problem in refused.items()}
    now = await store.get_all(db, list(seen))
    return [
        BulkResult(
            id=item.id,
            state=now[item.id].state if item.id in now else None,
            version=now[item.id].version if item.id in now else None,
            problem=why.get(each.id) if isinstance(each, Filing) else each,
        )
        for item, each in zip(given.filings, checked, strict=True)
    ]


def _checked(
    caller: Caller,
    item: BulkItem,
    seen: Mapping[UUID, Filing],
    held: dict[UUID, Filing],
    action: Action,
    today: date,
) -> Filing | str:
    """What is held of an item, or why its step cannot be taken. What is named twice is done once."""
    if item.id not in seen:
        return ABSENT
    try:
        filing = may_go_on(action, caller, seen[item.id], held.pop(item.id, None), today)
    except DomainError as refused:
        return str(refused)
    return filing if filing.version == item.version else MOVED_ON
