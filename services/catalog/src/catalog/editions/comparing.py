"""Holding editions against each other, and showing what came out."""

from catalog.editions import rules, schemas, store
from catalog.imports import preparation
from catalog.tasks import store as tasks
from catalog.units import store as units
from chassis.problems import NotFound
from chassis.tenancy import Session


async def compare(db: Session, name: store.Name, other: int | None) -> rules.Comparison:
    """An edition against the number ``other`` or, without it, what it followed. Raises NotFound for either."""
    edition = await store.get(db, name)
    if edition is None or (other and await store.get(db, other) is None):
        raise NotFound
    number = edition["number"]
    if number is None:
        return await _draft(db, edition["import_id"], other)
    names = {unit.code: unit.name for unit in await units.everyone(db)}
    return rules.compare(await tasks.contents(db, other or number - 1), await tasks.contents(db, number), names)


async def _draft(db: Session, import_id: object, other: int | None) -> rules.Comparison:
    prepared = await preparation.prepare(db, import_id)
    if other is None:
        return prepared.comparison
    return prepared.against(await tasks.contents(db, other))


def shown(comparison: rules.Comparison) -> schemas.ComparisonOut:
    return schemas.ComparisonOut(
        new=[brief(task) for task in comparison.new],
        changed=[
            schemas.ChangedTask(
                **brief(task.after).model_dump(),
                changes=[schemas.Change.model_validate(change) for change in task.changes],
            )
            for task in comparison.changed
        ],
        gone=[brief(task) for task in comparison.gone],
    )


def brief(task: rules.Task) -> schemas.TaskBrief:
    return schemas.TaskBrief(code=task.code, plan=task.plan, number=task.number, title=task.title)
