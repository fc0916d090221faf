"""What a plan that is being written consists of, and how it becomes a notice like any other. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from catalog.editions.rules import Role, Task
from catalog.plans.rules import Plan
from chassis.problems import DomainError

MOST_TASKS = 500
MOST_UNITS = 50
LONGEST_TEXT = 10_000
LARGEST_NUMBER = 10_000

State = Literal["new", "changed", "unchanged"]


class Status(StrEnum):
    """无未发布改动、编制中、已提交、已退回."""

    PUBLISHED = "published"
    WRITTEN = "written"
    SUBMITTED = "submitted"
    RETURNED = "returned"


class Capacity(StrEnum):
    """编制单位、省自贸办."""

    WRITER = "writer"
    PROVINCE = "province"


class Action(StrEnum):
    """编制、提交、放弃、退回、发布."""

    WRITE = "write"
    SUBMIT = "submit"
    DISCARD = "discard"
    RETURN = "return"
    PUBLISH = "publish"


_BEGINNING = {Action.WRITE: Status.WRITTEN}
_WRITING = {Action.WRITE: Status.WRITTEN, Action.SUBMIT: Status.SUBMITTED, Action.DISCARD: Status.PUBLISHED}
_DECIDING = {Action.RETURN: Status.RETURNED, Action.PUBLISH: Status.PUBLISHED}
_AGAIN = _WRITING | {Action.WRITE: Status.RETURNED}
TABLE: Mapping[Status, Mapping[Capacity, Mapping[Action, Status]]] = {
    Status.PUBLISHED: dict.fromkeys(Capacity, _BEGINNING),
    Status.WRITTEN: dict.fromkeys(Capacity, _WRITING),
    Status.SUBMITTED: {Capacity.WRITER: _WRITING, Capacity.PROVINCE: _WRITING | _DECIDING},
    Status.RETURNED: dict.fromkeys(Capacity, _AGAIN),
}
"""Who may do what with a plan, and where that leads. A draft is returned and published as an edition; the province may
write every plan, and returns those of zones only. Remarks stand until the plan is submitted anew.
"""


def status(*, begun: bool, submitted: bool, returned: bool) -> Status:
    if submitted:
        return Status.SUBMITTED
    if returned:
        return Status.RETURNED
    return Status.WRITTEN if begun else Status.PUBLISHED


def actions(stands: Status, capacity: Capacity, *, begun: bool, holds_tasks: bool) -> list[Action]:
    """What may be done with the manuscript itself: one without tasks that never had any is not submitted."""
    possible = {Action.WRITE} | ({Action.DISCARD} if begun else set())
    possible |= {Action.SUBMIT} if begun and holds_tasks else set()
    return [action for action in Action if action in TABLE[stands][capacity] and action in possible]


@dataclass(frozen=True)
class Part:
    """A unit by the name under which it was written down, and its part."""

    unit: str
    role: Role


@dataclass(frozen=True)
class Entry:
    """A task as it is being written. ``code`` is that of the published task which it continues."""

    number: int
    title: str
    text: str
    responsibilities: tuple[Part, ...]
    due: date | None = None
    code: str | None = None


@dataclass(frozen=True)
class Manuscript:
    """A plan with the tasks that it is to have, by number. ``begun``: somebody wrote, else it is as it is published."""

    plan: Plan
    entries: tuple[Entry, ...]
    version: int
    begun: bool


class Unsound(DomainError):
    """Tasks that cannot stand beside each other; ``pointer`` says where."""

    status = 422
    slug = "invalid"

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer


class Empty(DomainError):
    slug = "empty-manuscript"

    def __init__(self) -> None:
        super().__init__("方案中还没有任务，不能提交。")


class NotBegun(DomainError):
    slug = "manuscript-not-begun"

    def __init__(self) -> None:
        super().__init__("该方案没有未发布的改动。")


def must_be_begun(manuscript: Manuscript) -> None:
    """Raises NotBegun for a plan that stands as it is published."""
    if not manuscript.begun:
        raise NotBegun


def check(entries: Sequence[Entry], taken: Collection[int] = ()) -> None:
    """Raises Unsound for a number that stands twice or is ``taken``, a unit twice, and a task that nobody leads."""
    numbers: set[int] = set()
    for place, entry in enumerate(entries):
        if entry.number in numbers:
            raise Unsound(f"/body/tasks/{place}/number", f"编号 {entry.number} 重复")
        if entry.number in taken:
            raise Unsound(f"/body/tasks/{place}/number", f"编号 {entry.number} 已是其他专项行动计划的任务")
        numbers.add(entry.number)
        if problem := unsound(entry.responsibilities):
            raise Unsound(f"/body/tasks/{place}/responsibilities", problem)


def unsound(parts: Sequence[Part]) -> str | None:
    """Why these units cannot have a task together."""
    if not any(part.role == "lead" for part in parts):
        return "至少要有一个牵头单位"
    names = [part.unit for part in parts]
    twice = next((name for name in names if names.count(name) > 1), None)
    return f"单位“{twice}”重复" if twice else None


def kept(entries: Sequence[Entry], known: Sequence[Entry]) -> tuple[Entry, ...]:
    """By number, each with a code that ``known`` has, once; what continues nothing has none."""
    free = {entry.code for entry in known if entry.code}
    found: list[Entry] = []
    for entry in sorted(entries, key=lambda entry: entry.number):
        code = entry.code if entry.code in free else None
        free.discard(code or "")
        found.append(Entry(**vars(entry) | {"code": code}))
    return tuple(found)


def of_published(tasks: Sequence[Task], names: Mapping[str, str]) -> tuple[Entry, ...]:
    """Published tasks to go on from; ``names`` are the units' names by code."""
    return tuple(
        Entry(
            task.number,
            task.title,
            task.text,
            tuple(Part(names[part.unit], part.role) for part in task.responsibilities),
            task.due,
            task.code,
        )
        for task in tasks
    )


