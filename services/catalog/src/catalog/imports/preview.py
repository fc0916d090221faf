"""A prepared import as the preview shows it."""

from typing import Any

from catalog.editions import comparing
from catalog.imports import schemas
from catalog.imports.preparation import Prepared
from catalog.imports.rules import Warn

AROUND = 40


def of(prepared: Prepared) -> schemas.ImportOut:
    """Everything that the person who confirms should have seen."""
    proposal = prepared.proposal
    return schemas.ImportOut(
        **{
            name: prepared.imported[name] for name in ("id", "filename", "sha256", "tenant", "created_at", "created_by")
        },
        plans=_plans(prepared),
        tasks=_tasks(prepared),
        zones=_zones(prepared),
        units=[schemas.UnitPreview(code=unit.code, name=unit.name, kind=unit.kind) for unit in proposal.units],
        warnings=[_warning(warning, prepared.imported["text"]) for warning in proposal.warnings],
        comparison=comparing.shown(prepared.comparison),
        unchanged=prepared.unchanged,
        actions=[] if prepared.unchanged else ["confirm"],
    )


def _warning(warning: Warn, text: str) -> schemas.Warn:
    return schemas.Warn(
        **vars(warning),
        before=text[max(0, warning.start - AROUND) : warning.start],
        text=text[warning.start : warning.end],
        after=text[warning.end : warning.end + AROUND],
    )


def _state(code: str, new: set[str], changed: set[str]) -> schemas.State:
    if code in new:
        return "new"
    return "changed" if code in changed else "unchanged"


def _plans(prepared: Prepared) -> list[schemas.PlanPreview]:
    new = {plan.code for plan in prepared.proposal.plans} - {plan.code for plan in prepared.present.plans}
    changed = {plan.code for plan in prepared.proposal.changed_plans}
    tasks = [task.plan for task in prepared.proposal.tasks.values()]
    return [
        schemas.PlanPreview(
            code=plan.code,
            number=plan.number,
            name=plan.name,
            kind=plan.kind,
            zone=plan.zone,
            announced_tasks=plan.announced_tasks,
            tasks=tasks.count(plan.code),
            state=_state(plan.code, new, changed),
        )
        for plan in prepared.proposal.plans
    ]


def _tasks(prepared: Prepared) -> list[schemas.TaskPreview]:
    names = {unit.code: unit.name for unit in (*prepared.present.units, *prepared.proposal.units)}
    new = {task.code for task in prepared.comparison.new}
    changed = {task.after.code for task in prepared.comparison.changed}
    return [
        schemas.TaskPreview(
            code=task.code,
            number=task.number,
            plan=task.plan,
            title=task.title,
            units=[names[part.unit] for part in task.responsibilities],
            due=task.due,
            source=schemas.Place(start=task.source.start, end=task.source.end),
            state=_state(task.code, new, changed),
        )
        for task in prepared.proposal.tasks.values()
    ]


def _zones(prepared: Prepared) -> list[schemas.ZonePreview]:
    brought: list[Any] = [zone.stored for zone in prepared.proposal.zones]
    new = {zone["code"] for zone in brought}
    known = [zone for zone in prepared.present.zones if zone["code"] in prepared.proposal.named_zones]
    return [
        schemas.ZonePreview(code=zone["code"], name=zone["name"], state=_state(zone["code"], new, set()))
        for zone in (*known, *brought)
    ]
