"""From the catalog's tasks to lines: opened, brought to what the task says now, withdrawn, opened again. The lines of a
closed zone are withdrawn with it, and go on as they stood when it is opened again; its orders end.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from chassis import audit, clock
from chassis.events import Event
from chassis.handling import Handler
from chassis.tenancy import Session
from progress.catalog_copy import events as catalog_copy
from progress.catalog_copy import store as copy
from progress.catalog_copy.schemas import Task, Zone
from progress.lines import events, history, rules, store
from progress.lines.rules import Line, Opening, Party, State
from progress.milestones import moving
from progress.milestones import store as schedules
from progress.orders import taking as orders
from progress.topics import Topics

ZONE = "zoneportal.catalog.zone.published.v1"
OF_TASK = ("number", "title", "text", "plan", "due")


def handlers(topics: Topics) -> dict[str, Handler]:
    """By event type; that of zones does what the copy's does as well."""
    copied = catalog_copy.handlers(topics)

    async def zone_published(db: Session, event: Event) -> None:
        code = Zone.model_validate(event.data).code
        await copy.lock(db)
        before = await copy.closed_zones(db)
        await copied[ZONE](db, event)
        after = await copy.closed_zones(db)
        if (code in before) != (code in after):
            for task in await copy.codes_of_zone(db, code):
                await reconcile(db, await copy.task(db, task), task, clock.today())
        if code in after and code not in before:
            await orders.end_with(db, code, after[code], clock.today())

    async def put(db: Session, event: Event, *, withdrawn: bool) -> None:
        task = Task.model_validate(event.data)
        for jurisdiction in (*task.zones, rules.PROVINCE):
            await topics.ensure(jurisdiction)
        await copy.lock(db)
        before = await copy.task(db, task.code)
        if await copy.put_task(db, task, event.sequence, withdrawn=withdrawn):
            await reconcile(db, before, task.code, clock.today())

    async def task_published(db: Session, event: Event) -> None:
        await put(db, event, withdrawn=False)

    async def task_withdrawn(db: Session, event: Event) -> None:
        await put(db, event, withdrawn=True)

    return {
        ZONE: zone_published,
        "zoneportal.catalog.task.published.v1": task_published,
        "zoneportal.catalog.task.withdrawn.v1": task_withdrawn,
    }


async def reconcile(db: Session, before: Mapping[str, Any] | None, code: str, today: date) -> None:
    """Brings the task's lines to what the copy says of it. ``before`` is the copy as the lines knew it, if they did.

    Changes nothing where nothing differs.
    """
    task = await copy.task(db, code)
    assert task is not None  # noqa: S101 - callers name a task of the copy
    parties = [
        Party(part["unit"]["code"], part["role"] == "lead", part["zone"])
        for part in sorted(task["responsibilities"], key=lambda part: part["position"])
    ]
    closed = await copy.closed_zones(db)
    openings = {} if task["withdrawn"] else rules.openings(parties, task["zones"])
    wanted = {jurisdiction: opening for jurisdiction, opening in openings.items() if jurisdiction not in closed}
    lines = {line.jurisdiction: line for line in await store.lock_of_task(db, code)}
    for jurisdiction, opening in wanted.items():
        if jurisdiction in lines:
            await _update(db, lines[jurisdiction], before, task, opening, today)
        else:
            await _open(db, jurisdiction, task, opening, today)
    for jurisdiction, line in lines.items():
        if jurisdiction not in wanted and not line.withdrawn:
            await _withdraw(db, line, task, closed.get(jurisdiction))


async def _open(db: Session, jurisdiction: str, task: Mapping[str, Any], opening: Opening, today: date) -> None:
    light = rules.light(State.NOT_STARTED, 0, task["due"], today, today)
    line_id = await store.open_line(db, jurisdiction, task, opening, light, today)
    units = await copy.unit_names(db, opening.units)
    after = {"task": task["code"], "units": units, "due": task["due"]}
    await _note(db, line_id, jurisdiction, "opened", {}, after, task)


async def _update(
    db: Session, line: Line, known: Mapping[str, Any] | None, task: Mapping[str, Any], opening: Opening, today: date
) -> None:
    """A deadline that was scheduled stays: it changes by extensions alone. So does one that was extended, when the
    edition leaves the task's alone; what a task said while its line was withdrawn by itself is not known.
    """
    alone = known is not None and known["due"] == task["due"] and (line.closed or not line.withdrawn)
    if line.steps or (alone and await schedules.extended(db, line.id)):
        task = {**task, "due": line.due}
    known = known and {**known, "due": line.due}
    before: dict[str, Any] = {"due": line.due, "units": list(line.units), "leads": list(line.leads)}
    after: dict[str, Any] = {"due": task["due"], "units": list(opening.units), "leads": list(opening.leads)}
    if known is not None:
        before |= {field: known[field] for field in OF_TASK}
        after |= {field: task[field] for field in OF_TASK}
    if not line.withdrawn and before == after:
        return
    light = replace(line, due=task["due"]).light_with(line.state, line.percent, today)
    await store.place(db, line, task, opening, light, today)
    await moving.by_catalog(db, line, task["due"], task["edition"])
    for field in ("units", "leads"):
        before[field] = await copy.unit_names(db, before[field])
        after[field] = await copy.unit_names(db, after[field])
    what = "reopened" if line.withdrawn else "updated"
    await _note(db, line.id, line.jurisdiction, what, before | {"light": line.light}, after | {"light": light}, task)


async def _withdraw(db: Session, line: Line, task: Mapping[str, Any], why_closed: str | None) -> None:
    """``why_closed``: the zone is, and why."""
    await store.withdraw(db, line.id, closed=why_closed is not None)
    states = {"withdrawn": False}, {"withdrawn": True}
    await _note(db, line.id, line.jurisdiction, "withdrawn", *states, task, why_closed)


async def _note(
    db: Session,
    line_id: Any,
    jurisdiction: str,
    what: str,
    before: dict[str, Any],
    after: dict[str, Any],
    task: Mapping[str, Any],
    reason: str | None = None,
) -> None:
    changed = history.changes(before, after)
    await history.add(db, line_id, what, changed, office="catalog", reason=reason, edition=task["edition"])
    await audit.record(db, f"line.{what}", "line", line_id, before or None, after, tenant=jurisdiction, reason=reason)
    await events.tell(db, "opened" if what == "reopened" else what, line_id)
