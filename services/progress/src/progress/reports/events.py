"""What is published about reports."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.tenancy import Session
from progress.lines import store as lines
from progress.publishing import publish, publish_all
from progress.reports import store


async def tell(db: Session, what: str, report: Mapping[str, Any], line: Mapping[str, Any]) -> None:
    """Publishes ``report.<what>``: submitted, replaced, confirmed, returned or reviewed; with the line as it is now."""
    await publish(db, f"report.{what}", report, {"report": report, "line": line})


async def tell_all(db: Session, what: str, of_lines: Mapping[UUID, UUID]) -> None:
    """Publishes the same of many reports, given with the ids of their lines."""
    reports, found = await store.shown_all(db, list(of_lines)), await lines.data_all(db, list(of_lines.values()))
    told = [(reports[each], {"report": reports[each], "line": found[line_id]}) for each, line_id in of_lines.items()]
    await publish_all(db, f"report.{what}", told)
