"""What an edition consists of, and how two of them differ. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from chassis.problems import DomainError

Role = Literal["lead", "member"]
LONGEST_CLAUSE = 400
MOST_CLAUSES = 500


@dataclass(frozen=True)
class Responsibility:
    """``unit`` is a unit's code."""

    unit: str
    role: Role


@dataclass(frozen=True)
class Item:
    """A sub-item of a task, or the whole task when it has none."""

    text: str
    responsibilities: tuple[Responsibility, ...]


@dataclass(frozen=True)
class Source:
    """Where a task stands in its notice: code points of the original text, and what stands there."""

    document: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Task:
    """A task as an edition has it. Its ``source`` does not count when two are compared."""

    code: str
    plan: str
    number: int
    title: str
    text: str
    items: tuple[Item, ...]
    responsibilities: tuple[Responsibility, ...]
    due: date | None
    source: Source = field(compare=False)


@dataclass(frozen=True)
class Words:
    """A stretch of a changed text: kept (``equal``), new (``insert``) or gone (``delete``)."""

    op: Literal["equal", "insert", "delete"]
    text: str


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str
    words: tuple[Words, ...]


@dataclass(frozen=True)
class ChangedTask:
    before: Task
    after: Task
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Comparison:
    """Tasks of a later edition against an earlier one, in the order of their codes' plans and numbers."""

    new: tuple[Task, ...]
    changed: tuple[ChangedTask, ...]
    gone: tuple[Task, ...]

    @property
    def empty(self) -> bool:
        return not (self.new or self.changed or self.gone)


class StaleDraft(DomainError):
    """What the draft would replace was published anew after it was drafted."""

    slug = "stale-draft"

    def __init__(self) -> None:
        super().__init__("该草案起草之后，同一计划已有新版本发布；请重新确认导入，再发布。")


class AlreadyPublished(DomainError):
    slug = "already-published"

    def __init__(self, number: int) -> None:
        super().__init__(f"第 {number} 版已经发布。")


class AlreadyReturned(DomainError):
    slug = "already-returned"

    def __init__(self) -> None:
        super().__init__("该草案已退回片区，修改后重新提交的是新的草案。")


class NobodysToReturn(DomainError):
    """A draft of the province itself has nobody to go back to."""

    slug = "not-returnable"

    def __init__(self) -> None:
        super().__init__("只有片区提交的实施方案可以退回。")


def must_be_draft(number: int | None, returned: bool) -> None:
    """What is published or returned is no draft any more."""
    if number is not None:
        raise AlreadyPublished(number)
    if returned:
        raise AlreadyReturned


def must_be_returnable(number: int | None, returned: bool, tenant: str | None) -> None:
    must_be_draft(number, returned)
    if tenant is None:
        raise NobodysToReturn


def compare(before: Mapping[str, Task], after: Mapping[str, Task], names: Mapping[str, str]) -> Comparison:
    """How ``after`` differs from ``before``; both by code. ``names`` are the units' names by code."""
    changed = [
        ChangedTask(before[code], task, changes(before[code], task, names))
        for code, task in after.items()
        if code in before and before[code] != task
    ]
    return Comparison(
        new=tuple(task for code, task in after.items() if code not in before),
        changed=tuple(changed),
        gone=tuple(task for code, task in before.items() if code not in after),
    )


def changes(before: Task, after: Task, names: Mapping[str, str]) -> tuple[Change, ...]:
    """The fields that differ, each with the words that changed."""
    shown = {
        "plan": (before.plan, after.plan),
        "number": (str(before.number), str(after.number)),
        "title": (before.title, after.title),
        "text": (before.text, after.text),
        "units": (_units(before.responsibilities, names), _units(after.responsibilities, names)),
        "items": (_items(before.items, names), _items(after.items, names)),
        "due": (_day(before.due), _day(after.due)),
    }
    found = [Change(name, old, new, words(old, new)) for name, (old, new) in shown.items() if old != new]
    told = {change.field for change in found}
    return tuple(change for change in found if change.field != "items" or told.isdisjoint({"text", "units"}))


def words(before: str, after: str) -> tuple[Words, ...]:
    """The texts side by side: first clause by clause, then character by character within what differs."""
    old, new = _clauses(before), _clauses(after)
    if max(len(old), len(new)) > MOST_CLAUSES:
        return _merged(_ends(before, after))
    stretches: list[Words] = []
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            stretches.append(Words("equal", "".join(old[a:b])))
        else:
            stretches.extend(_characters("".join(old[a:b]), "".join(new[c:d])))
    return _merged(stretches)


def _clauses(text: str) -> list[str]:
    return re.findall(r"[^，。；：、！？\n]*[，。；：、！？\n]|[^，。；：、！？\n]+", text)


def _characters(old: str, new: str) -> Iterable[Words]:
    if max(len(old), len(new)) > LONGEST_CLAUSE:
        yield from _ends(old, new)
        return
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            yield Words("equal", old[a:b])
        else:
            yield from _replaced(old[a:b], new[c:d])


def _ends(old: str, new: str) -> Iterable[Words]:
    """What both begin and end with stays; all between is replaced. For texts too long to compare closely."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    yield Words("equal", old[:head])
    yield from _replaced(old[head : len(old) - tail], new[head : len(new) - tail])
    yield Words("equal", old[len(old) - tail :])


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _replaced(old: str, new: str) -> Iterable[Words]:
    if old:
        yield Words("delete", old)
    if new:
        yield Words("insert", new)


def _merged(stretches: Iterable[Words]) -> tuple[Words, ...]:
    return tuple(
        Words(op, "".join(stretch.text for stretch in same))
        for op, same in groupby((part for part in stretches if part.text), key=lambda part: part.op)
    )


def _units(responsibilities: Sequence[Responsibility], names: Mapping[str, str]) -> str:
    return "、".join(
        names.get(item.unit, item.unit) + ("（牵头）" if item.role == "lead" else "") for item in responsibilities
    )


def _items(items: Sequence[Item], names: Mapping[str, str]) -> str:
    return "\n".join(f"{item.text}（{_units(item.responsibilities, names)}）" for item in items)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
