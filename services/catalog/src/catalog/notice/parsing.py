"""The whole way from a text to a notice."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from catalog.notice import counting, plans
from catalog.notice.headings import Heading
from catalog.notice.model import Notice, NoticeError
from catalog.notice.nearly import Nearly
from catalog.notice.outline import Entry, Outline, outline
from catalog.notice.repair import Repaired, repair
from catalog.notice.tasks import TaskReader
from catalog.notice.warnings import Warnings
from catalog.notice.zones import Zones

SIDE_CHAPTER = re.compile(r"保障|组织|领导|宣传|监督|总体|指导|原则|目标|要求|附则|说明")
UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff]+")


def parse(text: str, known_unit_names: Iterable[str]) -> Notice:
    """Reads a notice. Raises NoticeError when it has neither a task with units nor a plan that it announces.

    ``known_unit_names`` serve only to warn of names that are nearly, but not quite, one of them.
    """
    source = repair(text)
    if not source.text:
        raise NoticeError("文件是空的。")
    warnings = Warnings(source)
    zones = Zones(source.text)
    found = outline(source)
    tasks, announced = _sorted_out(found, source, zones, warnings)
    arranged = plans.arrange(found.headings, tasks, source.text, zones, warnings)
    if not any(group.named for entry in tasks for group in entry.groups) and not arranged.plans:
        raise NoticeError("这不是可识别的任务通知：没有找到带编号和责任单位的任务，也没有预告的计划。")
    reader = TaskReader(source, zones, warnings)
    read = [reader.read(entry, arranged.by_heading[entry.heading]) for entry in tasks]
    counting.check_numbers([(entry, task.plan) for entry, task in zip(tasks, read, strict=True)], warnings)
    counting.check_counts([*announced, *counting.noted(found.headings)], arranged.plans, read, warnings)
    _check_units(tasks, found, known_unit_names, warnings)
    _check_characters(source, text, warnings)
    return Notice(arranged.plans, read, zones.found, warnings.in_order())


def _sorted_out(
    found: Outline, source: Repaired, zones: Zones, warnings: Warnings
) -> tuple[list[Entry], list[counting.Announcement]]:
    """The entries that are tasks, and what the others announce of plans."""
    owned = plans.owners(found.headings, zones)
    side = list(_side(found.headings))
    tasks: list[Entry] = []
    announced: list[counting.Announcement] = []
    for place, entries in groupby(found.entries, key=lambda entry: entry.heading):
        heading = found.headings[place] if place != plans.NOWHERE else None
        if heading and owned[place] != plans.NOWHERE and found.headings[owned[place]].level:
            tasks += entries
            continue
        rest = []
        for entry in entries:
            said = counting.announcement(source.text, entry)
            announced += [said] if said else []
            rest += [] if said else [entry]
        aside = heading is not None and side[place]
        if rest and (any(entry.groups for entry in rest) or not (aside or rest[0].number == 1)):
            tasks += rest
        elif rest and not aside:
            message = f"{len(rest)}个编号段落都没有责任单位，也不在计划的标题之下，未作为任务。"
            warnings.add("entries-ignored", message, rest[0].start, rest[-1].end)
    return tasks, announced


def _side(headings: Sequence[Heading]) -> Iterator[bool]:
    """For each heading whether it or one that it stands under is of a chapter that has no tasks."""
    inside: list[Heading] = []
    for heading in headings:
        inside = [outer for outer in inside if outer.level < heading.level] + [heading]
        yield any(SIDE_CHAPTER.search(outer.name) for outer in inside)


def _check_units(tasks: Sequence[Entry], found: Outline, known: Iterable[str], warnings: Warnings) -> None:
    nearly = Nearly(known)
    meant: dict[str, str | None] = {}
    for named in (named for entry in tasks for group in entry.groups for named in group.named):
        if named.unit not in meant:
            meant[named.unit] = nearly.of(named.unit)
        if other := meant[named.unit]:
            message = f"“{named.unit}”与已知单位“{other}”仅差一两个字，请核对。"
            warnings.add("unit-nearly-known", message, named.start, named.end)
    for group in found.stray:
        warnings.add("units-without-task", "这里的责任单位不属于任何任务。", group.start, group.end)


def _check_characters(source: Repaired, original: str, warnings: Warnings) -> None:
    for found in UNREADABLE.finditer(original):
        warnings.add_original("unreadable-character", "这里有无法识别的字符。", found.start(), found.end())
    for start, end in source.guessed_pages:
        message = f"单独成行的“{original[start:end].strip()}”按页码略去。"
        warnings.add_original("page-number-removed", message, start, end)