def state(entry: Entry, known: Sequence[Entry]) -> State:
    before = next((one for one in known if one.number == entry.number), None)
    if before is None:
        return "new"
    return "unchanged" if Entry(**vars(entry) | {"code": before.code}) == before else "changed"


def changes(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The tasks that differ, by number, as they were and as they are."""
    old, new = ({str(entry.number): stored(entry) for entry in entries} for entries in (before, after))
    return (
        {number: entry for number, entry in old.items() if new.get(number) != entry},
        {number: entry for number, entry in new.items() if old.get(number) != entry},
    )


def stored(entry: Entry) -> dict[str, Any]:
    """In the shapes of JSON."""
    parts = [{"unit": part.unit, "role": part.role} for part in entry.responsibilities]
    due = entry.due.isoformat() if entry.due else None
    return {**vars(entry), "responsibilities": parts, "due": due}


def restored(entry: Mapping[str, Any]) -> Entry:
    """What ``stored`` was made of."""
    parts = tuple(Part(part["unit"], part["role"]) for part in entry["responsibilities"])
    due = date.fromisoformat(entry["due"]) if entry["due"] else None
    return Entry(**{**entry, "responsibilities": parts, "due": due})


def notice(manuscript: Manuscript, published: Sequence[Task], names: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """The manuscript as a notice (``Notice.as_dict``) and the text that it says. Raises Empty when neither it
    nor the published plan has a task; without any it takes all published ones out of the catalog.

    A task that continues a published one with the same text and units keeps its sub-items.
    """
    if not manuscript.entries and not published:
        raise Empty
    by_code = {task.code: task for task in published}
    plan = {**vars(manuscript.plan), "zones": list(manuscript.plan.zones), "aspects": None}
    text = f"{manuscript.plan.name}\n"
    tasks = []
    for entry in manuscript.entries:
        said = _said(entry)
        source = {"start": len(text), "end": len(text) + len(said)}
        text += said + "\n"
        items = list(_items(entry, by_code.get(entry.code or ""), names))
        tasks.append({**stored(entry), "plan": manuscript.plan.number, "items": items, "source": source})
    return {"plans": [plan], "tasks": tasks, "zones": [], "warnings": []}, text


def _said(entry: Entry) -> str:
    units = "、".join(part.unit + ("（牵头）" if part.role == "lead" else "") for part in entry.responsibilities)
    due = f"（完成时限：{entry.due}）" if entry.due else ""
    return f"{entry.number}．{entry.title}。{entry.text}（责任单位：{units}）{due}"


def _items(entry: Entry, before: Task | None, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    parts = stored(entry)["responsibilities"]
    same = before and (before.text, of_published([before], names)[0].responsibilities)
    if before is None or same != (entry.text, entry.responsibilities):
        yield {"text": entry.text or f"{entry.title}。", "responsibilities": parts}
        return
    for item in before.items:
        own = [{"unit": names[part.unit], "role": part.role} for part in item.responsibilities]
        yield {"text": item.text, "responsibilities": own}
