"""Deadlines that the catalog moves: of lines without milestones, whose deadline is that of their task."""

from datetime import date

from chassis import audit
from chassis.tenancy import Session
from progress.lines.rules import Line
from progress.milestones import events, store
from progress.milestones.rules import Decision

OFFICE, NAME = "catalog", "任务目录"


async def by_catalog(db: Session, line: Line, deadline: date | None, edition: int) -> None:
    """Keeps the first deadline, and the change as an object of its own; a deadline that is taken away is no change."""
    if line.due is None or deadline == line.due:
        return
    await store.keep_first_deadline(db, line.id, line.due)
    if deadline is None:
        return
    given = {"deadline": deadline, "cause": f"第 {edition} 版目录调整了任务的完成时限。"}
    extension_id = await store.add_extension(db, line.id, Decision.MOVED, given, line.due, OFFICE, NAME)
    row = dict(await store.extension(db, line.id, extension_id) or {})
    await audit.record(db, "extension.moved", "extension", extension_id, None, row, tenant=line.jurisdiction)
    await events.tell(db, "extension", "moved", line.id, row)
