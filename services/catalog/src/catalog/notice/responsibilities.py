"""The brackets that name units and deadlines: （牵头单位：A；配合单位：B、C；完成时限：2022年6月底前）."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from catalog.notice.brackets import closing
from catalog.notice.dates import is_time
from catalog.notice.model import Responsibility

Kind = Literal["lead", "named", "member", "due"]

LEAD = "牵头(?:责任)?(?:单位|部门)?|(?:主办|主责|第一责任)(?:单位|部门)"
NAMED = "责任(?:单位|部门|主体)|(?:实施|承办|落实|承担)(?:单位|部门)"
MEMBER = "配合(?:责任)?(?:单位|部门)?|(?:参与|参加|协办|协同|支持|协作)(?:单位|部门)"
DUE = "(?:完成|办结|推进)(?:时限|时间|期限|日期)|时限要求|时间节点|工作时限"
QUALIFIED = "(?:其他|其它|主要|省直|省级|市级)?"
OPENING = re.compile(rf"[（(〔【［\[]{QUALIFIED}(?:{LEAD}|{NAMED}|{MEMBER}|{DUE})[：:]")
LABEL = re.compile(
    rf"{QUALIFIED}(?:(?P<lead>{LEAD})|(?P<named>{NAMED})|(?P<member>{MEMBER})|(?P<due>{DUE}|时限|时间|期限))[：:]"
)
MARK = re.compile(r"[、，；,;（(）)〔【［\[〕】］\]“”‘’《》]")
NESTING = ("（(", "）)"), ("〔【［[", "〕】］]"), ("“", "”"), ("‘", "’"), ("《", "》")
AROUND = " 。．.、，；,;"
AND_OTHERS = re.compile(r"等(?:(?:有关|相关|各|省直)*(?:单位|部门))?$")
MARKED_ROLE = re.compile(r"[（(](牵头|配合)[）)]$")
ROLE_AFTER = re.compile(r"(?<=[一-鿿]{2})(牵头|配合)$")
"""Of all units of its clause: A、B牵头，C配合."""
ROLES: Mapping[str, Kind] = {"牵头": "lead", "配合": "member"}
LONGEST_UNCLOSED = 300


@dataclass(frozen=True)
class Named:
    """A unit where it is named in the repaired text, and under which label."""

    unit: str
    kind: Kind
    start: int
    end: int


@dataclass(frozen=True)
class Deadline:
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Group:
    """A responsibility bracket, the brackets included."""

    start: int
    end: int
    closed: bool
    named: tuple[Named, ...]
    deadlines: tuple[Deadline, ...]


def groups(text: str, stops: Iterable[int]) -> Iterator[Group]:
    """All responsibility brackets in order. One that is never closed ends before the next of the ``stops``."""
    openings = [found.start() for found in OPENING.finditer(text)]
    pairs = closing(text, set(openings).__contains__)
    bounds = sorted({*openings, *stops, len(text)})
    for start in openings:
        bound = min(bounds[bisect_right(bounds, start)], start + LONGEST_UNCLOSED)
        end = pairs.get(start, bound)
        parts = list(_parts(text, start + 1, end))
        named = tuple(part for part in parts if isinstance(part, Named))
        deadlines = tuple(part for part in parts if isinstance(part, Deadline))
        yield Group(start, end + 1 if start in pairs else end, start in pairs, named, deadlines)


def assign(named: Sequence[Named]) -> tuple[Responsibility, ...]:
    """The units' parts without repeats, those who lead first.

    All under 牵头单位 lead; without such a label the first unit does.
    """
    kind = next((kind for kind in ("lead", "named", "member") if any(part.kind == kind for part in named)), "")
    first = next((part for part in named if part.kind == kind), None)
    leads = {part.unit: None for part in named if part.kind == "lead" or part is first}
    members = {part.unit: None for part in named if part.unit not in leads}
    return (*(Responsibility(unit, "lead") for unit in leads), *(Responsibility(unit, "member") for unit in members))


def _parts(text: str, start: int, end: int) -> Iterator[Named | Deadline]:
    labels = list(LABEL.finditer(text, start, end))
    ends = [label.start() for label in labels[1:]] + [end]
    for label, until in zip(labels, ends, strict=True):
        kind: Kind = label.lastgroup  # type: ignore[assignment] # the groups bear the kinds' names
        if kind == "due":
            yield Deadline(text[label.end() : until].strip(AROUND), label.end(), until)
        else:
            yield from _names(text, label.end(), until, kind)


def _names(text: str, start: int, end: int, kind: Kind) -> Iterator[Named | Deadline]:
    clause: list[tuple[int, int]] = []
    for a, b in _pieces(text, start, end):
        clause.append((a, b))
        if b == end or text[b] != "、":
            after = ROLE_AFTER.search(text[a:b].strip(AROUND))
            own = ROLES[after[1]] if after else kind
            yield from (named for piece in clause for named in _named(text, *piece, own))
            clause = []


def _named(text: str, a: int, b: int, kind: Kind) -> Iterator[Named | Deadline]:
    written = text[a:b].strip(AROUND)
    place = text.index(written, a) if written else a
    name = AND_OTHERS.sub("", ROLE_AFTER.sub("", written))
    marked = MARKED_ROLE.search(name)
    own: Kind = ROLES[marked[1]] if marked else kind
    name = MARKED_ROLE.sub("", name)
    if is_time(name):
        yield Deadline(name, place, place + len(written))
    elif name:
        yield Named(name, own, place, place + len(written))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between separators that stand in no bracket or quotes; of these only balanced ones count."""
    content = text[start:end]
    balanced = [pair for pair in NESTING if _count(content, pair[0]) == _count(content, pair[1])]
    opening, closing_ = "".join(pair[0] for pair in balanced), "".join(pair[1] for pair in balanced)
    depth, at = 0, start
    for mark in MARK.finditer(text, start, end):
        if mark.group() in opening:
            depth += 1
        elif mark.group() in closing_:
            depth = max(0, depth - 1)
        elif not depth and mark.group() in "、，；,;":
            yield at, mark.start()
            at = mark.end()
    yield at, end


def _count(text: str, characters: str) -> int:
    return sum(text.count(character) for character in characters)
