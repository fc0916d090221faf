"""Plans: under whose heading tasks stand, what number each has, and what the notice announces of zones' plans."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from catalog.notice.headings import Heading
from catalog.notice.model import Plan
from catalog.notice.numerals import ANY, number
from catalog.notice.outline import Entry
from catalog.notice.warnings import Warnings
from catalog.notice.zones import Zones

ZONE_PLAN = re.compile(r"[一-鿿]{2,4}片区(?:建设|发展)?(?:实施|工作|行动)?方案")
ZONE_TITLE = re.compile(r"[一-鿿]{2,4}片区[一-鿿]{0,20}(?:实施|工作|行动|建设)方案")
ZONE_COUNTS = re.compile(rf"(?:({ANY})个方面[^。]{{0,10}}?)?({ANY})项(?:重点|主要|具体)?(?:工作|任务)")
LONGEST_ANNOUNCEMENT = 500
GENERAL = re.compile("任务|措施|事项")
NOWHERE = -1


@dataclass(frozen=True)
class Arranged:
    """The plans, and the number of the plan to which the entries under a heading belong."""

    plans: tuple[Plan, ...]
    by_heading: dict[int, int]


def owners(headings: Sequence[Heading], zones: Zones) -> list[int]:
    """For each heading the place of the plan's heading that holds under it, or NOWHERE.

    A heading ends the plans of its own level and below. In a zone's own plan the chapters are no plans.
    """
    found: list[int] = []
    inside: list[int] = []
    for place, heading in enumerate(headings):
        inside = [outer for outer in inside if headings[outer].level < heading.level]
        if heading.is_plan and not (inside and _zone_of(headings[inside[0]], zones)):
            inside.append(place)
        found.append(inside[-1] if inside else NOWHERE)
    return found


def arrange(
    headings: Sequence[Heading], tasks: Sequence[Entry], text: str, zones: Zones, warnings: Warnings
) -> Arranged:
    """Numbers the plans: special ones by their headings, then the zones', then others, so that no number repeats."""
    owned = owners(headings, zones)
    chapters = list(_chapters(headings))
    by_heading = {entry.heading: _owner(entry.heading, owned, chapters) for entry in tasks}
    used = set(by_heading.values())
    kept = sorted(used | set(_without_tasks(headings, used, owned, warnings)))
    special = [place for place in kept if place != NOWHERE and _is_special(headings[place], zones)]
    plans: dict[str, Plan] = {}
    numbers: dict[int, int] = {}
    for place in special:
        if not headings[place].is_plan:
            message = f"“{headings[place].name}”不像计划的名称，但任务只在它之下，已作为计划。"
            warnings.add("plan-guessed", message, headings[place].start, headings[place].end)
        numbers[place] = _special_number(headings[place], numbers.values(), warnings)
        plans[f"special {place}"] = Plan(numbers[place], headings[place].name, "special")
    following = count(max(numbers.values(), default=0) + 1)
    for announced in _announced(text, zones):
        plans.setdefault(f"zone {announced.zone}", replace(announced, number=next(following)))
    for place in (place for place in kept if place not in numbers):
        plan = _other(headings[place] if place != NOWHERE else None, zones)
        key = f"zone {plan.zone}" if plan.zone else f"additional {plan.name}"
        if place == NOWHERE:
            warnings.add("plan-guessed", "任务之前没有计划的标题，已归入“未命名计划”。", tasks[0].start, tasks[0].body)
        if key not in plans:
            plans[key] = replace(plan, number=next(following))
        numbers[place] = plans[key].number
    return Arranged(tuple(plans.values()), {place: numbers[owner] for place, owner in by_heading.items()})


def _owner(place: int, owned: Sequence[int], chapters: Sequence[int]) -> int:
    """The plan's heading; a chapter that stands under none is itself taken for a plan."""
    if place == NOWHERE or owned[place] != NOWHERE:
        return NOWHERE if place == NOWHERE else owned[place]
    return chapters[place]


def _chapters(headings: Sequence[Heading]) -> Iterator[int]:
    """For each heading the outermost that tells what its tasks are about: not an annex, not 主要任务."""
    inside: list[int] = []
    for place, heading in enumerate(headings):
        inside = [*(outer for outer in inside if headings[outer].level < heading.level), place]
        telling = (outer for outer in inside if headings[outer].level and not GENERAL.search(headings[outer].name))
        yield next(telling, NOWHERE)


def _without_tasks(
    headings: Sequence[Heading], used: set[int], owned: Sequence[int], warnings: Warnings
) -> Iterator[int]:
    """Special plans of which the notice has the heading only, unless others stand in them."""
    for place, heading in enumerate(headings):
        following = headings[place + 1] if place + 1 < len(headings) else None
        holds_others = following and following.is_plan and following.level > heading.level
        if place in used or owned[place] != place or "专项" not in heading.name or not heading.level or holds_others:
            continue
        warnings.add("plan-without-tasks", f"“{heading.name}”之下没有任务。", heading.start, heading.end)
        yield place


def _is_special(heading: Heading, zones: Zones) -> bool:
    return heading.level > 0 and _zone_of(heading, zones) is None


def _zone_of(heading: Heading, zones: Zones) -> str | None:
    """A zone's own notice may call its plan anything; in another's, a chapter about a zone is no plan of it."""
    pattern = ZONE_PLAN if heading.level else ZONE_TITLE
    zone = zones.of(heading.name) if pattern.search(heading.name) else None
    return zone.code if zone else None


def _special_number(heading: Heading, taken: Collection[int], warnings: Warnings) -> int:
    if heading.number not in taken:
        return heading.number
    free = max(taken) + 1
    message = f"计划编号{heading.number}重复，“{heading.name}”暂编为{free}。"
    warnings.add("plan-number-twice", message, heading.start, heading.end)
    return free


def _other(heading: Heading | None, zones: Zones) -> Plan:
    if heading is None:
        return Plan(0, "未命名计划", "additional")
    zone = _zone_of(heading, zones)
    return Plan(0, heading.name, "zone" if zone else "additional", zone)


def _announced(text: str, zones: Zones) -> Iterator[Plan]:
    """The zones' plans whose aspects and tasks are counted somewhere in the notice."""
    found = list(ZONE_PLAN.finditer(text))
    ends = [*(later.start() for later in found[1:]), len(text)]
    for named, end in zip(found, ends, strict=False):
        zone = zones.of(named.group())
        counts = ZONE_COUNTS.search(text, named.end(), min(end, named.end() + LONGEST_ANNOUNCEMENT))
        if zone and counts:
            yield Plan(
                0,
                named.group()[named.group().index(zone.name) :],
                "zone",
                zone.code,
                number(counts[1]) if counts[1] else None,
                number(counts[2]),
            )
