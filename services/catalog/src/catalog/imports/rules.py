"""From what a notice says to what the catalog would hold: plans and tasks get their codes, names become units. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

from catalog.editions.rules import Item, Responsibility, Source, Task
from catalog.imports.directory import Directory, Place
from catalog.plans.rules import Plan, task_code
from catalog.units.rules import Unit
from chassis.problems import DomainError

MOST_TASKS = 2_000
LONGEST_TEXT = 10_000
LARGEST_NUMBER = 10_000
ZONE_FIELDS = ("code", "name", "area_km2", "bonded_area_km2", "positioning", "industries")
KINDS = ("special", "zone", "additional")

Json = Mapping[str, Any]


class Unreadable(DomainError):
    """The notice is beyond what the catalog can hold."""

    status = 422
    slug = "unreadable-notice"


@dataclass(frozen=True)
class Warn:
    """Something to be looked at, and where: code points of the original text."""

    code: str
    message: str
    start: int
    end: int


@dataclass(frozen=True)
class NewZone:
    """A zone that the catalog does not have yet; ``city`` is the name of its city."""

    city: str
    stored: Json


@dataclass(frozen=True)
class Present:
    """What the catalog holds now. ``listed`` are well-known units that it may not hold yet, ``begun`` the codes of
    plans that are being written.
    """

    units: Sequence[Unit]
    listed: Sequence[Unit]
    zones: Sequence[Json]
    plans: Sequence[Plan]
    tasks: Mapping[str, Task]
    begun: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Proposal:
    """What the notice would make of the catalog. ``replaced`` are the codes of the plans whose tasks it replaces."""

    units: tuple[Unit, ...]
    zones: tuple[NewZone, ...]
    named_zones: frozenset[str]
    plans: tuple[Plan, ...]
    changed_plans: tuple[Plan, ...]
    replaced: frozenset[str]
    tasks: Mapping[str, Task]
    warnings: tuple[Warn, ...]

    @property
    def brings_no_more(self) -> bool:
        """Whether it brings nothing beside tasks."""
        return not (self.units or self.zones or self.changed_plans)


def propose(notice: Json, text: str, document: str, present: Present) -> Proposal:
    """What a parsed notice (``Notice.as_dict``) with the original ``text`` would make of the present catalog.

    A notice with tasks of special plans replaces all of these; of other plans those whose tasks it holds. A plan that
    it only announces keeps its tasks; a manuscript replaces those of its plan alone, even by none. Raises Unreadable
    for a notice beyond all bounds.
    """
    if len(notice["tasks"]) > MOST_TASKS:
        raise Unreadable(f"通知中的任务超过 {MOST_TASKS} 项。")
    directory = Directory(present.units, present.listed)
    zones = _new_zones(notice["zones"], present)
    for zone in zones:
        directory.code(zone.city, (0, 0))
    names = {zone["code"]: zone["name"] for zone in (*present.zones, *(new.stored for new in zones))}
    plans = dict(_plans(notice["plans"], names, present))
    written = frozenset(plan["code"] for plan in notice["plans"] if plan.get("code"))
    others = {code for code, task in present.tasks.items() if task.plan not in written} if written else set()
    kept = _kept(notice["tasks"], present)
    by_number = _by_number(notice["plans"], plans)
    tasks = dict(_tasks(notice["tasks"], by_number, kept, others, directory, text, document))
    return Proposal(
        units=directory.new,
        zones=zones,
        named_zones=frozenset(zone["code"] for zone in notice["zones"]),
        plans=tuple(plans.values()),
        changed_plans=tuple(plan for plan in plans.values() if plan not in present.plans),
        replaced=written or _replaced([*plans.values(), *present.plans], tasks.values()),
        tasks=tasks,
        warnings=(*(_warning(warning) for warning in notice["warnings"]), *_unheard_of(directory)),
    )


def _new_zones(zones: Sequence[Json], present: Present) -> tuple[NewZone, ...]:
    known = {zone["code"] for zone in present.zones} | {zone["name"] for zone in present.zones}
    return tuple(
        NewZone(zone["city"], {"kind": "zone"} | {name: zone[name] for name in ZONE_FIELDS})
        for zone in zones
        if known.isdisjoint({zone["code"], zone["name"]})
    )


def _plans(plans: Sequence[Json], zones: Mapping[str, str], present: Present) -> Iterator[tuple[int, Plan]]:
    """The notice's plans, each with its place among them."""
    taken = {plan.code for plan in present.plans} | present.begun
    free = (code for number in count(1) if (code := f"n{number}") not in taken)
    for place, plan in enumerate(plans):
        found = _written(plan, present.plans) if plan.get("code") else _plan(plan, zones, present.plans)
        yield place, found if found.code else replace(found, code=(code := next(free)), number=int(code[1:]))


