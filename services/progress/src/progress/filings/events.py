"""What is published about filings."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.tenancy import Session
from progress.attachments import store as attachments
from progress.filings.rules import Action
from progress.lines import store as lines
from progress.periods import store as periods
from progress.publishing import publish_all

HAPPENED: Mapping[Action, str] = {
    Action.SUBMIT: "submitted",
    Action.WITHDRAW: "withdrawn",
    Action.CHECK: "checked",
    Action.SEND_BACK: "sent_back",
    Action.UNCHECK: "unchecked",
    Action.ACCEPT: "accepted",
    Action.UNACCEPT: "unaccepted",
    Action.APPROVE: "approved",
    Action.RETURN: "returned",
    Action.REOPEN: "reopened",
    Action.TAKE_OVER: "approved",
}


async def tell(db: Session, action: Action, filings: Mapping[UUID, dict[str, Any]], remark: str) -> None:
    """Publishes ``filing.<what>`` with the periods and lines as they are now."""
    of_lines = await lines.data_all(db, [filing["line_id"] for filing in filings.values()])
    of_periods = {each: await periods.get(db, each) for each in {filing["period_id"] for filing in filings.values()}}
    attached = await attachments.of_things(db, list(filings))
    if action is Action.CHECK:
        await periods.hold(db, sorted(of_periods))
    owed = Counter[tuple[UUID, str]]()
    for each in of_periods:
        for row in await periods.outstanding(db, each):
            owed[each, row["office"]] += row["filings"]
    told = [
        (
            filing,
            {
                "filing": filing,
                "period": of_periods[filing["period_id"]],
                "line": of_lines[filing["line_id"]],
                "remark": remark,
                "owed": owed[filing["period_id"], filing["office"]],
                "attachments": attached.get(filing_id, []),
            },
        )
        for filing_id, filing in filings.items()
    ]
    await publish_all(db, f"filing.{HAPPENED[action]}", told)
