"""What is published about filings."""

from collections.abc import Mapping
from uuid import UUID

from chassis.tenancy import Session
from progress.attachments import store as attachments
from progress.filings import store
from progress.filings.rules import Action
from progress.lines import store as lines
from progress.periods import store as periods
from progress.publishing import publish

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


async def tell(db: Session, action: Action, filing_id: UUID, remark: str) -> None:
    """Publishes ``filing.<what>`` with its period and line as they are now."""
    filing = await store.data(db, filing_id)
    period = await periods.get(db, filing["period_id"])
    line, with_it = await lines.data(db, filing["line_id"]), await attachments.data(db, filing_id)
    data = {"filing": filing, "period": period, "line": line, "remark": remark, "attachments": with_it}
    await publish(db, f"filing.{HAPPENED[action]}", filing, data)
