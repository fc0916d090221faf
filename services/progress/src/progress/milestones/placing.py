"""How a line's milestones come to their days: told, audited, and with the light that follows."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis import audit
from chassis.tenancy import RowMapping, Session
from progress.calendar.store import calendar
from progress.lines import changing
from progress.lines import store as lines
from progress.lines.rules import Line
from progress.milestones import events, rules, store
from progress.milestones.schemas import MilestoneIn


async def schedule(db: Session, line: Line, deadline: date, given: Sequence[MilestoneIn], today: date) -> int:
    """Puts milestones in the place of those that are not done, which stay themselves as far as they go on; the line's
    new version.
    """
    before = await store.of_line(db, line.id)
    await store.keep_first_deadline(db, line.id, deadline)
    waiting = undone(before)
    going_on = rules.continued([row["title"] for row in waiting], [stage.title for stage in given])
    for gone in [row for place, row in enumerate(waiting) if place not in going_on]:
        await store.remove(db, gone["id"])
        await note(db, line, "removed", gone, None)
    stood = [None if place is None else waiting[place] for place in going_on]
    ids = [await _put(db, line, place, stage, row) for place, (stage, row) in enumerate(zip(given, stood, strict=True))]
    version = await settle(db, line, "scheduled", before, deadline, today)
    for milestone_id, was in zip(ids, stood, strict=True):
        now = await store.get(db, line.id, milestone_id)
        if was != now:
            await note(db, line, "placed", was, now)
    return version


async def _put(db: Session, line: Line, position: int, stage: MilestoneIn, row: RowMapping | None) -> UUID:
    if row is None:
        return await store.add(db, line.id, position, stage.model_dump())
    await store.change(db, row["id"], position, stage.model_dump())
    return UUID(str(row["id"]))


async def replaced(db: Session, line: Line, deadline: date, today: date) -> list[tuple[RowMapping, date]]:
    """The milestones that are not done, each with its day counted back from another deadline."""
    waiting = undone(await store.of_line(db, line.id))
    dues = rules.back_schedule(deadline, [row["weight"] for row in waiting], today, await calendar(db))
    return list(zip(waiting, dues, strict=True))


async def move_deadline(db: Session, line: Line, what: str, deadline: date, today: date, reason: str | None) -> int:
    """Makes another deadline the present one, and places anew what is not done; the line's new version.

    ``what`` names the entry in the line's history.
    """
    before = await store.of_line(db, line.id)
    await store.keep_first_deadline(db, line.id, line.due or deadline)
    moved = [(row, due) for row, due in await replaced(db, line, deadline, today) if due != row["due"]]
    for row, due in moved:
        await store.move(db, row["id"], due)
    version = await settle(db, line, what, before, deadline, today, reason=reason)
    for row, _ in moved:
        await note(db, line, "placed", row, await store.get(db, line.id, row["id"]))
    return version


async def settle(
    db: Session,
    line: Line,
    what: str,
    before: Sequence[RowMapping],
    deadline: date,
    today: date,
    *,
    reason: str | None = None,
) -> int:
    """What follows from milestones that are on other days now: deadline, light, history, audit and event."""
    await lines.set_due(db, line.id, deadline)
    now = await lines.get(db, line.id)
    assert now is not None  # noqa: S101 - the transaction holds it
    after = {"due": deadline, "milestones": store.plain(await store.of_line(db, line.id))}
    beside = ({"due": line.due, "milestones": store.plain(before)}, after)
    return await changing.set_progress(db, now, what, line.state, line.percent, today, reason=reason, beside=beside)


def undone(milestones: Sequence[RowMapping]) -> list[RowMapping]:
    return [row for row in milestones if row["done_on"] is None]


async def note(db: Session, line: Line, what: str, before: RowMapping | None, after: RowMapping | None) -> None:
    """Audits and publishes what happened to a milestone; a removed one is told with the version after its last."""
    was, now = (dict(row) if row else None for row in (before, after))
    told = now or {**(was or {}), "version": was["version"] + 1 if was else 1}
    await audit.record(db, f"milestone.{what}", "milestone", told["id"], was, now, tenant=line.jurisdiction)
    await events.tell(db, "milestone", what, line.id, told)
