"""What may be a heading: 一、…专项推进行动计划, （一）…, a title, 附件. Which of them are, ``outline`` decides."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog.notice.numerals import number
from catalog.notice.repair import Repaired

SENTENCE_ENDS = "。；;！？!?）)】］]〕：:”"
BOUNDARY = re.compile(rf"[{re.escape(SENTENCE_ENDS)}]")
NUMBER = re.compile(r"(?<![0-9０-９.．])([0-9０-９]{1,4})[．.、]")
ENUMERATED = re.compile(r"([一二三四五六七八九十]{1,3})[、．.]|[（(]([一二三四五六七八九十]{1,3})[）)]")
ANNEX = re.compile(r"附件(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,2}(?![、．.]))?")
NAME_ENDS = re.compile(r"[。；：:！？《》“”]|[0-9０-９]{1,4}[．.、](?![0-9０-９])")
NO_TITLE = re.compile(rf"[，。；：:、《》“”？！]|{ENUMERATED.pattern}|^[^（(]*[）)]|^\d")
TITLE = re.compile(r"实施方案|行动计划方案|行动计划|行动方案|工作方案|建设方案")
PLAN_NAMES = (re.compile(r".*(?:计划|方案)$"), re.compile(r".*专项(?:行动|工程)?$"))
RUN_ON = re.compile(r"[^，、（(]{2,30}?(?:专项(?:推进)?行动(?:计划|方案)|建设实施方案)")
COUNTED = re.compile(r"(?:[0-9０-９]+|[一二三四五六七八九十两几]+|[NＮ]|若干|各)(?:个|大|项)")
BLAND = re.compile(r"专项|推进|行动|计划|实施|方案|工作|建设|重点|主要|全面|启动|组织|制定|片区|扎实")
NOTE = re.compile(r"[（(]([^（()）]{1,30})[）)]$")
LONGEST_NAME, MOST_LINES = 80, 4


@dataclass(frozen=True)
class Heading:
    """``level`` is 0 for titles and annexes, 1 for 一、 and 2 for （一）; ``note`` is the bracket after the name."""

    start: int
    end: int
    level: int
    number: int
    name: str
    note: str
    is_plan: bool


def headings(source: Repaired) -> Iterator[Heading]:
    """By place, without overlaps."""
    after, titles = 0, list(_title_ends(source))
    for at in sorted(source.starts | {found.end() for found in BOUNDARY.finditer(source.text)}):
        found = None
        if at >= after:
            found = _annex(source, at) or _enumerated(source, at) or _title(source, at, titles)
        if found:
            after = found.end
            yield found


def _annex(source: Repaired, at: int) -> Heading | None:
    found = ANNEX.match(source.text, at) if at in source.starts else None
    return found and Heading(at, found.end(), 0, 0, "", "", is_plan=False)


def _enumerated(source: Repaired, at: int) -> Heading | None:
    found = ENUMERATED.match(source.text, at)
    if found is None:
        return None
    level, value = (1, found[1]) if found[1] else (2, found[2])
    start = found.end()
    window = source.text[start : start + LONGEST_NAME]
    cut = NAME_ENDS.search(window)
    last = cut.start() if cut else len(window)
    lines = [end for end in range(1, last) if start + end in source.starts]
    ends = [*lines[:MOST_LINES], last]
    name, note, end = _plan_name(window, ends) or ("", "", 0)
    if name:
        return Heading(at, start + end, level, number(value), name, note, is_plan=True)
    return Heading(at, start + ends[0], level, number(value), window[: ends[0]], "", is_plan=False)


def _plan_name(window: str, ends: list[int]) -> tuple[str, str, int] | None:
    """The plan's name with which the window begins, the bracket after it, and where they end.

    It ends with a line, with the sentence or before a task's number; one that is cut into lines goes on.
    """
    for pattern in PLAN_NAMES:
        for end in ends:
            note = NOTE.search(window[:end])
            name = window[: note.start() if note else end]
            if pattern.match(name) and _names_one(name):
                return name, note[1] if note else "", end
    run_on = RUN_ON.match(window[: ends[-1]])
    return (run_on.group(), "", run_on.end()) if run_on and _names_one(run_on.group()) else None


def _names_one(name: str) -> bool:
    """Whether this names a plan, and neither counts plans nor speaks of them in general."""
    return not COUNTED.search(name) and len(BLAND.sub("", name)) >= 2


def _title(source: Repaired, at: int, ends: Sequence[int]) -> Heading | None:
    """The title of a plan without a number; a line that ends with a date or an office before it is no part of it."""
    text, place = source.text, bisect_left(ends, at + 2)
    end = ends[place] if place < len(ends) else at + LONGEST_NAME
    if end - at >= LONGEST_NAME or NO_TITLE.search(text[at:end]):
        return None
    lines = (line for line in range(at + 1, end) if line in source.starts and text[line - 1] in "日府厅")
    start = max(lines, default=at)
    return Heading(start, end, 0, 0, text[start:end], "", is_plan=not COUNTED.search(text[start:end]))


def _title_ends(source: Repaired) -> Iterator[int]:
    """Where a title may end: with its line, or before a number or chapter."""
    text = source.text
    for found in TITLE.finditer(text):
        end = found.end()
        if end == len(text) or end in source.starts or NUMBER.match(text, end) or ENUMERATED.match(text, end):
            yield end