def _plan(plan: Json, zones: Mapping[str, str], present: Sequence[Plan]) -> Plan:
    """The plan with its code, or without one when it is a further plan that the catalog does not know.

    A zone's plan keeps number and name that the catalog knows it by, and takes in what is announced of it.
    """
    if plan["kind"] == "special":
        return Plan(str(plan["number"]), plan["number"], plan["name"], "special")
    known = {old.code: old for old in present}
    zone = _zone_of(plan, zones) if plan["kind"] == "zone" else None
    if zone:
        old = known.get(zone) or Plan(zone, plan["number"], plan["name"], "zone", zone)
        return replace(
            old,
            announced_aspects=plan.get("aspects") or old.announced_aspects,
            announced_tasks=plan.get("announced_tasks") or old.announced_tasks,
        )
    same = next((old for old in present if old.kind == "additional" and old.name == plan["name"]), None)
    return same or Plan("", plan["number"], plan["name"], "additional")


def _written(plan: Json, present: Sequence[Plan]) -> Plan:
    """The plan of a manuscript, which knows its code; a zone's that is new gets the next number of these."""
    old = next((old for old in present if old.code == plan["code"]), None)
    if old:
        return replace(old, name=plan["name"], zones=tuple(plan["zones"]))
    following = max((other.number for other in present if other.kind == plan["kind"]), default=0) + 1
    number = plan["number"] or following
    return Plan(plan["code"], number, plan["name"], plan["kind"], plan["zone"], zones=tuple(plan["zones"]))


def _zone_of(plan: Json, zones: Mapping[str, str]) -> str | None:
    if plan.get("zone") in zones:
        return str(plan["zone"])
    return next((code for code, name in zones.items() if name.removesuffix("片区") in plan["name"]), None)


def _by_number(named: Sequence[Json], plans: Mapping[int, Plan]) -> dict[int, Plan]:
    """By the numbers that the notice gives them, which may not be those of the catalog; special plans come first."""
    places = sorted(plans, key=lambda place: -KINDS.index(plans[place].kind))
    return {named[place]["number"]: plans[place] for place in places}


def _tasks(
    tasks: Sequence[Json],
    plans: Mapping[int, Plan],
    kept: Mapping[str, str],
    others: Collection[str],
    directory: Directory,
    text: str,
    document: str,
) -> Iterator[tuple[str, Task]]:
    given = {*kept, *others}
    for task in tasks:
        plan = plans.get(task["plan"])
        if plan is None or not 0 < task["number"] <= LARGEST_NUMBER:
            raise Unreadable(f"任务 {task['number']} 不属于任何计划，或编号过大。")
        code = task.get("code")
        if code is None or kept.get(code) != plan.code:
            code = next(code for code in _codes(plan, task["number"]) if code not in given)
        given.add(code)
        yield code, _task(task, code, plan, directory, text, document)


def _kept(tasks: Sequence[Json], present: Present) -> dict[str, str]:
    """The codes of present tasks that the tasks of a manuscript continue, with their plans."""
    codes = [task["code"] for task in tasks if task.get("code")]
    return {code: present.tasks[code].plan for code in codes if code in present.tasks and codes.count(code) == 1}


def _codes(plan: Plan, number: int) -> Iterator[str]:
    """The task's code, then others for a number that the notice has twice: with the plan's, with a suffix."""
    yield task_code(plan, number)
    yield f"{plan.code}-{number}"
    yield from (f"{plan.code}-{number}-{again}" for again in count(2))


def _task(task: Json, code: str, plan: Plan, directory: Directory, text: str, document: str) -> Task:
    place = (task["source"]["start"], task["source"]["end"])
    items = tuple(Item(item["text"], _parts(item["responsibilities"], directory, place)) for item in task["items"])
    whole = "\n".join(item.text for item in items)
    if len(whole) > LONGEST_TEXT:
        raise Unreadable(f"任务 {task['number']} 的正文超过 {LONGEST_TEXT} 字。")
    return Task(
        code=code,
        plan=plan.code,
        number=task["number"],
        title=task["title"],
        text=whole,
        items=items,
        responsibilities=_parts(task["responsibilities"], directory, place),
        due=date.fromisoformat(task["due"]) if task["due"] else None,
        source=Source(document, *place, text[place[0] : place[1]]),
    )


def _parts(responsibilities: Sequence[Json], directory: Directory, place: Place) -> tuple[Responsibility, ...]:
    """The units' parts in order; a unit that is named twice, perhaps by an alias, has its first part only."""
    parts: dict[str, Responsibility] = {}
    for responsibility in responsibilities:
        code = directory.code(responsibility["unit"], place)
        parts.setdefault(code, Responsibility(code, responsibility["role"]))
    return tuple(parts.values())


def _replaced(plans: Iterable[Plan], tasks: Iterable[Task]) -> frozenset[str]:
    filled = {task.plan for task in tasks}
    special = {plan.code for plan in plans if plan.kind == "special"}
    return frozenset(filled | (special if filled & special else set()))


def _warning(warning: Json) -> Warn:
    return Warn(warning["code"], warning["message"], warning["start"], warning["end"])


def _unheard_of(directory: Directory) -> Iterator[Warn]:
    for name, (start, end) in directory.unheard_of.items():
        yield Warn("new-unit", f"“{name}”不在单位目录中，发布时将作为新单位加入。", start, end)
