"""An import held against the catalog as it is at this moment: for the preview, the draft and the publication alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.editions import rules as editions
from catalog.imports import rules, store
from catalog.manuscripts import store as manuscripts
from catalog.plans import store as plans
from catalog.tasks import store as tasks
from catalog.units import directory
from catalog.units import store as units
from catalog.zones import store as zones
from chassis.problems import NotFound
from chassis.tenancy import RowMapping, Session


@dataclass(frozen=True)
class Prepared:
    """An import with what it would make of the present catalog."""

    imported: RowMapping
    present: rules.Present
    proposal: rules.Proposal
    comparison: editions.Comparison

    @property
    def unchanged(self) -> bool:
        return self.comparison.empty and self.proposal.brings_no_more

    def against(self, tasks_before: Mapping[str, editions.Task]) -> editions.Comparison:
        """The proposal's tasks against those of another edition, in the plans that it replaces."""
        before = {code: task for code, task in tasks_before.items() if task.plan in self.proposal.replaced}
        return editions.compare(before, self.proposal.tasks, _names(self.present, self.proposal))


async def prepare(db: Session, import_id: object) -> Prepared:
    """Raises NotFound for an import that the caller may not see."""
    imported = await store.get(db, import_id)
    if imported is None:
        raise NotFound
    present = await _present(db)
    proposal = rules.propose(imported["notice"], imported["text"], imported["filename"], present)
    return Prepared(imported, present, proposal, _compared(present, proposal))


async def held_against_present(
    db: Session, notice: Mapping[str, Any], text: str, document: str
) -> tuple[rules.Proposal, editions.Comparison]:
    """What a notice that nobody has uploaded would change."""
    present = await _present(db)
    proposal = rules.propose(notice, text, document, present)
    return proposal, _compared(present, proposal)


def _compared(present: rules.Present, proposal: rules.Proposal) -> editions.Comparison:
    before = {code: task for code, task in present.tasks.items() if task.plan in proposal.replaced}
    return editions.compare(before, proposal.tasks, _names(present, proposal))


async def _present(db: Session) -> rules.Present:
    return rules.Present(
        units=await units.everyone(db),
        listed=directory.listed(),
        zones=await zones.everyone(db),
        plans=await plans.everyone(db),
        tasks=await tasks.contents(db, None),
        begun=await manuscripts.codes(db),
    )


def _names(present: rules.Present, proposal: rules.Proposal) -> dict[str, str]:
    return {unit.code: unit.name for unit in (*present.units, *proposal.units)}


async def known_units(db: Session) -> list[str]:
    """Every name by which a unit is known, in the catalog or among the well-known ones."""
    known = [*await units.everyone(db), *directory.listed()]
    return sorted({name for unit in known for name in (unit.name, *unit.aliases)})
