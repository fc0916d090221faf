"""Where a notice's headings and numbered entries begin and end, in its repaired text."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from catalog.notice.headings import NUMBER, SENTENCE_ENDS, Heading, headings
from catalog.notice.numerals import ANY, number
from catalog.notice.repair import Repaired
from catalog.notice.responsibilities import Group, groups

ANNOUNCED = re.compile(rf"({ANY})项(?:[（(]({ANY})个子项[）)])?(?:重点|主要|具体)?(?:工作任务|任务|工作)[。；]?$")
LONGEST_ANNOUNCED = 24


@dataclass
class Entry:
    """Something numbered, with the responsibility brackets in it. ``heading`` is the place of its heading, or -1."""

    number: int
    start: int
    body: int
    heading: int
    end: int = 0
    groups: list[Group] = field(default_factory=list)


@dataclass(frozen=True)
class Outline:
    """``stray`` are responsibility brackets outside of all entries."""

    headings: Sequence[Heading]
    entries: Sequence[Entry]
    stray: Sequence[Group]


@dataclass(frozen=True)
class Number:
    """What may be an entry's number."""

    start: int
    end: int
    value: int


def outline(source: Repaired) -> Outline:
    """Reads the text once from its beginning: what is a number or a heading depends on what came before."""
    numbers = [Number(found.start(), found.end(), number(found[1])) for found in NUMBER.finditer(source.text)]
    possible = list(headings(source))
    stops = [found.start for found in numbers if found.start in source.starts] + [found.start for found in possible]
    brackets = list(groups(source.text, stops))
    reader = _Reader(source, [found.start for found in numbers], [group.start for group in brackets])
    events: list[Number | Heading | Group] = [*numbers, *possible, *brackets]
    for event in sorted(events, key=attrgetter("start")):
        reader.take(event)
    return reader.result()


class _Reader:
    def __init__(self, source: Repaired, numbers: Sequence[int], brackets: Sequence[int]) -> None:
        self._source, self._text = source, source.text
        self._numbers, self._brackets = numbers, brackets
        self._headings: list[Heading] = []
        self._entries: list[Entry] = []
        self._stray: list[Group] = []
        self._open: Entry | None = None
        self._last = 0
        self._fresh = True
        self._complete = 0

    def take(self, event: Number | Heading | Group) -> None:
        if isinstance(event, Group):
            self._take_group(event)
        elif isinstance(event, Heading):
            if self._is_heading(event):
                self._close(event.start)
                self._headings.append(event)
                self._fresh, self._complete = True, event.end
        elif event.start >= self._complete and self._is_entry(event):
            self._close(event.start)
            self._open = Entry(event.value, event.start, event.end, len(self._headings) - 1)
            self._entries.append(self._open)
            self._fresh, self._last = False, event.value

    def result(self) -> Outline:
        self._close(len(self._text))
        return Outline(self._headings, self._entries, self._stray)

    def _take_group(self, group: Group) -> None:
        (self._stray if self._open is None else self._open.groups).append(group)
        self._complete = group.end

    def _close(self, at: int) -> None:
        if self._open:
            self._open.end = at
            self._open = None

    def _is_heading(self, heading: Heading) -> bool:
        """Within an entry that still waits for its units only what stands out can be a heading."""
        if self._open is None:
            return True
        if self._open.groups or self._follows_what_is_complete(heading.start):
            return heading.is_plan or heading.level < 2 or not self._is_sub_item(heading)
        stands_out = heading.start in self._source.starts and self._text[heading.start - 1] in SENTENCE_ENDS
        if heading.is_plan and heading.level:
            return stands_out or NUMBER.match(self._text, heading.end) is not None
        return stands_out and heading.level < 2

    def _is_sub_item(self, heading: Heading) -> bool:
        """Whether units come after it before any number does."""
        return _next(self._brackets, heading.start) < _next(self._numbers, heading.start)

    def _is_entry(self, found: Number) -> bool:
        expected = found.value == self._last + 1 or (self._fresh and found.value == 1)
        after_sentence = found.start == 0 or self._text[found.start - 1] in SENTENCE_ENDS
        at_line = found.start in self._source.starts
        if self._follows_what_is_complete(found.start):
            return expected or not self._goes_on_as_number(found.end)
        if self._text[found.end : found.end + 1].isdecimal():
            decimal = self._text[found.end - 1] == "." and not self._source.apart(found.end)
            return expected and after_sentence and at_line and not decimal
        if at_line:
            return found.value >= self._last if after_sentence else expected and self._text[found.end - 1] != "、"
        return after_sentence and expected

    def _goes_on_as_number(self, end: int) -> bool:
        """Whether it is rather the first half of 2.17 or of 1、2."""
        return self._text[end : end + 1].isdecimal() and not self._source.apart(end)

    def _follows_what_is_complete(self, at: int) -> bool:
        if at - self._complete <= 3 and not self._text[self._complete : at].strip("。；;，,"):
            return True
        start = max(self._open.body if self._open else at, at - LONGEST_ANNOUNCED)
        return ANNOUNCED.search(self._text[start:at]) is not None


def _next(places: Sequence[int], after: int) -> int | float:
    found = bisect_left(places, after)
    return places[found] if found < len(places) else float("inf")
