"""Manuscripts as they stand: what was written, else what is published; found only by those who may write them."""

from dataclasses import dataclass, replace
from datetime import datetime

from catalog.editions.rules import Task
from catalog.imports import preparation
from catalog.imports import store as imports
from catalog.imports.preparation import Prepared
from catalog.manuscripts import rules, store
from catalog.manuscripts.rules import Capacity, Entry, Manuscript, Status
from catalog.plans import store as plans
from catalog.plans.rules import Plan
from catalog.tasks import store as tasks
from catalog.units import store as units
from catalog.zones import rules as zone_rules
from catalog.zones import store as zones
from chassis import audit
from chassis.auth import Caller
from chassis.problems import Forbidden, NotFound
from chassis.tenancy import RowMapping, Session
from chassis.uploads import digest


@dataclass(frozen=True)
class Returned:
    """What the province remarked on a plan that was handed in."""

    remarks: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Desk:
    """A manuscript with what its plan has in the catalog now; ``names`` are the units' names by code, ``taken`` the
    numbers of tasks of other special plans, which are numbered throughout; ``closed``: its zone is.
    """

    manuscript: Manuscript
    published: tuple[Task, ...]
    names: dict[str, str]
    submitted: bool = False
    returned: Returned | None = None
    taken: frozenset[int] = frozenset()
    closed: bool = False

    @property
    def plan(self) -> Plan:
        return self.manuscript.plan

    @property
    def tenant(self) -> str | None:
        """The zone whose office writes it; None for a further plan, which the province writes."""
        return self.plan.zone

    @property
    def status(self) -> Status:
        begun, returned = self.manuscript.begun, self.returned is not None
        return rules.status(begun=begun, submitted=self.submitted, returned=returned)

    @property
    def next_number(self) -> int:
        """The first number after all that are taken."""
        written = {entry.number for entry in self.manuscript.entries}
        return max(written | self.taken | {task.number for task in self.published}, default=0) + 1

    @property
    def known(self) -> tuple[Entry, ...]:
        """The published tasks as entries to go on from."""
        return rules.of_published(self.published, self.names)


def office(caller: Caller) -> str | None:
    """The zone whose plan alone the caller may write; None for the province, which may write all."""
    if caller.scope == "all":
        return None
    if caller.scope == "tenant" and caller.tenant:
        return caller.tenant
    raise Forbidden


def capacity(caller: Caller) -> Capacity:
    return Capacity.PROVINCE if caller.scope == "all" else Capacity.WRITER


async def of(db: Session, caller: Caller, code: str, *, lock: bool = False) -> Desk:
    """Raises NotFound for what is no plan, or not the caller's to write; with ``lock`` ZoneClosed when its zone is."""
    tenant = office(caller)
    if tenant not in (None, code):
        raise NotFound
    row = await store.get(db, code, lock=lock)
    begun = row is not None and row["tasks"] is not None
    plan = await _plan(db, code, row if begun else None)
    if plan is None:
        raise NotFound
    zone = await zones.get(db, code)
    if lock and zone:
        zone_rules.must_be_open(zone)
    names = {unit.code: unit.name for unit in await units.everyone(db)}
    published = tuple((await tasks.contents(db, None, code)).values())
    if row is not None and begun:
        entries = tuple(rules.restored(entry) for entry in row["tasks"])
    else:
        entries = rules.of_published(published, names)
    version = row["version"] if row else 0
    manuscript = Manuscript(plan, entries, version, begun)
    return Desk(
        manuscript,
        published,
        names,
        row is not None and row["import_id"] is not None,
        _returned(row) if row else None,
        await tasks.special_numbers(db, but=code) if plan.kind == "special" else frozenset(),
        closed=bool(zone and zone["closed_on"]),
    )


def _returned(row: RowMapping) -> Returned | None:
    return Returned(row["remarks"], row["returned_by"], row["returned_at"]) if row["remarks"] is not None else None


async def _plan(db: Session, code: str, row: RowMapping | None) -> Plan | None:
    """As it is published, else as it will be; a further plan's name and zones are those that were written."""
    plan = next((plan for plan in await plans.everyone(db) if plan.code == code), None)
    zone = await zones.get(db, code)
    if plan is None and zone is not None:
        return Plan(code, 0, f"{zone['name']}实施方案", "zone", code)
    if plan is None and row is not None and row["tenant"] is None:
        plan = Plan(code, int(code[1:]), row["name"], "additional")
    if plan and row and plan.kind == "additional":
        return replace(plan, name=row["name"], zones=tuple(row["zones"]))
    return plan


async def save(db: Session, desk: Desk, manuscript: Manuscript, by: str) -> None:
    """Keeps what was written, if it differs from what stood there. The caller has locked it by ``of``."""
    before = desk.manuscript
    if before.begun and (manuscript.plan, manuscript.entries) == (before.plan, before.entries):
        return
    manuscript_id = await store.put(db, manuscript, manuscript.entries, desk.tenant, by)
    old, new = rules.changes(before.entries, manuscript.entries)
    old |= {"name": before.plan.name, "zones": list(before.plan.zones)}
    new |= {"name": manuscript.plan.name, "zones": list(manuscript.plan.zones)}
    await audit.record(db, "manuscript.saved", "manuscript", manuscript_id, old, new, tenant=desk.tenant)


async def discard(db: Session, desk: Desk, by: str) -> None:
    """Back to what is published."""
    manuscript_id = await store.put(db, desk.manuscript, None, desk.tenant, by)
    await store.answered(db, [desk.plan.code])
    before, _ = rules.changes(desk.manuscript.entries, desk.known)
    await audit.record(db, "manuscript.discarded", "manuscript", manuscript_id, before, None, tenant=desk.tenant)


async def begin(db: Session, name: str, zones_: tuple[str, ...], by: str) -> str:
    """A further plan without tasks, under the next code. The caller holds the catalog's lock."""
    taken = {plan.code for plan in await plans.everyone(db)} | await store.codes(db)
    number = next(number for number in range(1, len(taken) + 2) if f"n{number}" not in taken)
    plan = Plan(f"n{number}", number, name, "additional", zones=zones_)
    desk = Desk(Manuscript(plan, (), 0, begun=False), (), {})
    await save(db, desk, desk.manuscript, by)
    return plan.code


async def submit(db: Session, desk: Desk, by: str) -> Prepared:
    """Makes an import of the manuscript, as if its text had been uploaded. Raises Empty."""
    notice, text = rules.notice(desk.manuscript, desk.published, desk.names)
    filename = f"{desk.plan.name}（在线编制）"
    digested = digest(repr(notice).encode())
    import_id = await imports.put(db, filename, digested, text, notice, desk.tenant, by)
    return await preparation.prepare(db, import_id)
