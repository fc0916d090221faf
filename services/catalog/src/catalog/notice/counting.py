"""Whether numbers and counts fit: numbers missing or twice, and plans with other tasks than were announced."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from catalog.notice.headings import Heading
from catalog.notice.model import Plan, Task
from catalog.notice.numerals import ANY, number
from catalog.notice.outline import ANNOUNCED, LONGEST_ANNOUNCED, Entry
from catalog.notice.warnings import Warnings

NOTED = re.compile(rf"({ANY})项")
SUFFIX = re.compile(r"(?:推进)?(?:行动)?(?:计划|方案)$")
LONGEST_NAME, WIDEST_GAP = 60, 200


@dataclass(frozen=True)
class Announcement:
    """What is said of a plan elsewhere: 营商环境专项。…等8项（3个子项）工作任务; where the count stands."""

    name: str
    tasks: int
    sub_items: int | None
    start: int
    end: int


def announcement(text: str, entry: Entry) -> Announcement | None:
    """What a numbered entry announces; None when it is a task."""
    written = text[entry.body : entry.end]
    found = None if entry.groups else ANNOUNCED.search(written, max(0, len(written) - LONGEST_ANNOUNCED))
    name = re.split("[。：:]", written[: LONGEST_NAME + 1], maxsplit=1)[0]
    if found is None or len(name) > LONGEST_NAME:
        return None
    start = entry.body + found.start()
    sub_items = number(found[2]) if found[2] else None
    return Announcement(name, number(found[1]), sub_items, start, entry.body + found.end())


def noted(headings: Sequence[Heading]) -> Iterator[Announcement]:
    """Counts in the bracket after a plan's name: 一、营商环境专项推进行动计划（8项）."""
    for heading in headings:
        if heading.is_plan and (found := NOTED.search(heading.note)):
            yield Announcement(heading.name, number(found[1]), None, heading.start, heading.end)


def check_counts(
    announcements: Sequence[Announcement], plans: Sequence[Plan], tasks: Sequence[Task], warnings: Warnings
) -> None:
    """Holds what is announced against what is there; zones' plans may come later."""
    for announced in announcements:
        plan = _named(announced.name, plans)
        if plan is None:
            message = f"通知预告的“{announced.name}”没有对应的计划。"
            warnings.add("plan-missing", message, announced.start, announced.end)
            continue
        of_plan = [task for task in tasks if task.plan == plan.number]
        if plan.kind == "zone" and not of_plan:
            continue
        sub_items = sum(len(task.items) for task in of_plan if len(task.items) > 1)
        if message := _difference(announced, plan.name, len(of_plan), sub_items):
            warnings.add("count-differs", message, announced.start, announced.end)


def _difference(announced: Announcement, plan: str, tasks: int, sub_items: int) -> str:
    if announced.tasks != tasks:
        return f"“{plan}”预告{announced.tasks}项任务，实有{tasks}项任务。"
    if announced.sub_items and announced.sub_items != sub_items:
        return f"“{plan}”预告{announced.sub_items}个子项，实有{sub_items}个子项。"
    return ""


def _named(name: str, plans: Sequence[Plan]) -> Plan | None:
    base = SUFFIX.sub("", name)
    return next((plan for plan in plans if base and (plan.name.startswith(base) or base in plan.name)), None)


def check_numbers(entries: Sequence[tuple[Entry, int]], warnings: Warnings) -> None:
    """Warns of numbers missing, twice and out of order. Entries come with their plans' numbers.

    Numbers run through the plans, unless a plan begins again with 1.
    """
    for run in _runs(entries):
        present = {entry.number for entry in run}
        seen: set[int] = set()
        last = 0
        for entry in run:
            _check(entry, last, present, seen, warnings)
            seen.add(entry.number)
            last = entry.number


def _runs(entries: Sequence[tuple[Entry, int]]) -> Iterator[list[Entry]]:
    run: list[Entry] = []
    last_plan = None
    for entry, plan in entries:
        if run and plan != last_plan and entry.number == 1:
            yield run
            run = []
        run.append(entry)
        last_plan = plan
    if run:
        yield run


def _check(entry: Entry, last: int, present: set[int], seen: set[int], warnings: Warnings) -> None:
    place = (entry.start, entry.body)
    if entry.number in seen:
        warnings.add("number-twice", f"任务编号{entry.number}重复。", *place)
    elif entry.number < last:
        warnings.add("number-out-of-order", f"任务编号{entry.number}排在{last}之后。", *place)
    elif entry.number - last > WIDEST_GAP:
        warnings.add("number-missing", f"任务编号由{last}跳到{entry.number}。", *place)
    elif missing := [value for value in range(last + 1, entry.number) if value not in present]:
        warnings.add("number-missing", f"缺少任务编号{'、'.join(_ranges(missing))}。", *place)


def _ranges(values: Sequence[int]) -> Iterator[str]:
    for _, pairs in groupby(enumerate(values), key=lambda pair: pair[1] - pair[0]):
        same = [value for _, value in pairs]
        yield str(same[0]) if len(same) == 1 else f"{same[0]}至{same[-1]}"
