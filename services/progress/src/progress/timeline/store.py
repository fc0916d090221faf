"""The SQL of the timeline: a page of lines, each with its milestones."""

from collections.abc import Mapping

from chassis.tenancy import Session
from progress.lines import store as lines
from progress.lines.rules import Actor
from progress.milestones.store import SHOWN

_MILESTONES = f"""
    (SELECT json_agg(row_to_json(m)) FROM ({SHOWN} WHERE line_id = l.id ORDER BY due, position) m) AS milestones
"""  # noqa: S608


async def page(db: Session, actor: Actor, filters: Mapping[str, str], *, limit: int, cursor: str | None) -> bytes:
    """The lines that have a schedule, in the order of lines."""
    scheduled = {**filters, "scheduled": "true"}
    return await lines.page(db, actor, scheduled, limit=limit, cursor=cursor, beside=_MILESTONES)
