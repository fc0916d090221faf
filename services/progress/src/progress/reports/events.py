"""What is published about reports."""

import json
from uuid import UUID

from chassis.tenancy import Session
from progress.lines import store as lines
from progress.publishing import publish
from progress.reports import store


async def tell(db: Session, what: str, line_id: UUID, report_id: UUID) -> None:
    """Publishes ``report.<what>``: submitted, replaced, confirmed, returned or reviewed; with the line as it is now."""
    report = json.loads(await store.shown(db, report_id) or b"{}")
    await publish(db, f"report.{what}", report, {"report": report, "line": await lines.data(db, line_id)})
