"""From a numbered entry to a task: its title, its items with their units, its deadline."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from catalog.notice import dates
from catalog.notice.headings import SENTENCE_ENDS
from catalog.notice.model import Item, Responsibility, Source, Task
from catalog.notice.numerals import number
from catalog.notice.outline import Entry
from catalog.notice.repair import Repaired
from catalog.notice.responsibilities import Deadline, Named, assign
from catalog.notice.warnings import Warnings
from catalog.notice.zones import Zones

SUB_NUMBER = re.compile(r"[（(]([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})[）)]")
FIRST_NUMBER = re.compile(r"[（(][1１一][）)]")
AFTER_BRACKET = re.compile(r"[。；;，,、 ]*")
CLOSING_REMARK = re.compile(r"附件|[（(]?此件|抄送|主送|联系|安徽省人民政府|[0-9]{4}年")


@dataclass
class Part:
    """A stretch of a task's text and the units named after it."""

    text: str
    start: int
    named: list[Named] = field(default_factory=list)


class TaskReader:
    """Reads the tasks of one notice."""

    def __init__(self, source: Repaired, zones: Zones, warnings: Warnings) -> None:
        self._source, self._text, self._zones, self._warnings = source, source.text, zones, warnings

    def read(self, entry: Entry, plan: int) -> Task:
        parts, end = self._parts(entry)
        lead = self._lead(entry, parts)
        title = (lead or parts[0].text).split("。", 1)[0].strip("：:；;，,、 ")
        items = self._items(entry, parts, lead[len(title) :].lstrip("。：:；;，,"))
        self._check(entry, title, parts)
        responsibilities = tuple(_in_order(items))
        return Task(
            number=entry.number,
            plan=plan,
            title=title,
            items=items,
            responsibilities=responsibilities,
            zones=self._zones.named_by(responsibilities),
            due=self._due(entry),
            source=Source(*self._source.place(entry.start, end)),
        )

    def _parts(self, entry: Entry) -> tuple[list[Part], int]:
        """The stretches between brackets that name units; brackets that follow each other count as one.

        Returns also where the task ends.
        """
        parts: list[Part] = []
        written, at = "", entry.body
        for group in entry.groups:
            between = self._text[at : group.start]
            if parts and not written:
                between = _cut(between, parts[-1])
            written += between
            if group.named and parts and not written:
                parts[-1].named += group.named
            elif group.named:
                parts.append(Part(written, group.start - len(written), list(group.named)))
                written = ""
            at = group.end
        return self._with_rest(entry, parts, written, at)

    def _with_rest(self, entry: Entry, parts: list[Part], written: str, at: int) -> tuple[list[Part], int]:
        """Adds what stands after the last bracket: to the task unless it begins a line of its own."""
        if not parts:
            return [Part((written + self._text[at : entry.end]).rstrip(), entry.body)], entry.end
        rest = written + self._text[at : entry.end]
        kept = rest if written else _cut(rest, parts[-1])
        if not kept:
            return parts, at
        start = entry.end - len(kept)
        if SUB_NUMBER.match(kept):
            self._warnings.add("sub-item-without-units", f"任务{entry.number}的子项没有责任单位。", start, entry.end)
        elif start in self._source.starts:
            if not CLOSING_REMARK.match(kept):
                message = f"任务{entry.number}的责任单位之后另有文字，未计入任务。"
                self._warnings.add("text-after-units", message, start, entry.end)
            return parts, at
        else:
            message = f"任务{entry.number}的责任单位之后另有文字，已计入任务。"
            self._warnings.add("text-after-units", message, start, entry.end)
        parts[-1].text += kept
        return parts, entry.end

    def _lead(self, entry: Entry, parts: Sequence[Part]) -> str:
        """What stands before the first of several sub-items with units of their own, which loses it."""
        if len(parts) == 1:
            return ""
        for found in FIRST_NUMBER.finditer(parts[0].text):
            at = found.start()
            if not at or parts[0].text[at - 1] in SENTENCE_ENDS or parts[0].start + at in self._source.starts:
                lead = parts[0].text[:at]
                parts[0].text = parts[0].text[at:]
                return lead
        return ""

    def _items(self, entry: Entry, parts: list[Part], preface: str) -> tuple[Item, ...]:
        """The items; what the lead says beyond the title goes before the first."""
        if len(parts) > 1 and not any(SUB_NUMBER.match(part.text) for part in parts):
            message = f"任务{entry.number}的责任单位分列多处，已合并。"
            self._warnings.add("units-in-several-places", message, entry.start, entry.body)
            parts = [Part("".join(part.text for part in parts), 0, [unit for part in parts for unit in part.named])]
        items = []
        for part in parts:
            text = part.text if len(parts) == 1 else self._without_number(entry, part)
            responsibilities = assign(part.named)
            items.append(Item(preface + text, responsibilities, self._zones.named_by(responsibilities)))
            preface = ""
        return tuple(items)

    def _without_number(self, entry: Entry, part: Part) -> str:
        """The sub-item's text; with all numbers when one before it has no units of its own."""
        own = SUB_NUMBER.match(part.text)
        if own is None:
            return part.text
        following = (
            found
            for found in SUB_NUMBER.finditer(part.text, own.end())
            if part.text[found.start() - 1] in SENTENCE_ENDS and number(found[1]) == number(own[1]) + 1
        )
        if next(following, None) is None:
            return part.text[own.end() :]
        message = f"任务{entry.number}的子项{own.group()}没有责任单位，已与后一子项合并。"
        self._warnings.add("sub-item-without-units", message, part.start, part.start + own.end())
        return part.text

    def _due(self, entry: Entry) -> str | None:
        days: dict[date, Deadline] = {}
        for deadline in (deadline for group in entry.groups for deadline in group.deadlines):
            due = dates.due(deadline.text)
            if not due.certain:
                shown = f"按{due.day.isoformat()}处理" if due.day else "未能识别"
                message = f"任务{entry.number}的完成时限“{deadline.text}”不明确，{shown}。"
                self._warnings.add("due-unclear", message, deadline.start, deadline.end)
            if due.day:
                days.setdefault(due.day, deadline)
        if len(days) > 1:
            message = f"任务{entry.number}有多个完成时限，取最晚的{max(days).isoformat()}。"
            self._warnings.add("due-differs", message, entry.start, entry.body)
        return max(days).isoformat() if days else None

    def _check(self, entry: Entry, title: str, parts: Sequence[Part]) -> None:
        place = (entry.start, entry.body)
        if not title:
            self._warnings.add("title-missing", f"任务{entry.number}没有标题。", *place)
        if not any(part.named for part in parts):
            self._warnings.add("no-units", f"任务{entry.number}没有责任单位。", *place)
        for part in parts:
            if part.named and all(unit.kind == "member" for unit in part.named):
                message = f"任务{entry.number}只写了配合单位，以第一个单位为牵头单位。"
                self._warnings.add("lead-guessed", message, part.named[0].start, part.named[0].end)
        for group in (group for group in entry.groups if not group.closed):
            self._warnings.add(
                "bracket-unclosed", f"任务{entry.number}的责任单位括号没有闭合。", group.start, group.end
            )


def _cut(between: str, before: Part) -> str:
    """What follows a bracket without the stop after it, which ends the text before the bracket if nothing else does."""
    stop = AFTER_BRACKET.match(between)
    end = stop.end() if stop else 0
    if between[:1] in ("。", "；") and not before.text.endswith(("。", "；", "！", "？")):
        before.text += between[0]
    return between[end:]


def _in_order(items: Sequence[Item]) -> Iterator[Responsibility]:
    """The items' units without repeats; the first item's keep their roles, so that the first one leads."""
    seen: set[str] = set()
    for place, item in enumerate(items):
        for part in item.responsibilities:
            if part.unit not in seen:
                yield part if place == 0 else Responsibility(part.unit, "member")
            seen.add(part.unit)
