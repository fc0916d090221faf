"""What a notice says. Offsets are code points of the text as ``files.read`` gives it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from catalog.editions.rules import Role
from catalog.plans.rules import Kind

WarningCode = Literal[
    "no-units",
    "number-missing",
    "number-twice",
    "number-out-of-order",
    "unit-nearly-known",
    "count-differs",
    "plan-missing",
    "plan-without-tasks",
    "plan-number-twice",
    "plan-guessed",
    "title-missing",
    "lead-guessed",
    "sub-item-without-units",
    "units-in-several-places",
    "units-without-task",
    "text-after-units",
    "entries-ignored",
    "bracket-unclosed",
    "due-unclear",
    "due-differs",
    "page-number-removed",
    "unreadable-character",
]


class NoticeError(Exception):
    """A file that is no notice of this kind; the message tells the user why."""


@dataclass(frozen=True)
class Warn:
    """Something that a person should look at."""

    code: WarningCode
    message: str
    start: int
    end: int


@dataclass(frozen=True)
class Responsibility:
    """``unit`` is the name as the notice writes it, repaired."""

    unit: str
    role: Role


@dataclass(frozen=True)
class Item:
    """A sub-item that has units of its own, or the whole task. ``zones`` are those whose city is among the units."""

    text: str
    responsibilities: tuple[Responsibility, ...]
    zones: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    start: int
    end: int


@dataclass(frozen=True)
class Task:
    """A task (任务); ``plan`` is its plan's number, ``due`` an ISO date."""

    number: int
    plan: int
    title: str
    items: tuple[Item, ...]
    responsibilities: tuple[Responsibility, ...]
    zones: tuple[str, ...]
    due: str | None
    source: Source


@dataclass(frozen=True)
class Plan:
    """A plan (计划、方案). Special ones keep the number of their heading; the others follow, so numbers are unique.

    ``aspects`` and ``announced_tasks`` count what the notice announces of it (8个方面24项重点工作).
    """

    number: int
    name: str
    kind: Kind
    zone: str | None = None
    aspects: int | None = None
    announced_tasks: int | None = None


@dataclass(frozen=True)
class Zone:
    """A zone (片区) that the notice describes."""

    code: str
    name: str
    city: str
    area_km2: float | None = None
    bonded_area_km2: float | None = None
    positioning: str = ""
    industries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    plans: Sequence[Plan]
    tasks: Sequence[Task]
    zones: Sequence[Zone]
    warnings: Sequence[Warn]

    def as_dict(self) -> dict[str, Any]:
        """The notice in the shapes of JSON."""
        return asdict(self)
