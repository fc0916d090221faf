"""Manuscripts and sheets as they are shown."""

from dataclasses import replace

from catalog.editions import comparing
from catalog.editions.schemas import ComparisonOut
from catalog.imports import preparation
from catalog.imports.schemas import UnitPreview
from catalog.manuscripts import rules, schemas, sheets
from catalog.manuscripts.keeping import Desk
from catalog.notice.nearly import Nearly
from chassis.problems import DomainError
from chassis.tenancy import RowMapping, Session


class Unsound(DomainError):
    """A sheet with errors is not taken over, not even in part."""

    slug = "sheet-with-errors"

    def __init__(self) -> None:
        super().__init__("表中还有错误，请改正后重新上传。")


def manuscript(desk: Desk, capacity: rules.Capacity) -> schemas.ManuscriptOut:
    plan, shown = desk.plan, desk.manuscript
    holds = bool(shown.entries or desk.published)
    return schemas.ManuscriptOut(
        plan=plan.code,
        name=plan.name,
        kind=plan.kind,
        zone=plan.zone,
        zones=list(plan.zones),
        announced_tasks=plan.announced_tasks,
        published_tasks=len(desk.published),
        begun=shown.begun,
        status=desk.status,
        returned=schemas.ReturnedOut.model_validate(vars(desk.returned)) if desk.returned else None,
        next_number=desk.next_number,
        tasks=[schemas.EntryOut.model_validate(rules.stored(entry)) for entry in shown.entries],
        version=shown.version,
        actions=[] if desk.closed else rules.actions(desk.status, capacity, begun=shown.begun, holds_tasks=holds),
    )


def emptied(desk: Desk) -> Desk:
    """As it stands once it was discarded."""
    before = desk.manuscript
    published = replace(before, entries=desk.known, version=before.version + 1, begun=False)
    return replace(desk, manuscript=published, submitted=False, returned=None)


async def comparison(db: Session, desk: Desk) -> schemas.ManuscriptComparison:
    """A plan without tasks that never had any changes nothing: it cannot be submitted."""
    if not (desk.manuscript.entries or desk.published):
        nothing = ComparisonOut(new=[], changed=[], gone=[])
        return schemas.ManuscriptComparison(comparison=nothing, units=[], doubts=[])
    notice, text = rules.notice(desk.manuscript, desk.published, desk.names)
    proposal, compared = await preparation.held_against_present(db, notice, text, desk.plan.name)
    nearly = Nearly(await preparation.known_units(db))
    doubts = [f"“{unit.name}”疑为“{other}”" for unit in proposal.units if (other := nearly.of(unit.name))]
    return schemas.ManuscriptComparison(
        comparison=comparing.shown(compared),
        units=[UnitPreview(code=unit.code, name=unit.name, kind=unit.kind) for unit in proposal.units],
        doubts=doubts,
    )


def sheet(desk: Desk, found: RowMapping) -> schemas.SheetOut:
    before = desk.manuscript.entries
    sound = {entry.number: entry for entry in sheets.entries(found["rows"], before)}
    errors = sum(len(row["errors"]) for row in found["rows"])
    rows = [
        schemas.SheetRow.model_validate(
            row | {"state": None if row["errors"] else rules.state(sound[row["number"]], before)}
        )
        for row in found["rows"]
    ]
    numbers = {row["number"] for row in found["rows"]}
    return schemas.SheetOut(
        **{name: found[name] for name in ("id", "plan", "filename", "created_at", "created_by")},
        rows=rows,
        gone=[
            schemas.EntryBrief(number=entry.number, title=entry.title)
            for entry in before
            if entry.number not in numbers
        ],
        errors=errors,
        actions=[] if errors else ["confirm"],
    )
