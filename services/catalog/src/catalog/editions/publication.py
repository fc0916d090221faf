"""Publishing a draft: the units, zones, plans and tasks that it brings, and the events that tell of them."""

from collections.abc import Sequence
from uuid import UUID

from catalog import publishing
from catalog.editions import events, rules, store
from catalog.imports import preparation
from catalog.imports.rules import Proposal
from catalog.manuscripts import events as manuscript_events
from catalog.manuscripts import store as manuscripts
from catalog.plans import events as plan_events
from catalog.plans import store as plans
from catalog.tasks import events as task_events
from catalog.tasks import store as tasks
from catalog.units import creation as unit_creation
from catalog.units import store as units
from catalog.zones import creation as zone_creation
from chassis import audit
from chassis.problems import NotFound
from chassis.routing import check
from chassis.tenancy import RowMapping, Session


async def publish(db: Session, name: store.Name, if_match: int) -> None:
    """Numbers the draft and makes it the present catalog. Raises NotFound, StaleDraft, 412, and when it is no draft."""
    await publishing.lock(db)
    edition = await store.get(db, name)
    if edition is None:
        raise NotFound
    check(edition["version"], if_match)
    rules.must_be_draft(edition["number"], edition["returned_at"] is not None)
    if await store.stale(db, edition):
        raise rules.StaleDraft
    prepared = await preparation.prepare(db, edition["import_id"])
    await _bring(db, prepared.proposal)
    await _apply(db, edition, prepared.comparison)


async def _bring(db: Session, proposal: Proposal) -> None:
    for unit in proposal.units:
        await unit_creation.create(db, unit.name, unit.kind, code=unit.code, aliases=unit.aliases)
    for zone in proposal.zones:
        added = await zone_creation.create(db, zone.stored, zone.city)
        await task_events.republish_of_unit(db, added["city_id"])
    before = {plan.code: plan.zones for plan in await plans.everyone(db)}
    for plan in proposal.changed_plans:
        await plan_events.published(db, await plans.put(db, plan))
        if before.get(plan.code, plan.zones) != plan.zones:
            await task_events.republish_of_plan(db, plan.code)


async def _apply(db: Session, edition: RowMapping, comparison: rules.Comparison) -> None:
    caller = db.caller
    after = await store.publish(db, edition["id"], comparison, caller.name if caller else "")
    number = after["number"]
    unit_ids = await units.ids(db)
    later = [*comparison.new, *(changed.after for changed in comparison.changed)]
    await task_events.published(db, [await tasks.put(db, task, number, unit_ids) for task in later])
    gone: Sequence[UUID] = [await tasks.withdraw(db, task.code, number) for task in comparison.gone]
    await task_events.withdrawn(db, gone, number)
    await manuscripts.published(db, edition["import_id"])
    await manuscripts.answered(db, edition["plans"])
    await events.published(db, after)
    if edition["tenant"] is not None:
        await manuscript_events.tell(db, "published", edition["tenant"], edition["id"])
    await audit.record(db, "edition.published", "edition", after["id"], _before(comparison), _after(comparison, after))


def _before(comparison: rules.Comparison) -> dict[str, object]:
    return {
        "changed": {
            task.before.code: {change.field: change.before for change in task.changes} for task in comparison.changed
        },
        "gone": {task.code: task.title for task in comparison.gone},
    }


def _after(comparison: rules.Comparison, edition: dict[str, object]) -> dict[str, object]:
    return {
        "number": edition["number"],
        "changed": {
            task.after.code: {change.field: change.after for change in task.changes} for task in comparison.changed
        },
        "new": {task.code: task.title for task in comparison.new},
    }
